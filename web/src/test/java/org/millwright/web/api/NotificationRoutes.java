package org.millwright.web.api;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.millwright.egress.Destinations;
import org.millwright.monitor.Line;
import org.millwright.notification.Channels;
import org.millwright.notification.Mailer;
import org.millwright.notification.NotificationSettings;
import org.millwright.notification.Notifications;
import org.millwright.notification.Silences;
import org.millwright.web.ui.ChannelPages;
import org.millwright.web.ui.Forms;
import org.millwright.web.ui.Ui;

/** Routes over the rooms that tell of a line's alerts; this machine may be sent to. */
record NotificationRoutes(AlertRoutes alerts, ChannelRoutes channels, ChannelPages pages) {
    static NotificationRoutes over(Line line, Path folder) {
        var settings = new NotificationSettings(
                Optional.empty(),
                new Destinations(Set.of("127.0.0.1")),
                Duration.ZERO,
                Duration.ofSeconds(5),
                3,
                Duration.ofSeconds(1));
        Mailer noMail = (server, mail) -> {
            throw new java.io.IOException("no mail in this test");
        };
        var access = line.users.access();
        var channels = new Channels(
                line.database,
                line.ledger(),
                access,
                line.projects,
                settings,
                noMail,
                () -> "http://127.0.0.1",
                folder.resolve("channels.key"),
                line.clock,
                line.ids);
        var silences = new Silences(line.database, line.ledger(), access, name -> "delays", line.clock, line.ids);
        var notifications = new Notifications(
                line.database,
                line.ledger(),
                access,
                line.projects,
                line.alerts,
                channels,
                silences,
                settings,
                line.clock,
                line.ids);
        return new NotificationRoutes(
                new AlertRoutes(line.alerts, notifications, silences, line.users, line.clock),
                new ChannelRoutes(channels, line.users),
                new ChannelPages(new Ui(), channels, silences, line.users, new Forms(), line.clock));
    }
}

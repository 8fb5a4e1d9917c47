package org.millwright.app;

import java.util.function.Supplier;
import org.millwright.engines.mail.SmtpMailer;
import org.millwright.factory.Outbox;
import org.millwright.factory.Telling;
import org.millwright.identity.Actor;
import org.millwright.notification.Channels;
import org.millwright.notification.Deliverer;
import org.millwright.notification.NotificationSettings;
import org.millwright.notification.Notifications;
import org.millwright.notification.Silences;
import org.millwright.serving.Deployment;

/** Who is told of alerts, and what sends it. */
final class Notifying implements AutoCloseable {
    final Channels channels;
    final Silences silences;
    final Notifications notifications;
    private final Deliverer deliverer;

    /**
     * @param rooms those below, built
     * @param address URL of the pages, once the server listens
     */
    Notifying(Rooms rooms, NotificationSettings settings, Supplier<String> address) {
        var access = rooms.users.access();
        channels = new Channels(
                rooms.database,
                rooms.ledger,
                access,
                rooms.projects,
                settings,
                new SmtpMailer(settings.destinations(), settings.timeout(), rooms.clock),
                address,
                rooms.data.resolve("keys/channels.key"),
                rooms.clock,
                rooms.ids);
        silences = new Silences(
                rooms.database, rooms.ledger, access, name -> project(rooms, name), rooms.clock, rooms.ids);
        notifications = new Notifications(
                rooms.database,
                rooms.ledger,
                access,
                rooms.projects,
                rooms.alerts,
                channels,
                silences,
                settings,
                rooms.clock,
                rooms.ids);
        deliverer = new Deliverer(
                rooms.database,
                rooms.ledger,
                rooms.users,
                rooms.alerts,
                channels,
                notifications,
                settings,
                rooms.clock);
    }

    /** The project of a deployment, also of one that is only watched. */
    private static String project(Rooms rooms, String deployment) {
        return rooms.deployments
                .find(deployment)
                .map(Deployment::project)
                .orElseGet(() -> rooms.monitor.watched(Actor.SYSTEM, deployment).project());
    }

    void register(Outbox outbox) {
        new Telling(notifications, deliverer).register(outbox);
    }

    void start() {
        deliverer.start();
    }

    @Override
    public void close() throws InterruptedException {
        deliverer.close();
    }
}

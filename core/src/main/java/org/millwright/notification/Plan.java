package org.millwright.notification;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.millwright.monitor.Alert;
import org.millwright.notification.Notice.Event;

/** Who is to be told of an alert as it stands. Pure, and the same answer however often it is asked. */
final class Plan {
    private Plan() {}

    /**
     * The notices that are missing; of a quiet alert none ever is.
     *
     * @param channels all that there are
     * @param known notices of this alert
     * @param silences those that are, and those that were
     */
    static List<Notice> missing(
            Alert alert, List<Channel> channels, List<Notice> known, List<Silence> silences, long now) {
        var missing = new ArrayList<Notice>();
        if (alert.quiet()) {
            return missing;
        }
        for (Channel channel : channels) {
            List<Notice> its = known.stream()
                    .filter(notice -> notice.channelId().equals(channel.id()))
                    .toList();
            if (its.stream().anyMatch(Notice::dropped)) {
                continue;
            }
            Set<Event> had = EnumSet.noneOf(Event.class);
            its.forEach(notice -> had.add(notice.event()));
            for (Event event : events(alert, channel, had, silences, now)) {
                missing.add(
                        new Notice(alert.id(), event, channel.id(), alert.deployment(), now, true, Optional.empty()));
            }
        }
        return missing;
    }

    private static List<Event> events(Alert alert, Channel channel, Set<Event> had, List<Silence> silences, long now) {
        var events = new ArrayList<Event>();
        boolean heard = had.stream().anyMatch(Event::first);
        if (!heard && channel.takes(alert)) {
            first(alert, channel, silences, now).ifPresent(events::add);
        }
        if (!heard && events.isEmpty()) {
            return events;
        }
        boolean looksAfter = channel.kind() != Channel.Kind.ALERTMANAGER;
        if (looksAfter && alert.acknowledged().isPresent() && !had.contains(Event.ACKNOWLEDGED)) {
            events.add(Event.ACKNOWLEDGED);
        }
        if (!alert.isOpen() && !had.contains(Event.RESOLVED)) {
            events.add(Event.RESOLVED);
        }
        return events;
    }

    private static Optional<Event> first(Alert alert, Channel channel, List<Silence> silences, long now) {
        if (channel.escalatesAfter().isZero()) {
            return Optional.of(Event.RAISED);
        }
        boolean late = alert.state() == Alert.State.OPEN
                && !isSilenced(alert, silences, now)
                && now - audibleSince(alert, silences, now)
                        >= channel.escalatesAfter().toMillis();
        return late ? Optional.of(Event.ESCALATED) : Optional.empty();
    }

    static boolean isSilenced(Alert alert, List<Silence> silences, long now) {
        return silences.stream().anyMatch(silence -> silence.isActive(now) && silence.covers(alert));
    }

    /** When people could first hear of it: the time that it was silenced for does not count against them. */
    private static long audibleSince(Alert alert, List<Silence> silences, long now) {
        return Math.max(
                alert.raisedAt(),
                silences.stream()
                        .filter(silence -> silence.covers(alert) && silence.until() <= now)
                        .mapToLong(Silence::until)
                        .max()
                        .orElse(alert.raisedAt()));
    }
}

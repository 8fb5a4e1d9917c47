package org.millwright.notification;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.millwright.alert.Alert;
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
     * @param within time in which somebody has to look after it, as agreed about the model; empty when nothing is
     */
    static List<Notice> missing(
            Alert alert,
            List<Channel> channels,
            List<Notice> known,
            List<Silence> silences,
            Optional<Duration> within,
            long now) {
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
            for (Event event : events(alert, channel, had, silences, within, now)) {
                missing.add(new Notice(alert.id(), event, channel.id(), alert.subject(), now, true, Optional.empty()));
            }
        }
        return missing;
    }

    private static List<Event> events(
            Alert alert, Channel channel, Set<Event> had, List<Silence> silences, Optional<Duration> within, long now) {
        var events = new ArrayList<Event>();
        boolean heard = had.stream().anyMatch(Event::first);
        boolean overdue =
                within.filter(time -> isIgnored(alert, time, silences, now)).isPresent();
        if (!heard && channel.takes(alert)) {
            first(alert, channel, silences, now)
                    .or(() -> overdue ? Optional.of(Event.ESCALATED) : Optional.empty())
                    .ifPresent(events::add);
        } else if (heard && overdue && looksAfter(channel) && !had.contains(Event.ESCALATED)) {
            events.add(Event.ESCALATED);
        }
        if (!heard && events.isEmpty()) {
            return events;
        }
        if (looksAfter(channel) && alert.acknowledged().isPresent() && !had.contains(Event.ACKNOWLEDGED)) {
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
        return isIgnored(alert, channel.escalatesAfter(), silences, now)
                ? Optional.of(Event.ESCALATED)
                : Optional.empty();
    }

    /** An Alertmanager has people and times of its own. */
    private static boolean looksAfter(Channel channel) {
        return channel.kind() != Channel.Kind.ALERTMANAGER;
    }

    /** Whether nobody has said for so long that they look after it. */
    private static boolean isIgnored(Alert alert, Duration time, List<Silence> silences, long now) {
        return alert.state() == Alert.State.OPEN
                && !isSilenced(alert, silences, now)
                && now - audibleSince(alert, silences, now) >= time.toMillis();
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

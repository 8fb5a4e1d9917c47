package org.millwright.project;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.Set;

/**
 * A time of the week.
 *
 * @param days on which it begins
 * @param from first moment
 * @param to first moment after it; on the next day when it is not after {@code from}
 */
public record Hours(Set<DayOfWeek> days, LocalTime from, LocalTime to, ZoneId zone) {
    public Hours {
        days = Set.copyOf(days);
        if (days.isEmpty()) {
            days = Set.copyOf(EnumSet.allOf(DayOfWeek.class));
        }
    }

    public boolean contains(Instant time) {
        LocalDateTime local = LocalDateTime.ofInstant(time, zone);
        LocalTime clock = local.toLocalTime();
        if (from.isBefore(to)) {
            return days.contains(local.getDayOfWeek()) && !clock.isBefore(from) && clock.isBefore(to);
        }
        return days.contains(local.getDayOfWeek()) && !clock.isBefore(from)
                || days.contains(local.getDayOfWeek().minus(1)) && clock.isBefore(to);
    }

    /** As people read it: {@code saturday 22:00–06:00 Europe/Berlin}. */
    public String text() {
        String on = days.size() == DayOfWeek.values().length
                ? "daily"
                : String.join(
                        ", ",
                        days.stream()
                                .sorted()
                                .map(day -> day.name().toLowerCase(java.util.Locale.ROOT))
                                .toList());
        return on + " " + from + "–" + to + " " + zone;
    }
}

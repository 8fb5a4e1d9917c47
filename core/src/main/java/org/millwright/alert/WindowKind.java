package org.millwright.alert;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.TemporalAdjusters;

/** How long a window is. Windows begin at midnight UTC: of a day, a Monday, the first of a month. */
public enum WindowKind {
    DAY,
    WEEK,
    MONTH;

    /** The kind of that name in an agreement: {@code day}, {@code week} or {@code month}. */
    public static WindowKind of(String text) {
        return valueOf(text.toUpperCase(java.util.Locale.ROOT));
    }

    /** The window that contains the time. */
    public Window at(long millis) {
        LocalDate day = LocalDate.ofInstant(Instant.ofEpochMilli(millis), ZoneOffset.UTC);
        return switch (this) {
            case DAY -> between(day, day.plusDays(1));
            case WEEK -> {
                LocalDate monday = day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
                yield between(monday, monday.plusWeeks(1));
            }
            case MONTH -> {
                LocalDate first = day.withDayOfMonth(1);
                yield between(first, first.plusMonths(1));
            }
        };
    }

    /** How far traffic must have gone past a window's end before it counts as complete without being announced so. */
    public Duration lateness() {
        return this == DAY ? Duration.ofHours(6) : Duration.ofDays(1);
    }

    private static Window between(LocalDate from, LocalDate to) {
        return new Window(millis(from), millis(to));
    }

    private static long millis(LocalDate day) {
        return day.atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
    }
}

package org.millwright.alert;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/**
 * A stretch of event time.
 *
 * @param start first millisecond since the epoch
 * @param end first millisecond after it
 */
public record Window(long start, long end) implements Comparable<Window> {
    public Window {
        if (end <= start) {
            throw new IllegalArgumentException("a window that starts at " + start + " cannot end at " + end);
        }
    }

    public boolean contains(long millis) {
        return millis >= start && millis < end;
    }

    /** A month as {@code 2013-10}, a day as {@code 2013-10-31}, a week by its first day: {@code week of 2013-10-28}. */
    public String label() {
        LocalDate first = day(start);
        LocalDate after = day(end);
        if (first.plusDays(1).equals(after)) {
            return first.toString();
        }
        if (first.getDayOfMonth() == 1 && first.plusMonths(1).equals(after)) {
            return first.toString().substring(0, 7);
        }
        return "week of " + first;
    }

    private static LocalDate day(long millis) {
        return LocalDate.ofInstant(Instant.ofEpochMilli(millis), ZoneOffset.UTC);
    }

    @Override
    public int compareTo(Window other) {
        int byStart = Long.compare(start, other.start);
        return byStart != 0 ? byStart : Long.compare(end, other.end);
    }
}

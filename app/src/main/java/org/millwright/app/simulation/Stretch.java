package org.millwright.app.simulation;

import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;

/**
 * Event time in which a fault holds.
 *
 * @param from first millisecond since the epoch
 * @param to first millisecond after it; {@link Long#MAX_VALUE} for until the end
 */
public record Stretch(long from, long to) {
    public Stretch {
        if (to <= from) {
            throw new IllegalArgumentException("ends before it begins");
        }
    }

    /** {@code 2013-08}, {@code 2013-08-15} or two of them joined by {@code ..}, the second one included; UTC. */
    static Stretch parse(String text) {
        String[] ends = text.split("\\.\\.", 2);
        long from = begin(ends[0]);
        return new Stretch(from, ends.length == 1 ? Long.MAX_VALUE : end(ends[1]));
    }

    /** The first millisecond of a month or day. */
    public static long begin(String text) {
        return millis(first(text));
    }

    /** The first millisecond after a month or day. */
    public static long end(String text) {
        return millis(isMonth(text) ? first(text).plusMonths(1) : first(text).plusDays(1));
    }

    private static boolean isMonth(String text) {
        return text.length() == "2013-08".length();
    }

    private static LocalDate first(String text) {
        try {
            return isMonth(text) ? YearMonth.parse(text).atDay(1) : LocalDate.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no month or day (expected: such as 2013-08 or 2013-08-15)", e);
        }
    }

    private static long millis(LocalDate day) {
        return day.atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
    }

    public boolean contains(long millis) {
        return millis >= from && millis < to;
    }

    public boolean overlaps(long start, long end) {
        return start < to && end > from;
    }

    /** The day that a time lies in. */
    public static String day(long millis) {
        return Instant.ofEpochMilli(millis).toString().substring(0, 10);
    }

    /** {@code 2013-08-01 to 2013-09-30}, or {@code from 2013-08-01}. */
    public String words() {
        return to == Long.MAX_VALUE ? "from " + day(from) : day(from) + " to " + day(to - 1);
    }
}

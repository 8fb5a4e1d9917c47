package org.millwright.insight;

import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/**
 * A time that is looked at, in milliseconds since the epoch.
 *
 * @param from the first one in it
 * @param to the first one after it
 */
public record Period(long from, long to) {
    private static final double DAY = 86_400_000.0;

    boolean holds(long at) {
        return from <= at && at < to;
    }

    double days() {
        return (to - from) / DAY;
    }

    /** Its calendar months of UTC, cut to it, oldest first; at most the last {@code most}. */
    List<Month> months(int most) {
        var months = new ArrayList<Month>();
        YearMonth month = month(Math.max(from, to - 1));
        while (months.size() < most && start(month.plusMonths(1)) > from) {
            months.add(new Month(
                    month.toString(),
                    new Period(Math.max(from, start(month)), Math.min(to, start(month.plusMonths(1))))));
            month = month.minusMonths(1);
        }
        return months.reversed();
    }

    /** A month such as {@code 2026-03}. */
    public record Month(String label, Period period) {}

    private static YearMonth month(long at) {
        return YearMonth.from(Instant.ofEpochMilli(at).atZone(ZoneOffset.UTC));
    }

    private static long start(YearMonth month) {
        return month.atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
    }
}

package org.millwright.web.api;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import org.millwright.kernel.Problem;

/** A moment in a query: a day, an ISO time, or how long ago, such as {@code 90d}. */
public final class Since {
    private static final int MOST_DAYS = 36_500;

    private Since() {}

    /** Milliseconds since the epoch; {@link Problem.Invalid} for anything else. */
    public static long parse(String name, String text, Clock clock) {
        try {
            if (text.matches("[0-9]{1,6}d")) {
                int days = Integer.parseInt(text.substring(0, text.length() - 1));
                return clock.instant()
                        .minus(Duration.ofDays(Math.min(days, MOST_DAYS)))
                        .toEpochMilli();
            }
            if (text.matches("[0-9]{1,15}")) {
                return Long.parseLong(text);
            }
            Instant at = text.indexOf('T') < 0
                    ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                    : Instant.parse(text);
            if (at.toEpochMilli() >= 0) {
                return at.toEpochMilli();
            }
        } catch (DateTimeParseException | ArithmeticException e) {
            // said below
        }
        throw new Problem.Invalid(name + ": '" + (text.length() > 40 ? text.substring(0, 40) + "…" : text)
                + "' (expected: a day such as 2026-03-01, a time such as 2026-03-01T12:00:00Z, or 90d)");
    }
}

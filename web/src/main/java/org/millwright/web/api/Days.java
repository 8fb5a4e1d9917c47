package org.millwright.web.api;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import org.millwright.kernel.Problem;

/** Days and instants that people name. */
final class Days {
    private Days() {}

    static LocalDate day(String field, String text) {
        try {
            return LocalDate.parse(text);
        } catch (DateTimeParseException e) {
            throw new Problem.Invalid(field + ": '" + text + "' (expected: a day such as 2026-12-24)");
        }
    }

    /** The end of a day of UTC, or an instant, in milliseconds since the epoch. */
    static long end(String field, String text) {
        try {
            return text.contains("T")
                    ? Instant.parse(text).toEpochMilli()
                    : LocalDate.parse(text)
                            .plusDays(1)
                            .atStartOfDay(ZoneOffset.UTC)
                            .toInstant()
                            .toEpochMilli();
        } catch (DateTimeParseException | ArithmeticException e) {
            throw new Problem.Invalid(field + ": '" + text
                    + "' (expected: a day such as 2026-12-24, or a time such as 2026-12-24T12:00:00Z)");
        }
    }
}

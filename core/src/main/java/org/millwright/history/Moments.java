package org.millwright.history;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.millwright.kernel.Problem;

/** Times as people write them; without a zone they are UTC. */
public final class Moments {
    private Moments() {}

    /** Milliseconds since the epoch of such as {@code 2026-03-01T12:00Z}, {@code 2026-03-01} or {@code 1772366400000}. */
    public static long parse(String text) {
        String time = text.strip().replace(' ', 'T');
        try {
            if (time.matches("[0-9]{12,14}")) {
                return Long.parseLong(time);
            }
            if (time.matches("[0-9]{4}-[0-9]{2}-[0-9]{2}")) {
                return LocalDate.parse(time)
                        .atStartOfDay()
                        .toInstant(ZoneOffset.UTC)
                        .toEpochMilli();
            }
            Instant instant = time.matches(".*(Z|[+-][0-9]{2}:?[0-9]{2})")
                    ? OffsetDateTime.parse(time).toInstant()
                    : LocalDateTime.parse(time).toInstant(ZoneOffset.UTC);
            return instant.toEpochMilli();
        } catch (DateTimeException | ArithmeticException e) {
            throw new Problem.Invalid("'" + text.substring(0, Math.min(60, text.length()))
                    + "' is no time (expected: such as 2026-03-01T12:00Z or 2026-03-01)");
        }
    }
}

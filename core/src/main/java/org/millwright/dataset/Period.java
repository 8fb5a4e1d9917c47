package org.millwright.dataset;

import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.regex.Pattern;
import org.millwright.kernel.Problem;

/** The time that a dataset version covers, as text that sorts by time: {@code 2013-01}, {@code 2013-01-31}, {@code all}. */
public final class Period {
    /** The period of data that covers no particular time. */
    public static final String ALL = "all";

    private static final Pattern VALID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");

    private Period() {}

    /** The text itself when it can be a period. */
    public static String require(String period) {
        if (!VALID.matcher(period).matches()) {
            throw new Problem.Invalid(
                    "'" + period + "' is no period (expected: letters, digits, '.', '_', '-'; such as 2013-01)");
        }
        return period;
    }

    /** The moment after the period, UTC; empty when the text names no year, month or day. */
    public static Optional<Instant> end(String period) {
        try {
            LocalDate next = switch (period.length()) {
                case 4 -> LocalDate.of(Integer.parseInt(period) + 1, 1, 1);
                case 7 -> YearMonth.parse(period).plusMonths(1).atDay(1);
                case 10 -> LocalDate.parse(period).plusDays(1);
                default -> null;
            };
            return Optional.ofNullable(next).map(day -> day.atStartOfDay().toInstant(ZoneOffset.UTC));
        } catch (DateTimeParseException | NumberFormatException e) {
            return Optional.empty();
        }
    }
}

package org.millwright.pipeline;

import java.time.LocalDate;
import java.time.YearMonth;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;
import org.millwright.project.Durations;

/** A value that a run of a pipeline is started with; it must be given unless there is a fallback. */
public record Parameter(String name, Type type, Optional<String> fallback) {

    /** How a value is written. */
    public enum Type {
        STRING("any text"),
        INT("a whole number"),
        DOUBLE("a number"),
        BOOL("true or false"),
        DATE("a date such as 2013-06-01"),
        MONTH("a month such as 2013-06"),
        DURATION("a duration such as 12h");

        private final String expected;

        Type(String expected) {
            this.expected = expected;
        }

        public String expected() {
            return expected;
        }

        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Type of(String text) {
            return valueOf(text.toUpperCase(Locale.ROOT));
        }

        /** The value in its normal form; IllegalArgumentException when it is not of this type. */
        String normal(String value) {
            try {
                return switch (this) {
                    case STRING -> value;
                    case INT -> Long.toString(Long.parseLong(value.strip()));
                    case DOUBLE -> Double.toString(finite(Double.parseDouble(value.strip())));
                    case BOOL -> bool(value.strip());
                    case DATE -> LocalDate.parse(value.strip()).toString();
                    case MONTH -> YearMonth.parse(value.strip()).toString();
                    case DURATION -> {
                        Durations.parse(value.strip());
                        yield value.strip();
                    }
                };
            } catch (DateTimeParseException e) {
                throw new IllegalArgumentException(value, e);
            }
        }

        private static double finite(double value) {
            if (!Double.isFinite(value)) {
                throw new IllegalArgumentException(Double.toString(value));
            }
            return value;
        }

        private static String bool(String value) {
            if (!value.equals("true") && !value.equals("false")) {
                throw new IllegalArgumentException(value);
            }
            return value;
        }
    }
}

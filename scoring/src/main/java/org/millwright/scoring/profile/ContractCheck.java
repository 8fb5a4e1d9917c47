package org.millwright.scoring.profile;

import java.util.List;
import java.util.Locale;

/**
 * One promise of a data contract that a row keeps or breaks by itself, about a column that the model has as an input.
 *
 * @param source where it is promised
 * @param arguments of the kind
 * @param expected of a value, in words that follow "expected: "
 */
public record ContractCheck(
        Source source,
        String column,
        Kind kind,
        List<String> arguments,
        Most most,
        Severity severity,
        String expected) {
    public ContractCheck {
        arguments = List.copyOf(arguments);
    }

    /**
     * A rule of a contract.
     *
     * @param contract its id and version
     * @param digest of the table's part of it
     * @param dataset the table's name
     * @param rule unique in the table
     */
    public record Source(String contract, String digest, String dataset, String rule) {
        /** Such as {@code flights: distance.range}. */
        public String text() {
            return dataset + ": " + rule;
        }
    }

    /** What is asked of a value. A missing one breaks {@link #REQUIRED} and {@link #PRESENT} only. */
    public enum Kind {
        /** There is a value. */
        REQUIRED,
        /** There is one, and it is none of the arguments, which stand for missing. */
        PRESENT,
        /** It can be read as a number. */
        NUMBER,
        /** It can be read as a whole number. */
        INTEGER,
        /** It can be read as true or false. */
        BOOLEAN,
        /** Arguments: least and greatest, "" for none; then which of them are excluded, of {@code low} and {@code high}. */
        RANGE,
        /** Argument: the step. */
        MULTIPLE,
        /** Arguments: least and greatest number of characters, the latter below 0 for no limit. */
        LENGTH,
        /** Argument: a pattern (RE2) that is found in the text. */
        PATTERN,
        /** The value is one of the arguments, as texts. */
        ONE_OF,
        /** The value is one of the arguments, as numbers. */
        ONE_OF_NUMBERS;

        String text() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** What a broken rule means, as the contract says: somebody is alerted, it is told, or only counted. */
    public enum Severity {
        ERROR,
        WARNING,
        INFO;

        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * How many rows may break the rule.
     *
     * @param value a share from 0 to 1, or a number of rows
     * @param below whether it must not be reached
     */
    public record Most(double value, boolean share, boolean below) {
        public static final Most NONE = new Most(0, false, false);

        /** Whether the contract names a share of its own; a number of rows is one of the file that it was written for. */
        public boolean isShare() {
            return share && value > 0;
        }

        /**
         * Whether so many rows may.
         *
         * @param agreed share that is always tolerated where the contract names none
         */
        public boolean allows(long broken, long rows, double agreed) {
            if (!isShare()) {
                return broken <= value || broken <= agreed * rows;
            }
            return below ? broken < value * rows || broken == 0 : broken <= value * rows;
        }

        /** The share of so many rows above which it is too many. */
        public double limit(long rows, double agreed) {
            return isShare() ? value : Math.max(agreed, rows == 0 ? 0 : Math.min(1, value / rows));
        }
    }
}

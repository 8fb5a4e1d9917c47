package org.millwright.dataset;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What a measured number must be.
 *
 * @param second the upper end for the two operators that have two ends, else equal to {@code first}
 * @param percent whether counts are compared as a share of all rows, in per cent
 */
public record Threshold(Operator operator, double first, double second, boolean percent) {
    /** The operators of the contract standard. */
    public enum Operator {
        MUST_BE("mustBe"),
        MUST_NOT_BE("mustNotBe"),
        MUST_BE_GREATER_THAN("mustBeGreaterThan"),
        MUST_BE_GREATER_OR_EQUAL_TO("mustBeGreaterOrEqualTo"),
        MUST_BE_LESS_THAN("mustBeLessThan"),
        MUST_BE_LESS_OR_EQUAL_TO("mustBeLessOrEqualTo"),
        MUST_BE_BETWEEN("mustBeBetween"),
        MUST_NOT_BE_BETWEEN("mustNotBeBetween");

        private final String key;

        Operator(String key) {
            this.key = key;
        }

        /** The key in the file. */
        public String key() {
            return key;
        }

        boolean hasTwoEnds() {
            return this == MUST_BE_BETWEEN || this == MUST_NOT_BE_BETWEEN;
        }

        static List<String> keys() {
            return Arrays.stream(values()).map(Operator::key).toList();
        }
    }

    /** No row may fail. */
    static final Threshold NONE = new Threshold(Operator.MUST_BE, 0, 0, false);

    /** Whether the number is as it must be; a NaN never is. */
    public boolean allows(double value) {
        return !Double.isNaN(value)
                && switch (operator) {
                    case MUST_BE -> value == first;
                    case MUST_NOT_BE -> value != first;
                    case MUST_BE_GREATER_THAN -> value > first;
                    case MUST_BE_GREATER_OR_EQUAL_TO -> value >= first;
                    case MUST_BE_LESS_THAN -> value < first;
                    case MUST_BE_LESS_OR_EQUAL_TO -> value <= first;
                    case MUST_BE_BETWEEN -> value >= first && value <= second;
                    case MUST_NOT_BE_BETWEEN -> value < first || value > second;
                };
    }

    /** Such as {@code must be less than 10 %}. */
    public String text() {
        String words = operator.key.replaceAll("([A-Z])", " $1").toLowerCase(Locale.ROOT);
        String ends = operator.hasTwoEnds() ? number(first) + " and " + number(second) : number(first);
        return words + " " + ends + (percent ? " %" : "");
    }

    static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }
}

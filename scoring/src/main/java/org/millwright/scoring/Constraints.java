package org.millwright.scoring;

import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a column takes of all that its type holds. Every constraint narrows; {@link #NONE} takes everything.
 *
 * @param notNull a value must be there; NaN is none
 * @param finite no infinity
 * @param float32 only numbers that a 32-bit float holds, exactly or as its shortest decimal: 0.1 is one, 16777217 is not
 * @param min the least number, -∞ without a bound
 * @param max the greatest number, +∞ without a bound
 * @param notEmpty no empty text
 * @param maxLength most UTF-16 units of a text
 * @param values the only texts taken; empty for any
 */
public record Constraints(
        boolean notNull,
        boolean finite,
        boolean float32,
        double min,
        double max,
        boolean notEmpty,
        int maxLength,
        Set<String> values) {
    /** Takes everything. */
    public static final Constraints NONE = new Constraints(
            false,
            false,
            false,
            Double.NEGATIVE_INFINITY,
            Double.POSITIVE_INFINITY,
            false,
            Integer.MAX_VALUE,
            Set.of());

    /** Texts that {@code values} may list. */
    public static final int MOST_VALUES = 10_000;

    public Constraints {
        if (!(min <= max)) {
            throw InvalidInput.of("no number is from " + min + " to " + max);
        }
        if (maxLength < 1) {
            throw InvalidInput.of("a text of at most " + maxLength + " characters says nothing: expected at least 1");
        }
        if (values.size() > MOST_VALUES) {
            throw InvalidInput.of(values.size() + " values listed, expected at most " + MOST_VALUES);
        }
        values = java.util.Collections.unmodifiableSet(new TreeSet<>(values));
    }

    public boolean isNone() {
        return equals(NONE);
    }

    public Constraints withNotNull() {
        return new Constraints(true, finite, float32, min, max, notEmpty, maxLength, values);
    }

    Constraints withoutNotNull() {
        return new Constraints(false, finite, float32, min, max, notEmpty, maxLength, values);
    }

    public Constraints withFinite() {
        return new Constraints(notNull, true, float32, min, max, notEmpty, maxLength, values);
    }

    public Constraints withFloat32() {
        return new Constraints(notNull, finite, true, min, max, notEmpty, maxLength, values);
    }

    public Constraints withRange(double least, double greatest) {
        return new Constraints(notNull, finite, float32, least, greatest, notEmpty, maxLength, values);
    }

    public Constraints withNotEmpty() {
        return new Constraints(notNull, finite, float32, min, max, true, maxLength, values);
    }

    public Constraints withMaxLength(int most) {
        return new Constraints(notNull, finite, float32, min, max, notEmpty, most, values);
    }

    public Constraints withValues(Set<String> only) {
        return new Constraints(notNull, finite, float32, min, max, notEmpty, maxLength, only);
    }

    /** What takes exactly what both take; throws {@link InvalidInput} when that is nothing. */
    public Constraints and(Constraints other) {
        if (other.isNone() || isNone()) {
            return isNone() ? other : this;
        }
        Set<String> both = new TreeSet<>(values.isEmpty() ? other.values : values);
        if (!values.isEmpty() && !other.values.isEmpty()) {
            both.retainAll(other.values);
            if (both.isEmpty()) {
                throw InvalidInput.of("the two lists of values have none in common");
            }
        }
        return new Constraints(
                notNull || other.notNull,
                finite || other.finite,
                float32 || other.float32,
                Math.max(min, other.min),
                Math.min(max, other.max),
                notEmpty || other.notEmpty,
                Math.min(maxLength, other.maxLength),
                both);
    }

    /** Whether the value, null when missing, is taken. */
    boolean admits(@Nullable Object value) {
        if (value == null) {
            return !notNull;
        }
        if (value instanceof Double real) {
            boolean infinite = Double.isInfinite(real);
            return !(finite && infinite) && real >= min && real <= max && (!float32 || infinite || isFloat32(real));
        }
        if (value instanceof Long whole) {
            return whole >= min && whole <= max && (!float32 || isFloat32(whole));
        }
        if (value instanceof String text) {
            return !(notEmpty && text.isEmpty())
                    && text.length() <= maxLength
                    && (values.isEmpty() || values.contains(text));
        }
        return true;
    }

    private static boolean isFloat32(double value) {
        float narrow = (float) value;
        return !Float.isInfinite(narrow) && (narrow == value || Double.parseDouble(Float.toString(narrow)) == value);
    }

    private static boolean isFloat32(long value) {
        float narrow = value;
        return narrow < 0x1p63f && (long) narrow == value;
    }

    /** What the value should have been, such as {@code double, finite, from 0 to 20000}. */
    String describe(DataType type, boolean nullable) {
        StringBuilder text = new StringBuilder(type.text());
        text.append(finite ? ", finite" : "");
        text.append(float32 ? ", exact in 32 bits" : "");
        if (min != Double.NEGATIVE_INFINITY || max != Double.POSITIVE_INFINITY) {
            text.append(", from ").append(min).append(" to ").append(max);
        }
        text.append(notEmpty ? ", not empty" : "");
        if (maxLength != Integer.MAX_VALUE) {
            text.append(", of at most ").append(maxLength).append(" characters");
        }
        if (!values.isEmpty()) {
            text.append(", one of ").append(values.size()).append(" known values");
        }
        return text.append(nullable ? " or null" : "").toString();
    }

    /** The constraints in words, such as {@code not null, from 0 to 20000}; empty for none. */
    public String text() {
        String rest = describe(DataType.STRING, false)
                .substring(DataType.STRING.text().length());
        return (notNull ? "not null" + rest : rest.startsWith(", ") ? rest.substring(2) : rest);
    }
}

package org.millwright.scoring;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** The values of one column. Arrays are shared, not copied: treat them as read-only. */
public sealed interface Vector {
    int size();

    /** Whether the value of that row is missing; NaN in a real column is missing too. */
    boolean isNull(int row);

    /** The value of that row as Double, Long, Boolean or String, or null when missing. */
    @Nullable
    Object value(int row);

    /** A column without rows. */
    static Vector empty(DataType type) {
        if (type.isReal()) {
            return new Doubles(new double[0]);
        }
        if (type.isIntegral()) {
            return new Longs(new long[0]);
        }
        return type == DataType.BOOLEAN ? new Booleans(new boolean[0]) : new Strings(new String[0]);
    }

    /** Real values; a null is held as NaN and marked in {@code nulls}. */
    record Doubles(double[] values, @Nullable BitSet nulls) implements Vector {
        public Doubles(double[] values) {
            this(values, null);
        }

        @Override
        public int size() {
            return values.length;
        }

        @Override
        public boolean isNull(int row) {
            return Double.isNaN(values[row]);
        }

        @Override
        public @Nullable Object value(int row) {
            return isNull(row) ? null : (Object) values[row];
        }
    }

    /** Whole numbers; a null is held as 0 and marked in {@code nulls}. */
    record Longs(long[] values, @Nullable BitSet nulls) implements Vector {
        public Longs(long[] values) {
            this(values, null);
        }

        @Override
        public int size() {
            return values.length;
        }

        @Override
        public boolean isNull(int row) {
            return nulls != null && nulls.get(row);
        }

        @Override
        public @Nullable Object value(int row) {
            return isNull(row) ? null : (Object) values[row];
        }
    }

    /** Truth values; a null is held as false and marked in {@code nulls}. */
    record Booleans(boolean[] values, @Nullable BitSet nulls) implements Vector {
        public Booleans(boolean[] values) {
            this(values, null);
        }

        @Override
        public int size() {
            return values.length;
        }

        @Override
        public boolean isNull(int row) {
            return nulls != null && nulls.get(row);
        }

        @Override
        public @Nullable Object value(int row) {
            return isNull(row) ? null : (Object) values[row];
        }
    }

    /** Texts; a null is held as null. */
    record Strings(@Nullable String[] values) implements Vector {
        @Override
        public int size() {
            return values.length;
        }

        @Override
        public boolean isNull(int row) {
            return values[row] == null;
        }

        @Override
        public @Nullable Object value(int row) {
            return values[row];
        }
    }
}

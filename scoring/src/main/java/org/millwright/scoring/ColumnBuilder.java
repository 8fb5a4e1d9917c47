package org.millwright.scoring;

import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** Grows one column, refusing every value that its type cannot hold exactly. */
final class ColumnBuilder {
    private static final long EXACT = 1L << 53;
    private static final double LONG_LIMIT = 0x1p63;

    /** What a builder holds of the types that its column does not have. */
    private static final double[] NO_DOUBLES = {};

    private static final long[] NO_LONGS = {};
    private static final boolean[] NO_BOOLEANS = {};
    private static final @Nullable String[] NO_STRINGS = {};

    private final Signature.Column column;
    private int size;
    private int capacity;
    private double[] doubles = NO_DOUBLES;
    private long[] longs = NO_LONGS;
    private boolean[] booleans = NO_BOOLEANS;
    private @Nullable String[] strings = NO_STRINGS;
    private @Nullable BitSet nulls;

    ColumnBuilder(Signature.Column column, int rows) {
        this.column = column;
        grow(rows);
    }

    String name() {
        return column.name();
    }

    DataType type() {
        return column.type();
    }

    int size() {
        return size;
    }

    void addDouble(double value) {
        DataType type = column.type();
        if (type.isReal()) {
            if (type == DataType.FLOAT && Math.abs(value) > Float.MAX_VALUE && !Double.isInfinite(value)) {
                throw unfit(value);
            }
            if (Double.isNaN(value) && !column.nullable()) {
                throw unfit(value);
            }
            room();
            doubles[size++] = value;
        } else if (type.isIntegral() && Math.rint(value) == value && Math.abs(value) < LONG_LIMIT) {
            addLong((long) value);
        } else if (type.isIntegral() && Double.isNaN(value) && column.nullable()) {
            addNull();
        } else {
            throw unfit(value);
        }
    }

    void addLong(long value) {
        DataType type = column.type();
        if (type.isIntegral()) {
            if (type == DataType.INTEGER && value != (int) value) {
                throw unfit(value);
            }
            room();
            longs[size++] = value;
        } else if (type.isReal() && value >= -EXACT && value <= EXACT) {
            room();
            doubles[size++] = value;
        } else {
            throw unfit(value);
        }
    }

    void addBoolean(boolean value) {
        if (column.type() != DataType.BOOLEAN) {
            throw unfit(value);
        }
        room();
        booleans[size++] = value;
    }

    void addString(String value) {
        if (column.type() != DataType.STRING) {
            throw unfit(value);
        }
        room();
        strings[size++] = value;
    }

    void addNull() {
        if (!column.nullable()) {
            throw unfit(null);
        }
        putNull();
    }

    /** A row that does not have this column. */
    void addAbsent() {
        if (column.required()) {
            throw InvalidInput.cell(column.name(), size, "a value of type " + type().text(), "no such field");
        }
        putNull();
    }

    void fillAbsent(int rows) {
        if (column.required()) {
            throw InvalidInput.column(column.name(), "is required by the model's signature but was not sent");
        }
        while (size < rows) {
            putNull();
        }
    }

    InvalidInput unfit(@Nullable Object got) {
        String expected = column.type().text() + (column.nullable() ? " or null" : "");
        return InvalidInput.cell(column.name(), size, expected, got);
    }

    /** The column. A full array is shared, not copied: whatever is added later goes to a larger one. */
    Vector build() {
        if (column.type().isReal()) {
            return new Vector.Doubles(size == doubles.length ? doubles : Arrays.copyOf(doubles, size), nulls);
        }
        if (column.type().isIntegral()) {
            return new Vector.Longs(size == longs.length ? longs : Arrays.copyOf(longs, size), nulls);
        }
        if (column.type() == DataType.BOOLEAN) {
            return new Vector.Booleans(size == booleans.length ? booleans : Arrays.copyOf(booleans, size), nulls);
        }
        return new Vector.Strings(size == strings.length ? strings : Arrays.copyOf(strings, size));
    }

    private void putNull() {
        room();
        if (column.type().isReal()) {
            doubles[size] = Double.NaN;
        }
        if (column.type() != DataType.STRING) {
            if (nulls == null) {
                nulls = new BitSet();
            }
            nulls.set(size);
        }
        size++;
    }

    private void room() {
        if (size == capacity) {
            grow(Math.max(16, capacity + (capacity >> 1)));
        }
    }

    private void grow(int room) {
        capacity = room;
        if (column.type().isReal()) {
            doubles = Arrays.copyOf(doubles, capacity);
        } else if (column.type().isIntegral()) {
            longs = Arrays.copyOf(longs, capacity);
        } else if (column.type() == DataType.BOOLEAN) {
            booleans = Arrays.copyOf(booleans, capacity);
        } else {
            strings = Arrays.copyOf(strings, capacity);
        }
    }
}

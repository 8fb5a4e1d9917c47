package org.millwright.scoring;

import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** Cuts a range of rows out of a column. */
final class Slices {
    private Slices() {}

    static Vector slice(Vector column, int from, int to) {
        if (column instanceof Vector.Doubles doubles) {
            return new Vector.Doubles(Arrays.copyOfRange(doubles.values(), from, to), nulls(doubles.nulls(), from, to));
        }
        if (column instanceof Vector.Longs longs) {
            return new Vector.Longs(Arrays.copyOfRange(longs.values(), from, to), nulls(longs.nulls(), from, to));
        }
        if (column instanceof Vector.Booleans booleans) {
            return new Vector.Booleans(
                    Arrays.copyOfRange(booleans.values(), from, to), nulls(booleans.nulls(), from, to));
        }
        return new Vector.Strings(Arrays.copyOfRange(((Vector.Strings) column).values(), from, to));
    }

    private static @Nullable BitSet nulls(@Nullable BitSet nulls, int from, int to) {
        return nulls == null ? null : nulls.get(from, to);
    }

    static Vector pick(Vector column, int[] rows) {
        int n = rows.length;
        BitSet missing = nulls(column);
        BitSet picked = null;
        if (missing != null) {
            picked = new BitSet(n);
            for (int i = 0; i < n; i++) {
                picked.set(i, missing.get(rows[i]));
            }
        }
        if (column instanceof Vector.Doubles doubles) {
            double[] values = new double[n];
            for (int i = 0; i < n; i++) {
                values[i] = doubles.values()[rows[i]];
            }
            return new Vector.Doubles(values, picked);
        }
        if (column instanceof Vector.Longs longs) {
            long[] values = new long[n];
            for (int i = 0; i < n; i++) {
                values[i] = longs.values()[rows[i]];
            }
            return new Vector.Longs(values, picked);
        }
        if (column instanceof Vector.Booleans booleans) {
            boolean[] values = new boolean[n];
            for (int i = 0; i < n; i++) {
                values[i] = booleans.values()[rows[i]];
            }
            return new Vector.Booleans(values, picked);
        }
        @Nullable String[] texts = ((Vector.Strings) column).values();
        var values = new @Nullable String[n];
        for (int i = 0; i < n; i++) {
            values[i] = texts[rows[i]];
        }
        return new Vector.Strings(values);
    }

    static Vector join(Vector[] parts, int rows) {
        Vector first = parts[0];
        Object values = first instanceof Vector.Doubles
                ? new double[rows]
                : first instanceof Vector.Longs
                        ? new long[rows]
                        : first instanceof Vector.Booleans ? new boolean[rows] : new String[rows];
        BitSet nulls = new BitSet();
        int at = 0;
        for (Vector part : parts) {
            int size = part.size();
            System.arraycopy(array(part), 0, values, at, size);
            BitSet missing = nulls(part);
            if (missing != null) {
                for (int i = missing.nextSetBit(0); i >= 0 && i < size; i = missing.nextSetBit(i + 1)) {
                    nulls.set(at + i);
                }
            }
            at += size;
        }
        return vector(values, nulls.isEmpty() ? null : nulls);
    }

    private static @Nullable BitSet nulls(Vector column) {
        if (column instanceof Vector.Doubles doubles) {
            return doubles.nulls();
        }
        if (column instanceof Vector.Longs longs) {
            return longs.nulls();
        }
        return column instanceof Vector.Booleans booleans ? booleans.nulls() : null;
    }

    private static Object array(Vector column) {
        if (column instanceof Vector.Doubles doubles) {
            return doubles.values();
        }
        if (column instanceof Vector.Longs longs) {
            return longs.values();
        }
        return column instanceof Vector.Booleans booleans ? booleans.values() : ((Vector.Strings) column).values();
    }

    private static Vector vector(Object values, @Nullable BitSet nulls) {
        if (values instanceof double[] doubles) {
            return new Vector.Doubles(doubles, nulls);
        }
        if (values instanceof long[] longs) {
            return new Vector.Longs(longs, nulls);
        }
        return values instanceof boolean[] booleans
                ? new Vector.Booleans(booleans, nulls)
                : new Vector.Strings((String[]) values);
    }
}

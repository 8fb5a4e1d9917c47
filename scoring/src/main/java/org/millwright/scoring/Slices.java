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
}

package org.millwright.scoring.profile;

import java.util.Arrays;

/** Exact counts of a numeric column's values as long as they are few. */
final class ValueCounts {
    static final int LIMIT = 64;

    private static final int PLACES = 256;

    private double[] values;
    private long[] counts;
    /** Where each value is in {@link #values}, plus one, by hash with linear probing. */
    private byte[] places;

    private int size;
    private boolean exact;

    ValueCounts() {
        this(true);
    }

    private ValueCounts(boolean exact) {
        this.exact = exact;
        values = new double[exact ? LIMIT : 0];
        counts = new long[exact ? LIMIT : 0];
        places = new byte[exact ? PLACES : 0];
    }

    /** Of a column whose values were too many. */
    static ValueCounts dropped() {
        return new ValueCounts(false);
    }

    /** Counts the value unless it is one too many; returns whether it did. Not for NaN. */
    boolean add(double value, long count) {
        if (!exact) {
            return false;
        }
        int at = place(value);
        if (places[at] != 0) {
            counts[places[at] - 1] += count;
            return true;
        }
        if (size == LIMIT) {
            return false;
        }
        values[size] = value;
        counts[size] = count;
        places[at] = (byte) ++size;
        return true;
    }

    private int place(double value) {
        int at = (int) (Double.doubleToRawLongBits(value) * 0x9E3779B97F4A7C15L >>> 56);
        while (places[at] != 0 && values[places[at] - 1] != value) {
            at = at + 1 & PLACES - 1;
        }
        return at;
    }

    /** Gives up counting. */
    void drop() {
        exact = false;
        size = 0;
        values = new double[0];
        counts = new long[0];
        places = new byte[0];
    }

    /** Whether every value is counted. */
    boolean exact() {
        return exact;
    }

    int size() {
        return size;
    }

    /** How many rows have a value. */
    long rows() {
        long rows = 0;
        for (int i = 0; i < size; i++) {
            rows += counts[i];
        }
        return rows;
    }

    /** The distinct values, ascending. */
    double[] values() {
        double[] sorted = Arrays.copyOf(values, size);
        Arrays.sort(sorted);
        return sorted;
    }

    /** How often each of {@link #values} occurred. */
    long[] counts() {
        return counts(values());
    }

    private long[] counts(double[] of) {
        long[] counts = new long[of.length];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = count(of[i]);
        }
        return counts;
    }

    /** How often that value occurred. */
    long count(double value) {
        if (!exact) {
            return 0;
        }
        int place = places[place(value)];
        return place == 0 ? 0 : counts[place - 1];
    }

    /** All rows as a sample. */
    Sample sample() {
        double[] sorted = values();
        return Sample.counted(sorted, counts(sorted));
    }
}

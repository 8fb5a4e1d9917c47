package org.millwright.scoring.profile;

import java.util.Arrays;

/** Exact counts of a numeric column's values as long as they are few. */
final class ValueCounts {
    static final int LIMIT = 64;

    private double[] values = new double[8];
    private long[] counts = new long[8];
    private int size;
    private boolean exact = true;

    /** Counts; returns whether the value was counted before. */
    boolean add(double value, long count) {
        if (!exact) {
            return false;
        }
        int at = Arrays.binarySearch(values, 0, size, value);
        if (at >= 0) {
            counts[at] += count;
            return true;
        }
        if (size == LIMIT) {
            drop();
        } else {
            insert(-at - 1, value, count);
        }
        return false;
    }

    void merge(ValueCounts other) {
        if (!other.exact) {
            drop();
        }
        for (int i = 0; i < other.size; i++) {
            add(other.values[i], other.counts[i]);
        }
    }

    void drop() {
        exact = false;
        size = 0;
        values = new double[0];
        counts = new long[0];
    }

    private void insert(int at, double value, long count) {
        if (size == values.length) {
            values = Arrays.copyOf(values, Math.min(LIMIT, size * 2));
            counts = Arrays.copyOf(counts, values.length);
        }
        System.arraycopy(values, at, values, at + 1, size - at);
        System.arraycopy(counts, at, counts, at + 1, size - at);
        values[at] = value;
        counts[at] = count;
        size++;
    }

    /** Whether every value is counted. */
    boolean exact() {
        return exact;
    }

    /** The distinct values, ascending. */
    double[] values() {
        return Arrays.copyOf(values, size);
    }

    long[] counts() {
        return Arrays.copyOf(counts, size);
    }

    /** How often that value occurred. */
    long count(double value) {
        int at = Arrays.binarySearch(values, 0, size, value);
        return at < 0 ? 0 : counts[at];
    }
}

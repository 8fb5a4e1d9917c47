package org.millwright.scoring.profile;

import java.util.Arrays;

/** Exact counts of a numeric column's values as long as they are few. */
final class ValueCounts {
    static final int LIMIT = 64;

    private static final int PLACES = 256;

    private double[] values = new double[LIMIT];
    private long[] counts = new long[LIMIT];
    /** Where each value is in {@link #values}, plus one, by hash with linear probing. */
    private byte[] places = new byte[PLACES];

    private int size;
    private boolean exact = true;

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

    /** The distinct values, ascending. */
    double[] values() {
        double[] sorted = Arrays.copyOf(values, size);
        Arrays.sort(sorted);
        return sorted;
    }

    /** How often each of {@link #values} occurred. */
    long[] counts() {
        return Arrays.stream(values()).mapToLong(this::count).toArray();
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
        long[] upTo = counts();
        Arrays.parallelPrefix(upTo, Long::sum);
        return new Sample(values(), upTo);
    }

    /** The same whatever the order in which the values came. */
    Moments moments() {
        Moments moments = new Moments();
        for (double value : values()) {
            moments.add(value, count(value));
        }
        return moments;
    }
}

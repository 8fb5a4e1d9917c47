package org.millwright.scoring.profile;

import java.util.Arrays;

/**
 * Sorted values with the number of rows up to each: exact rows, or what a sketch kept of them.
 *
 * @param values ascending
 * @param upTo rows at or below each value; the last is all
 */
public record Sample(double[] values, long[] upTo) {
    /** The finite values of an array. */
    public static Sample of(double[] values) {
        return ascending(Quantiles.sortedFinite(values));
    }

    /** Finite values in ascending order, each of one row. */
    static Sample ascending(double[] sorted) {
        long[] upTo = new long[sorted.length];
        for (int i = 0; i < upTo.length; i++) {
            upTo[i] = i + 1L;
        }
        return new Sample(sorted, upTo);
    }

    /**
     * Values that were counted.
     *
     * @param values finite, ascending, each once
     * @param counts how often each occurs
     */
    public static Sample counted(double[] values, long[] counts) {
        long[] upTo = counts.clone();
        for (int i = 1; i < upTo.length; i++) {
            upTo[i] += upTo[i - 1];
        }
        return new Sample(values, upTo);
    }

    /** The finite values of an array, each kept once. */
    public static Sample distinct(double[] values) {
        double[] sorted = Quantiles.sortedFinite(values);
        double[] kept = new double[sorted.length];
        long[] upTo = new long[sorted.length];
        int n = 0;
        for (int i = 0; i < sorted.length; i++) {
            if (n > 0 && kept[n - 1] == sorted[i]) {
                upTo[n - 1] = i + 1L;
            } else {
                kept[n] = sorted[i];
                upTo[n++] = i + 1L;
            }
        }
        return new Sample(Arrays.copyOf(kept, n), Arrays.copyOf(upTo, n));
    }

    /** Number of rows. */
    public long size() {
        return upTo.length == 0 ? 0 : upTo[upTo.length - 1];
    }

    /** The least value with at least the share q of the rows at or below it, NaN without rows. */
    public double quantile(double q) {
        if (values.length == 0) {
            return Double.NaN;
        }
        long rank = Math.max(1, (long) Math.ceil(q * size()));
        int at = Arrays.binarySearch(upTo, rank);
        return values[Math.min(values.length - 1, at < 0 ? -at - 1 : at)];
    }

    /** The value of that row in ascending order, from 0. */
    double at(long row) {
        int at = Arrays.binarySearch(upTo, row + 1);
        return values[at < 0 ? -at - 1 : at];
    }

    /** Share of rows at or below x, NaN without rows. */
    public double shareUpTo(double x) {
        return values.length == 0 ? Double.NaN : (double) rowsUpTo(x) / size();
    }

    /** Number of rows at or below x. */
    public long rowsUpTo(double x) {
        int low = 0;
        int high = values.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (values[middle] <= x) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low == 0 ? 0 : upTo[low - 1];
    }

    /** Rows in the bins that ascending edges make: up to the first, up to each next, above the last. */
    public long[] counts(double[] edges) {
        var counts = new long[edges.length + 1];
        long before = 0;
        for (int i = 0; i < edges.length; i++) {
            long upTo = rowsUpTo(edges[i]);
            counts[i] = upTo - before;
            before = upTo;
        }
        counts[edges.length] = size() - before;
        return counts;
    }

    /** How many rows have the i-th value. */
    long weight(int i) {
        return i == 0 ? upTo[0] : upTo[i] - upTo[i - 1];
    }

    /** Population standard deviation. */
    public double deviation() {
        double mean = 0;
        double m2 = 0;
        double n = 0;
        for (int i = 0; i < values.length; i++) {
            double w = weight(i);
            double delta = values[i] - mean;
            n += w;
            mean += delta * w / n;
            m2 += w * delta * (values[i] - mean);
        }
        return Math.sqrt(m2 / n);
    }
}

package org.millwright.scoring.profile;

import java.util.Arrays;

/** The frozen bins of a reference: distinct quantiles as inner edges, bins closed on the right. */
public final class Quantiles {
    private Quantiles() {}

    /** The finite values, sorted; NaN and infinities are left out. */
    public static double[] sortedFinite(double[] values) {
        double[] kept = new double[values.length];
        int n = 0;
        for (double value : values) {
            if (Double.isFinite(value)) {
                kept[n++] = value == 0 ? 0.0 : value;
            }
        }
        double[] sorted = n == values.length ? kept : Arrays.copyOf(kept, n);
        Arrays.sort(sorted);
        return sorted;
    }

    /** The distinct quantiles at 1/bins … (bins−1)/bins of the finite values; empty when there are none. */
    public static double[] edges(double[] reference, int bins) {
        return edges(Sample.of(reference), bins);
    }

    /** The distinct quantiles at 1/bins … (bins−1)/bins; empty without rows. */
    public static double[] edges(Sample reference, int bins) {
        if (reference.size() == 0) {
            return new double[0];
        }
        double[] edges = new double[bins - 1];
        int n = 0;
        for (int i = 1; i < bins; i++) {
            double edge = quantile(reference, (double) i / bins);
            if (n == 0 || edges[n - 1] != edge) {
                edges[n++] = edge;
            }
        }
        return Arrays.copyOf(edges, n);
    }

    /** The quantile by linear interpolation between the two neighbours, rounded as NumPy does. */
    public static double quantile(double[] sorted, double q) {
        double at = (sorted.length - 1) * q;
        int below = (int) Math.floor(at);
        return between(sorted[below], sorted[Math.min(below + 1, sorted.length - 1)], at - below);
    }

    /** The same of a sample, which must have rows. */
    public static double quantile(Sample sample, double q) {
        double at = (sample.size() - 1) * q;
        long below = (long) Math.floor(at);
        return between(sample.at(below), sample.at(Math.min(below + 1, sample.size() - 1)), at - below);
    }

    private static double between(double a, double b, double t) {
        double value = t >= 0.5 ? b - (b - a) * (1 - t) : a + (b - a) * t;
        return value == 0 ? 0.0 : value;
    }

    /** The bin of a value: the number of edges below it. */
    public static int bin(double[] edges, double value) {
        int low = 0;
        int high = edges.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (edges[middle] < value) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** How many finite values lie in each of the {@code edges.length + 1} bins. */
    public static long[] counts(double[] values, double[] edges) {
        long[] counts = new long[edges.length + 1];
        for (double value : values) {
            if (Double.isFinite(value)) {
                counts[bin(edges, value)]++;
            }
        }
        return counts;
    }
}

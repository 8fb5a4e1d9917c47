package org.millwright.scoring.drift;

import org.millwright.scoring.profile.Sample;

/** Bins of equal width as NumPy makes them: closed on the left, the last one on both sides. */
final class Bins {
    private Bins() {}

    /** By Sturges' rule. */
    static double[] sturges(Sample sample) {
        return equal(sample, log2(sample.size()) + 1);
    }

    /** By Doane's rule, which adds bins for skewed values. */
    static double[] doane(Sample sample) {
        double n = sample.size();
        if (n <= 2) {
            return equal(sample, 0);
        }
        double error = Math.sqrt(6 * (n - 2) / ((n + 1) * (n + 3)));
        double skew = skewness(sample);
        return equal(sample, Double.isNaN(skew) ? 0 : 1 + log2(n) + log2(1 + Math.abs(skew) / error));
    }

    private static double log2(double value) {
        return Math.log(value) / Math.log(2);
    }

    /** The biased skewness, NaN of a constant. */
    private static double skewness(Sample sample) {
        double n = sample.size();
        double[] values = sample.values();
        double mean = 0;
        for (int i = 0; i < values.length; i++) {
            mean += values[i] * weight(sample, i) / n;
        }
        double cubes = 0;
        double deviation = sample.deviation();
        for (int i = 0; i < values.length; i++) {
            double z = (values[i] - mean) / deviation;
            cubes += z * z * z * weight(sample, i) / n;
        }
        return cubes;
    }

    private static double weight(Sample sample, int i) {
        return sample.upTo()[i] - (i == 0 ? 0 : sample.upTo()[i - 1]);
    }

    /** As many bins as it takes when one is the range divided by {@code parts} wide. */
    private static double[] equal(Sample sample, double parts) {
        double[] values = sample.values();
        double low = values[0];
        double high = values[values.length - 1];
        if (low == high) {
            return new double[] {low - 0.5, high + 0.5};
        }
        double width = (high - low) / parts;
        int bins = parts == 0 ? 1 : Math.max(1, (int) Math.ceil((high - low) / width));
        double[] edges = new double[bins + 1];
        double step = (high - low) / bins;
        for (int i = 0; i < bins; i++) {
            edges[i] = i * step + low;
        }
        edges[bins] = high;
        return edges;
    }

    /** How many values lie in each bin; those outside all are left out. */
    static long[] counts(Sample sample, double[] edges) {
        long[] counts = new long[edges.length - 1];
        long before = below(sample, edges[0]);
        for (int i = 0; i < counts.length; i++) {
            long upTo = i + 1 < counts.length ? below(sample, edges[i + 1]) : sample.rowsUpTo(edges[i + 1]);
            counts[i] = upTo - before;
            before = upTo;
        }
        return counts;
    }

    private static long below(Sample sample, double x) {
        return sample.rowsUpTo(Math.nextDown(x));
    }
}

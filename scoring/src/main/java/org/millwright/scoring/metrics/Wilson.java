package org.millwright.scoring.metrics;

import org.millwright.scoring.metrics.RegressionMetrics.Estimate;

/** Wilson's 95 % interval of a share: it stays within 0 and 1 and holds for few rows and rare cases too. */
public final class Wilson {
    private static final double Z = 1.959963984540054;

    private Wilson() {}

    /** The share k of n with its interval; NaN of nothing. */
    public static Estimate of(long k, long n) {
        if (n == 0) {
            return new Estimate(Double.NaN, Double.NaN, Double.NaN);
        }
        double share = (double) k / n;
        double scale = 1 + Z * Z / n;
        double center = (share + Z * Z / (2.0 * n)) / scale;
        double half = Z / scale * Math.sqrt(share * (1 - share) / n + Z * Z / (4.0 * n * n));
        return new Estimate(share, k == 0 ? 0 : Math.max(0, center - half), k == n ? 1 : Math.min(1, center + half));
    }
}

package org.millwright.scoring.profile;

/**
 * The exact distribution of the two-sample Kolmogorov-Smirnov statistic when no two values are equal; with ties the
 * probability is too large rather than too small.
 */
final class Smirnov {
    /** Up to so many values in the larger sample the exact distribution is worth its cost, as SciPy decides. */
    static final int LARGEST = 10_000;

    private Smirnov() {}

    /**
     * P(D ≥ d) of samples of n and m values: the share of the paths through a grid of n × m that leave the band around
     * its diagonal. Sums of probabilities only, so that tiny tails keep their digits.
     */
    static double survival(int n, int m, double d) {
        if (d <= 0) {
            return 1;
        }
        double cells = (double) n * m;
        double gap = (0.5 + Math.floor(d * cells - 1e-7)) / cells;
        double[] outside = new double[m + 1];
        for (int j = 0; j <= m; j++) {
            outside[j] = (double) j / m > gap ? 1 : 0;
        }
        double[] inverse = new double[n + m + 1];
        for (int i = 1; i <= n + m; i++) {
            inverse[i] = 1.0 / i;
        }
        for (int i = 1; i <= n; i++) {
            double x = (double) i / n;
            int first = Math.max(0, (int) Math.floor(m * (x - gap)) + 1);
            int last = Math.min(m, (int) Math.ceil(m * (x + gap)) - 1);
            if (first > 0) {
                outside[first - 1] = 1;
            }
            int from = Math.max(1, first);
            double left = outside[from - 1];
            for (int j = from; j <= last; j++) {
                double step = inverse[i + j];
                // Only one product and one sum wait for the cell before: a quotient here took six times as long.
                left = i * step * outside[j] + j * step * left;
                outside[j] = left;
            }
        }
        return outside[m];
    }
}

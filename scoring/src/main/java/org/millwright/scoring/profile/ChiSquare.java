package org.millwright.scoring.profile;

/**
 * The chi-square test of a 2×k table, without Yates' correction.
 *
 * @param statistic the sum over cells of (observed − expected)² / expected
 * @param degrees columns with any count, minus one
 * @param p the upper tail; 1 when there is nothing to compare
 */
public record ChiSquare(double statistic, int degrees, double p) {
    private static final double LEAST_EXPECTED = 5;

    /** The test on the counts as they are. */
    public static ChiSquare of(long[] reference, long[] current) {
        ChiSquare untested = statistic(reference, current);
        int degrees = untested.degrees;
        return degrees == 0
                ? untested
                : new ChiSquare(untested.statistic, degrees, Gamma.upper(degrees / 2.0, untested.statistic / 2));
    }

    /** Without its p, which is 1. */
    private static ChiSquare statistic(long[] reference, long[] current) {
        double n = sum(reference);
        double m = sum(current);
        double statistic = 0;
        int columns = 0;
        for (int i = 0; i < reference.length; i++) {
            double both = (double) reference[i] + current[i];
            if (both > 0) {
                columns++;
                statistic += cell(reference[i], both * n / (n + m)) + cell(current[i], both * m / (n + m));
            }
        }
        return columns < 2 || n == 0 || m == 0 ? new ChiSquare(0, 0, 1) : new ChiSquare(statistic, columns - 1, 1);
    }

    /** The test after categories whose expected count is below five on either side became one. */
    public static ChiSquare merged(long[] reference, long[] current) {
        double n = sum(reference);
        double m = sum(current);
        long[] r = new long[reference.length + 1];
        long[] c = new long[reference.length + 1];
        for (int i = 0; i < reference.length; i++) {
            double both = (double) reference[i] + current[i];
            boolean rare = both * Math.min(n, m) / (n + m) < LEAST_EXPECTED;
            int to = rare ? reference.length : i;
            r[to] += reference[i];
            c[to] += current[i];
        }
        return of(r, c);
    }

    /** Cramér's V: the strength of the association, 0 to 1, for {@code rows} counted rows in all. */
    public double cramersV(long rows) {
        return degrees == 0 ? 0 : Math.sqrt(statistic / rows);
    }

    /** The same of counts, without the test. */
    static double cramersV(long[] reference, long[] current, long rows) {
        return statistic(reference, current).cramersV(rows);
    }

    private static double cell(double observed, double expected) {
        return expected == 0 ? 0 : (observed - expected) * (observed - expected) / expected;
    }

    private static double sum(long[] counts) {
        double sum = 0;
        for (long count : counts) {
            sum += count;
        }
        return sum;
    }
}

package org.millwright.scoring.profile;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;

/**
 * How far two models are apart on the same rows, by Student's test of the differences.
 *
 * <p>Rows of one group, such as a day, may go wrong together: then the groups count as what was drawn, not the rows, and the
 * interval is as wide as that asks for.
 *
 * @param rows that both models have a figure for
 * @param groups that the rows fall into; as many as rows when each stands for itself
 * @param difference first − second
 * @param low end of its 95 % interval; NaN of fewer than two groups
 * @param high end of its 95 % interval
 * @param p two-sided probability of a difference at least as large if there were none
 */
public record PairedDifference(long rows, int groups, double difference, double low, double high, double p) {
    private static final double OUTSIDE = 0.05;

    /**
     * Of mean losses. Rows where one of the two is not finite are left out.
     *
     * @param groups by row; empty when each row stands for itself
     */
    public static PairedDifference ofMeans(double[] first, double[] second, long[] groups) {
        return of(first, second, groups, loss -> loss, mean -> 1);
    }

    /** Of the square roots of mean losses, by the delta method. */
    public static PairedDifference ofRoots(double[] squares, double[] others, long[] groups) {
        return of(squares, others, groups, Math::sqrt, mean -> mean > 0 ? 1 / (2 * Math.sqrt(mean)) : 0);
    }

    private static PairedDifference of(
            double[] first, double[] second, long[] groups, DoubleUnaryOperator figure, DoubleUnaryOperator slope) {
        if (first.length != second.length || groups.length != 0 && groups.length != first.length) {
            throw new IllegalArgumentException(first.length + " losses of one model, " + second.length
                    + " of the other, " + groups.length + " groups: expected as many of each");
        }
        int n = 0;
        double ours = 0;
        double theirs = 0;
        for (int i = 0; i < first.length; i++) {
            if (isPair(first[i], second[i])) {
                n++;
                ours += (first[i] - ours) / n;
                theirs += (second[i] - theirs) / n;
            }
        }
        Map<Long, Double> sums = new HashMap<>();
        double a = slope.applyAsDouble(ours);
        double b = slope.applyAsDouble(theirs);
        for (int i = 0; i < first.length; i++) {
            if (isPair(first[i], second[i])) {
                double influence = a * (first[i] - ours) - b * (second[i] - theirs);
                sums.merge(groups.length == 0 ? i : groups[i], influence, Double::sum);
            }
        }
        double difference = n == 0 ? Double.NaN : figure.applyAsDouble(ours) - figure.applyAsDouble(theirs);
        return tested(
                n, difference, sums.values().stream().mapToDouble(sum -> sum).toArray());
    }

    private static boolean isPair(double first, double second) {
        return Double.isFinite(first) && Double.isFinite(second);
    }

    private static PairedDifference tested(int n, double difference, double[] sums) {
        int groups = sums.length;
        if (groups < 2) {
            return new PairedDifference(n, groups, difference, Double.NaN, Double.NaN, Double.NaN);
        }
        double squares = Arrays.stream(sums).map(sum -> sum * sum).sum();
        double error = Math.sqrt(squares * groups / (groups - 1)) / n;
        double half = StudentT.quantile(OUTSIDE, groups - 1) * error;
        double p = difference == 0 ? 1 : StudentT.twoSided(difference / error, groups - 1);
        return new PairedDifference(n, groups, difference, difference - half, difference + half, p);
    }
}

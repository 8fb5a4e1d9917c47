package org.millwright.scoring.metrics;

import java.util.Arrays;
import org.millwright.scoring.metrics.RegressionMetrics.Estimate;

/** How well scores put the rows of a class before the others; equal scores count as half before, half behind. */
final class Ranking {
    private final double[] of;
    private final double[] others;

    /**
     * Takes the scores apart.
     *
     * @param member whether each row is of the class
     */
    Ranking(double[] scores, boolean[] member) {
        double[] inside = new double[scores.length];
        double[] outside = new double[scores.length];
        int in = 0;
        int out = 0;
        for (int i = 0; i < scores.length; i++) {
            if (member[i]) {
                inside[in++] = scores[i];
            } else {
                outside[out++] = scores[i];
            }
        }
        this.of = sorted(inside, in);
        this.others = sorted(outside, out);
    }

    private static double[] sorted(double[] values, int count) {
        double[] sorted = Arrays.copyOf(values, count);
        Arrays.sort(sorted);
        return sorted;
    }

    /** Area under the ROC curve; NaN unless there are rows of the class and others. */
    double rocAuc() {
        if (of.length == 0 || others.length == 0) {
            return Double.NaN;
        }
        double before = 0;
        int below = 0;
        int upTo = 0;
        for (double score : of) {
            while (below < others.length && others[below] < score) {
                below++;
            }
            upTo = Math.max(upTo, below);
            while (upTo < others.length && others[upTo] <= score) {
                upTo++;
            }
            before += (below + upTo) / 2.0;
        }
        return before / of.length / others.length;
    }

    /** The same with DeLong's 95 % interval. */
    Estimate rocAucEstimate() {
        double value = rocAuc();
        double[] inside = placements(of, others);
        double[] outside = placements(others, of);
        double error = Math.sqrt(Math.pow(Means.standardError(inside), 2) + Math.pow(Means.standardError(outside), 2));
        Estimate estimate = Estimate.of(value, error);
        return new Estimate(value, Math.max(0, estimate.low()), Math.min(1, estimate.high()));
    }

    /** For each row of the class, ascending, the share of the others below it. */
    double[] placements() {
        return placements(of, others);
    }

    /** For each of ascending values the share of ascending others below it, equal ones counting half. */
    private static double[] placements(double[] values, double[] others) {
        double[] shares = new double[values.length];
        int below = 0;
        int upTo = 0;
        for (int i = 0; i < values.length; i++) {
            while (below < others.length && others[below] < values[i]) {
                below++;
            }
            upTo = Math.max(upTo, below);
            while (upTo < others.length && others[upTo] <= values[i]) {
                upTo++;
            }
            shares[i] = (below + upTo) / 2.0 / others.length;
        }
        return shares;
    }

    /** Precision summed over the steps of recall, without interpolation; NaN without rows of the class. */
    double averagePrecision() {
        if (of.length == 0) {
            return Double.NaN;
        }
        double sum = 0;
        int in = of.length;
        int out = others.length;
        while (in > 0) {
            double score = of[in - 1];
            int before = in;
            while (in > 0 && of[in - 1] == score) {
                in--;
            }
            while (out > 0 && others[out - 1] >= score) {
                out--;
            }
            double found = of.length - in;
            sum += (before - in) * found / (found + others.length - out);
        }
        return sum / of.length;
    }
}

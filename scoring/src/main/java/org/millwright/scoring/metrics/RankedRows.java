package org.millwright.scoring.metrics;

import java.util.Arrays;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.millwright.scoring.metrics.RegressionMetrics.Estimate;
import org.millwright.scoring.profile.Quantiles;

/**
 * Rows of two classes by descending score, and what their order is worth. Intervals are those of a bootstrap that weighs
 * each row by Poisson numbers, with a fixed seed; of the largest gap (KS) they hold the truth nine times in ten only.
 */
final class RankedRows {
    /** The numbers that one pass gives, in this order. */
    static final int AVERAGE_PRECISION = 0;

    static final int PR_AUC = 1;
    static final int KS = 2;
    static final int LIFT = 3;
    static final int ECE = 4;
    static final int ECE_FREQUENCY = 5;

    private static final int NUMBERS = 6;
    private static final int BINS = 10;
    private static final long SEED = 20_130_101;

    private final double[] scores;
    private final boolean[] members;

    RankedRows(double[] scores, boolean[] members) {
        int[] order = IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -scores[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        this.scores = new double[order.length];
        this.members = new boolean[order.length];
        for (int i = 0; i < order.length; i++) {
            this.scores[i] = scores[order[i]];
            this.members[i] = members[order[i]];
        }
    }

    /** All numbers with their intervals, by 50 to 200 draws: as many as have that many rows together. */
    Estimate[] estimates(double work) {
        int n = scores.length;
        double[] ones = new double[n];
        Arrays.fill(ones, 1);
        double[] values = pass(ones);
        int replicates = (int) Math.min(200, Math.max(50, work / Math.max(1, n)));
        double[][] drawn = new double[NUMBERS][replicates];
        SplittableRandom random = new SplittableRandom(SEED);
        double[] weights = new double[n];
        for (int r = 0; r < replicates; r++) {
            for (int i = 0; i < n; i++) {
                weights[i] = poisson(random);
            }
            double[] numbers = pass(weights);
            for (int k = 0; k < NUMBERS; k++) {
                drawn[k][r] = numbers[k];
            }
        }
        Estimate[] estimates = new Estimate[NUMBERS];
        for (int k = 0; k < NUMBERS; k++) {
            boolean mirrored = k == KS || k == ECE || k == ECE_FREQUENCY;
            estimates[k] = interval(values[k], drawn[k], mirrored);
        }
        return estimates;
    }

    /** @param mirrored whether the interval lies on the other side, as chance only ever adds to a largest or absolute gap */
    private static Estimate interval(double value, double[] drawn, boolean mirrored) {
        double[] sorted = Quantiles.sortedFinite(drawn);
        if (sorted.length == 0 || sorted.length < drawn.length / 2) {
            return new Estimate(value, Double.NaN, Double.NaN);
        }
        double low = Quantiles.quantile(sorted, 0.025);
        double high = Quantiles.quantile(sorted, 0.975);
        return mirrored
                ? new Estimate(value, Math.max(0, Math.min(value, 2 * value - high)), Math.max(value, 2 * value - low))
                : new Estimate(value, Math.min(value, low), Math.max(value, high));
    }

    private static int poisson(SplittableRandom random) {
        double left = random.nextDouble();
        double p = Math.exp(-1);
        int k = 0;
        while (left >= p && k < 20) {
            left -= p;
            p /= ++k;
        }
        return k;
    }

    private double[] pass(double[] weights) {
        double all = 0;
        double positive = 0;
        for (int i = 0; i < weights.length; i++) {
            all += weights[i];
            positive += members[i] ? weights[i] : 0;
        }
        double[] numbers = new double[NUMBERS];
        curve(weights, all, positive, numbers);
        numbers[LIFT] = lift(weights, all, positive);
        numbers[ECE] = ece(weights, all, false);
        numbers[ECE_FREQUENCY] = ece(weights, all, true);
        return numbers;
    }

    /** Average precision, the area under the precision-recall curve by trapezoids, and the largest gap of the ROC curve. */
    private void curve(double[] weights, double all, double positive, double[] numbers) {
        double tp = 0;
        double fp = 0;
        double recall = 0;
        double precision = 1;
        int i = 0;
        while (i < weights.length) {
            double score = scores[i];
            for (; i < weights.length && scores[i] == score; i++) {
                tp += members[i] ? weights[i] : 0;
                fp += members[i] ? 0 : weights[i];
            }
            if (tp + fp > 0) {
                double found = tp / positive;
                double right = tp / (tp + fp);
                numbers[AVERAGE_PRECISION] += (found - recall) * right;
                numbers[PR_AUC] += (found - recall) * (right + precision) / 2;
                numbers[KS] = Math.max(numbers[KS], found - fp / (all - positive));
                recall = found;
                precision = right;
            }
        }
        if (positive == 0) {
            Arrays.fill(numbers, AVERAGE_PRECISION, KS + 1, Double.NaN);
        } else if (positive == all) {
            numbers[KS] = Double.NaN;
        }
    }

    /** How many times more members the tenth with the highest scores has than an average tenth. */
    private double lift(double[] weights, double all, double positive) {
        double top = Math.floor(all / BINS);
        double taken = 0;
        double found = 0;
        for (int i = 0; i < weights.length && taken < top; i++) {
            double take = Math.min(weights[i], top - taken);
            taken += take;
            found += members[i] ? take : 0;
        }
        return found / taken / (positive / all);
    }

    /** Expected calibration error over ten bins: of equal width, or of equally many rows. */
    private double ece(double[] weights, double all, boolean frequency) {
        double[] rows = new double[BINS];
        double[] gaps = new double[BINS];
        double below = all;
        for (int i = 0; i < weights.length; i++) {
            below -= weights[i];
            int bin = Math.min(BINS - 1, (int) (frequency ? below * BINS / all : scores[i] * BINS));
            rows[bin] += weights[i];
            gaps[bin] += weights[i] * ((members[i] ? 1 : 0) - scores[i]);
        }
        double sum = 0;
        for (double gap : gaps) {
            sum += Math.abs(gap);
        }
        return all == 0 ? Double.NaN : sum / all;
    }
}

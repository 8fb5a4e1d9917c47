package org.millwright.scoring.performance;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.millwright.scoring.metrics.Ranks;

/**
 * How much a metric of n rows varies by chance, learned on labelled rows: NannyML's formulas, a standard deviation over √n
 * times the share of the rows that the metric is about.
 *
 * @param deviation of one such row
 * @param share of the rows that count
 */
record SamplingError(double deviation, double share) {
    private static final int EXPERIMENTS = 50;
    private static final int MOST = 50_000;
    private static final double TOGETHER = 1.2;
    private static final long SEED = 42;

    double of(int rows) {
        return deviation / Math.sqrt(rows * share);
    }

    static SamplingError of(BinaryMetric metric, boolean[] truth, boolean[] predicted, double[] scores) {
        double n = truth.length;
        double tp = count(truth, predicted, true, true);
        double fp = count(truth, predicted, false, true);
        double fn = count(truth, predicted, true, false);
        double tn = count(truth, predicted, false, false);
        return switch (metric) {
            case ACCURACY -> new SamplingError(deviation((tp + tn) / n), 1);
            case PRECISION -> new SamplingError(deviation(tp / (tp + fp)), (tp + fp) / n);
            case RECALL -> new SamplingError(deviation(tp / (tp + fn)), (tp + fn) / n);
            case SPECIFICITY -> new SamplingError(deviation(tn / (tn + fp)), (tn + fp) / n);
            case F1 -> {
                double about = tp + fp + fn;
                yield new SamplingError(deviation(tp / about) * about / (tp + (fp + fn) / 2), about / n);
            }
            case ROC_AUC -> ranks(truth, scores);
            case AVERAGE_PRECISION -> precision(truth, scores);
        };
    }

    /** The part of one class in a mean over several, where NannyML corrects F1 otherwise, and widens ROC AUC by a fifth. */
    static SamplingError ofClass(BinaryMetric metric, boolean[] truth, boolean[] predicted, double[] scores) {
        SamplingError alone = of(metric, truth, predicted, scores);
        return switch (metric) {
            case F1 -> {
                double tp = count(truth, predicted, true, true);
                double about = alone.share * truth.length;
                yield new SamplingError(deviation(tp / about), alone.share);
            }
            case ROC_AUC -> new SamplingError(TOGETHER * alone.deviation, alone.share);
            default -> alone;
        };
    }

    private static double count(boolean[] truth, boolean[] predicted, boolean t, boolean p) {
        return IntStream.range(0, truth.length)
                .filter(i -> truth[i] == t && predicted[i] == p)
                .count();
    }

    /** Standard deviation of something that is 1 with that share and else 0. */
    private static double deviation(double share) {
        return Math.sqrt(share * (1 - share));
    }

    /** By the places of the rarer class among the other. */
    private static SamplingError ranks(boolean[] truth, double[] scores) {
        double positives =
                IntStream.range(0, truth.length).filter(i -> truth[i]).count();
        boolean turned = positives * 2 > truth.length;
        boolean[] rare = new boolean[truth.length];
        double[] by = new double[truth.length];
        for (int i = 0; i < rare.length; i++) {
            rare[i] = truth[i] != turned;
            by[i] = turned ? 1 - scores[i] : scores[i];
        }
        double[] places = Ranks.placements(by, rare);
        return new SamplingError(spread(places), (double) places.length / truth.length);
    }

    /** By drawing samples again and again, with a fixed seed. */
    private static SamplingError precision(boolean[] truth, double[] scores) {
        int size = Math.min(truth.length / 2, MOST);
        SplittableRandom random = new SplittableRandom(SEED);
        double[] drawn = new double[EXPERIMENTS];
        for (int e = 0; e < EXPERIMENTS; e++) {
            boolean[] y = new boolean[size];
            double[] s = new double[size];
            for (int i = 0; i < size; i++) {
                int row = random.nextInt(truth.length);
                y[i] = truth[row];
                s[i] = scores[row];
            }
            drawn[e] = Ranks.averagePrecision(s, y);
        }
        return new SamplingError(spread(drawn) * Math.sqrt(size), 1);
    }

    /** Standard deviation of the values that are known. */
    private static double spread(double[] values) {
        double[] known =
                Arrays.stream(values).filter(value -> !Double.isNaN(value)).toArray();
        double mean = Arrays.stream(known).average().orElse(Double.NaN);
        return Math.sqrt(Arrays.stream(known)
                .map(value -> (value - mean) * (value - mean))
                .average()
                .orElse(Double.NaN));
    }
}

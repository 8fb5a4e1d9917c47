package org.millwright.scoring.performance;

import java.util.Comparator;
import java.util.stream.IntStream;

/** Metrics of two classes that are to be expected when each row's probability of the positive class is true. */
final class ExpectedMetrics {
    private static final double ROUND = 1e5;

    private final double[] probabilities;
    private double tp;
    private double fp;
    private double tn;
    private double fn;

    /** @param predicted whether each row was predicted as positive */
    ExpectedMetrics(double[] probabilities, boolean[] predicted) {
        this.probabilities = probabilities;
        for (int i = 0; i < predicted.length; i++) {
            double p = probabilities[i];
            tp += predicted[i] ? p : 0;
            fp += predicted[i] ? 1 - p : 0;
            fn += predicted[i] ? 0 : p;
            tn += predicted[i] ? 0 : 1 - p;
        }
    }

    double accuracy() {
        return (tp + tn) / probabilities.length;
    }

    double precision() {
        return zero(tp / (tp + fp));
    }

    double recall() {
        return zero(tp / (tp + fn));
    }

    double specificity() {
        return zero(tn / (tn + fp));
    }

    double f1() {
        return zero(tp / (tp + (fp + fn) / 2));
    }

    private static double zero(double ratio) {
        return Double.isNaN(ratio) ? 0 : ratio;
    }

    /** @param scores what the rows are ranked by: the model's own, which calibration may have made equal */
    double rocAuc(double[] scores) {
        double before = 0;
        double negatives = 0;
        double hits = 0;
        double area = 0;
        int i = 0;
        for (int row : descending(scores)) {
            i++;
            hits += probabilities[row];
            double tps = round(hits);
            double fps = round(i - hits);
            area += (fps - negatives) * (tps + before) / 2;
            before = tps;
            negatives = fps;
        }
        return area / before / negatives;
    }

    double averagePrecision(double[] scores) {
        double hits = 0;
        double before = 0;
        double sum = 0;
        int i = 0;
        for (int row : descending(scores)) {
            i++;
            hits += probabilities[row];
            double tps = round(hits);
            sum += (tps - before) * tps / i;
            before = tps;
        }
        return sum / before;
    }

    private static double round(double value) {
        return Math.rint(value * ROUND) / ROUND;
    }

    private static int[] descending(double[] scores) {
        return IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -scores[i]))
                .mapToInt(Integer::intValue)
                .toArray();
    }
}

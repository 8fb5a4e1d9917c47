package org.millwright.scoring.performance;

import java.util.Comparator;
import java.util.stream.IntStream;

/** Metrics of two classes that are to be expected when each row's probability of the positive class is true. */
final class ExpectedMetrics {
    private static final double ROUND = 1e5;

    private final double[] probabilities;
    private final ExpectedCounts counts;

    /** @param predicted whether each row was predicted as positive */
    ExpectedMetrics(double[] probabilities, boolean[] predicted) {
        this.probabilities = probabilities;
        double tp = 0;
        double fp = 0;
        double fn = 0;
        double tn = 0;
        for (int i = 0; i < predicted.length; i++) {
            double p = probabilities[i];
            tp += predicted[i] ? p : 0;
            fp += predicted[i] ? 1 - p : 0;
            fn += predicted[i] ? 0 : p;
            tn += predicted[i] ? 0 : 1 - p;
        }
        this.counts = new ExpectedCounts(tp, fp, fn, tn);
    }

    ExpectedCounts counts() {
        return counts;
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

package org.millwright.scoring.metrics;

import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.millwright.scoring.metrics.RegressionMetrics.Estimate;

/**
 * How well predicted classes met the true ones, with scikit-learn's numbers. Precision, recall and F1 are those of the
 * positive class; without one, the mean over the classes that occur. A ratio without a denominator is 0.
 *
 * @param n rows with a true and a predicted class
 * @param skipped rows left out because one of the two is missing
 * @param accuracy share of the rows whose class was predicted, with its 95 % interval
 * @param balancedAccuracy mean recall of the true classes
 * @param skill 1 − error rate / error rate of always predicting {@code baseline}, with its 95 % interval; 0 is no better
 * @param probabilities how good the classes' probabilities are; empty when there are none
 * @param confusion rows by true class, then by predicted class
 */
public record ClassificationMetrics(
        long n,
        long skipped,
        Estimate accuracy,
        double balancedAccuracy,
        double precision,
        double recall,
        double f1,
        Estimate skill,
        Optional<Probabilistic> probabilities,
        long[][] confusion) {
    /** In place of the number of a class: there is none. */
    public static final int MISSING = -1;

    /**
     * How good probabilities are; without a positive one, means over each class against the rest.
     *
     * @param rocAuc area under the ROC curve; NaN when a class has no rows
     * @param logLoss mean of −ln of the true class's probability, with its 95 % interval
     * @param brier mean squared difference to what was true, with its 95 % interval; without a positive one summed over the classes
     * @param averagePrecision NaN when a class has no rows
     */
    public record Probabilistic(double rocAuc, Estimate logLoss, Estimate brier, double averagePrecision) {}

    /**
     * The classes that rows can have, numbered from 0.
     *
     * @param positive number of the one that is looked for, or {@link #MISSING} when all are alike
     * @param baseline number of the one that a model without skill would always predict
     */
    public record Classes(int count, int positive, int baseline) {
        boolean binary() {
            return positive != MISSING;
        }
    }

    /**
     * Measures.
     *
     * @param truth number of each row's class, or {@link #MISSING}
     * @param predicted likewise
     * @param probabilities by class, then by row; null when there are none
     */
    public static ClassificationMetrics of(
            int[] truth, int[] predicted, double @Nullable [][] probabilities, Classes classes) {
        if (truth.length != predicted.length) {
            throw new IllegalArgumentException(
                    truth.length + " true classes but " + predicted.length + " predictions: expected as many");
        }
        int[] rows = new int[truth.length];
        int n = 0;
        for (int i = 0; i < truth.length; i++) {
            if (truth[i] != MISSING && predicted[i] != MISSING) {
                rows[n++] = i;
            }
        }
        int[] y = chosen(truth, rows, n);
        int[] p = chosen(predicted, rows, n);
        long[][] confusion = new long[classes.count()][classes.count()];
        for (int i = 0; i < n; i++) {
            confusion[y[i]][p[i]]++;
        }
        double[] ratios = ratios(confusion, classes);
        return new ClassificationMetrics(
                n,
                truth.length - n,
                accuracy(y, p),
                balanced(confusion),
                ratios[0],
                ratios[1],
                ratios[2],
                skill(y, p, classes.baseline()),
                probabilities == null
                        ? Optional.empty()
                        : Optional.of(probabilistic(y, chosen(probabilities, rows, n), classes)),
                confusion);
    }

    private static int[] chosen(int[] values, int[] rows, int n) {
        int[] chosen = new int[n];
        for (int i = 0; i < n; i++) {
            chosen[i] = values[rows[i]];
        }
        return chosen;
    }

    private static double[][] chosen(double[][] values, int[] rows, int n) {
        double[][] chosen = new double[values.length][n];
        for (int c = 0; c < values.length; c++) {
            for (int i = 0; i < n; i++) {
                chosen[c][i] = values[c][rows[i]];
            }
        }
        return chosen;
    }

    private static Estimate accuracy(int[] y, int[] p) {
        double[] right = new double[y.length];
        for (int i = 0; i < right.length; i++) {
            right[i] = y[i] == p[i] ? 1 : 0;
        }
        Estimate estimate = Means.estimate(right);
        return new Estimate(estimate.value(), Math.max(0, estimate.low()), Math.min(1, estimate.high()));
    }

    private static double balanced(long[][] confusion) {
        double sum = 0;
        int classes = 0;
        for (int c = 0; c < confusion.length; c++) {
            long rows = Arrays.stream(confusion[c]).sum();
            if (rows > 0) {
                sum += (double) confusion[c][c] / rows;
                classes++;
            }
        }
        return classes == 0 ? Double.NaN : sum / classes;
    }

    /** Precision, recall and F1. */
    private static double[] ratios(long[][] confusion, Classes classes) {
        double[] sums = new double[3];
        int occurring = 0;
        for (int c = 0; c < confusion.length; c++) {
            long predicted = 0;
            for (long[] row : confusion) {
                predicted += row[c];
            }
            long rows = Arrays.stream(confusion[c]).sum();
            boolean counts = classes.binary() ? c == classes.positive() : rows + predicted > 0;
            if (counts) {
                occurring++;
                sums[0] += ratio(confusion[c][c], predicted);
                sums[1] += ratio(confusion[c][c], rows);
                sums[2] += ratio(2 * confusion[c][c], predicted + rows);
            }
        }
        boolean any = Arrays.stream(confusion).flatMapToLong(Arrays::stream).sum() > 0;
        int over = occurring;
        return Arrays.stream(sums).map(sum -> any ? sum / over : Double.NaN).toArray();
    }

    private static double ratio(long part, long whole) {
        return whole == 0 ? 0 : (double) part / whole;
    }

    /** The interval is the delta method's on the paired errors of model and baseline. */
    private static Estimate skill(int[] y, int[] p, int baseline) {
        double[] ours = new double[y.length];
        double[] theirs = new double[y.length];
        for (int i = 0; i < y.length; i++) {
            ours[i] = y[i] == p[i] ? 0 : 1;
            theirs[i] = y[i] == baseline ? 0 : 1;
        }
        double naive = Means.mean(theirs);
        if (naive == 0 || Double.isNaN(naive)) {
            return new Estimate(Double.NaN, Double.NaN, Double.NaN);
        }
        double ratio = Means.mean(ours) / naive;
        double[] influence = new double[y.length];
        for (int i = 0; i < influence.length; i++) {
            influence[i] = (ours[i] - ratio * theirs[i]) / naive;
        }
        return Estimate.of(1 - ratio, Means.standardError(influence));
    }

    /** −ln of the true class's probability, which counts as at least the smallest step of a double below 1. */
    public static double logLoss(double probability) {
        return -Math.log(Math.min(1, Math.max(Math.ulp(1.0), probability)));
    }

    private static Probabilistic probabilistic(int[] y, double[][] probabilities, Classes classes) {
        int first = classes.binary() ? classes.positive() : 0;
        int last = classes.binary() ? classes.positive() : probabilities.length - 1;
        double[] loss = new double[y.length];
        double[] squares = new double[y.length];
        for (int i = 0; i < y.length; i++) {
            loss[i] = logLoss(probabilities[y[i]][i]);
            for (int c = first; c <= last; c++) {
                double difference = probabilities[c][i] - (y[i] == c ? 1 : 0);
                squares[i] += difference * difference;
            }
        }
        double auc = 0;
        double precision = 0;
        for (int c = first; c <= last; c++) {
            boolean[] member = new boolean[y.length];
            for (int i = 0; i < y.length; i++) {
                member[i] = y[i] == c;
            }
            var ranking = new Ranking(probabilities[c], member);
            auc += ranking.rocAuc();
            precision += ranking.averagePrecision();
        }
        int over = last - first + 1;
        return new Probabilistic(
                auc / over,
                Means.estimate(loss).notBelowZero(),
                Means.estimate(squares).notBelowZero(),
                precision / over);
    }
}

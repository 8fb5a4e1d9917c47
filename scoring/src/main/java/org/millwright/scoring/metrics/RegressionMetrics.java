package org.millwright.scoring.metrics;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/**
 * How well numeric predictions met the truth. Errors are prediction − truth, in the label's unit.
 *
 * @param n rows with a finite truth and prediction
 * @param skipped rows left out because one of the two is missing or not finite
 * @param rmse root mean squared error with its 95 % interval
 * @param mae mean absolute error with its 95 % interval
 * @param r2 coefficient of determination; NaN when the truth is constant
 * @param bias mean error
 * @param medianError median absolute error
 * @param maxError largest absolute error
 * @param skill 1 − RMSE / RMSE of always predicting {@code baseline}, with its 95 % interval; 0 is no better
 * @param baseline the constant, usually the training mean
 */
public record RegressionMetrics(
        long n,
        long skipped,
        Estimate rmse,
        Estimate mae,
        double r2,
        double bias,
        double medianError,
        double maxError,
        Estimate skill,
        double baseline) {

    /** A value with the bounds of its 95 % confidence interval (normal approximation; NaN below two rows). */
    public record Estimate(double value, double low, double high) {
        private static final double Z = 1.959963984540054;

        /** With its 95 % interval by the normal distribution. */
        public static Estimate of(double value, double standardError) {
            return new Estimate(value, value - Z * standardError, value + Z * standardError);
        }

        Estimate notBelowZero() {
            return new Estimate(value, Math.max(0, low), high);
        }
    }

    /** Throws IllegalArgumentException when the arrays differ in length; all values are NaN when no row is usable. */
    public static RegressionMetrics of(double[] truth, double[] prediction, double baseline) {
        if (truth.length != prediction.length) {
            throw new IllegalArgumentException(
                    truth.length + " true values but " + prediction.length + " predictions: expected as many");
        }
        double[] y = new double[truth.length];
        double[] e = new double[truth.length];
        int n = 0;
        for (int i = 0; i < truth.length; i++) {
            if (Double.isFinite(truth[i]) && Double.isFinite(prediction[i])) {
                y[n] = truth[i];
                e[n++] = prediction[i] - truth[i];
            }
        }
        return of(Arrays.copyOf(y, n), Arrays.copyOf(e, n), baseline, truth.length - n);
    }

    private static RegressionMetrics of(double[] y, double[] e, double baseline, long skipped) {
        double[] squared = map(e, v -> v * v);
        double[] absolute = map(e, Math::abs);
        double mse = Means.mean(squared);
        double rmse = Math.sqrt(mse);
        double center = Means.mean(y);
        double spread = Means.mean(map(y, v -> (v - center) * (v - center)));
        double[] sorted = absolute.clone();
        Arrays.sort(sorted);
        double rmseError = rmse == 0 ? 0 : Means.standardError(squared) / (2 * rmse);
        return new RegressionMetrics(
                y.length,
                skipped,
                Estimate.of(rmse, rmseError).notBelowZero(),
                Estimate.of(Means.mean(absolute), Means.standardError(absolute)).notBelowZero(),
                spread == 0 ? Double.NaN : 1 - mse / spread,
                Means.mean(e),
                median(sorted),
                sorted.length == 0 ? Double.NaN : sorted[sorted.length - 1],
                skill(y, squared, baseline),
                baseline);
    }

    /** The interval is the delta method's on the paired squared errors of model and baseline. */
    private static Estimate skill(double[] y, double[] squared, double baseline) {
        double[] naive = map(y, v -> (v - baseline) * (v - baseline));
        double ours = Means.mean(squared);
        double theirs = Means.mean(naive);
        if (theirs == 0 || Double.isNaN(theirs)) {
            return new Estimate(Double.NaN, Double.NaN, Double.NaN);
        }
        double ratio = Math.sqrt(ours / theirs);
        double[] influence = new double[squared.length];
        for (int i = 0; i < influence.length; i++) {
            influence[i] = (ours == 0 ? 0 : squared[i] / ours) - naive[i] / theirs;
        }
        return Estimate.of(1 - ratio, ratio / 2 * Means.standardError(influence));
    }

    private static double[] map(double[] values, DoubleUnaryOperator function) {
        return Arrays.stream(values).map(function).toArray();
    }

    private static double median(double[] sorted) {
        if (sorted.length == 0) {
            return Double.NaN;
        }
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}

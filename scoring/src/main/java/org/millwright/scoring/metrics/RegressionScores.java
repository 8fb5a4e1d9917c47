package org.millwright.scoring.metrics;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import org.millwright.scoring.metrics.RegressionMetrics.Estimate;

/**
 * Every number of predictions of a quantity, each with its 95 % interval: means by the normal distribution, ratios by the
 * delta method, the median by its ranks. The largest error has no interval.
 */
public final class RegressionScores {
    private static final double QUANTILE = 0.9;
    private static final double Z = 1.959963984540054;

    private RegressionScores() {}

    /**
     * Measures rows that have both a finite truth and a finite prediction.
     *
     * <p>{@code mape} leaves rows whose truth is 0 out; {@code mape_sklearn} divides them by the smallest step of a double, as
     * scikit-learn does.
     */
    public static Map<String, Estimate> of(double[] truth, double[] predicted) {
        if (truth.length != predicted.length) {
            throw new IllegalArgumentException(
                    truth.length + " true values but " + predicted.length + " predictions: expected as many");
        }
        int n = truth.length;
        double[] error = filled(n, i -> predicted[i] - truth[i]);
        double[] squared = filled(n, i -> error[i] * error[i]);
        double[] absolute = filled(n, i -> Math.abs(error[i]));
        Estimate mse = Means.estimate(squared).notBelowZero();
        Map<String, Estimate> all = new LinkedHashMap<>();
        all.put("rmse", root(mse));
        all.put("mse", mse);
        all.put("mae", Means.estimate(absolute).notBelowZero());
        all.put("mean_error", Means.estimate(error));
        double[] sorted = absolute.clone();
        Arrays.sort(sorted);
        all.put("median_ae", median(sorted));
        all.put("max_error", new Estimate(n == 0 ? Double.NaN : sorted[n - 1], Double.NaN, Double.NaN));
        all.put("r2", explained(truth, squared));
        double bias = Means.mean(error);
        all.put("explained_variance", explained(truth, filled(n, i -> (error[i] - bias) * (error[i] - bias))));
        all.put("mape", Means.estimate(relative(truth, absolute)).notBelowZero());
        all.put(
                "mape_sklearn",
                Means.estimate(filled(n, i -> absolute[i] / Math.max(Math.abs(truth[i]), Math.ulp(1.0))))
                        .notBelowZero());
        all.put(
                "smape",
                Means.estimate(filled(
                        n, i -> 2 * absolute[i] / Math.max(Math.abs(truth[i]) + Math.abs(predicted[i]), 1e-12))));
        all.put(
                "pinball_0.9",
                Means.estimate(filled(n, i -> error[i] < 0 ? -QUANTILE * error[i] : (1 - QUANTILE) * error[i]))
                        .notBelowZero());
        return all;
    }

    private static double[] filled(int n, IntToDoubleFunction value) {
        double[] values = new double[n];
        Arrays.setAll(values, value);
        return values;
    }

    private static Estimate root(Estimate square) {
        double error = (square.high() - square.value()) / Z;
        double value = Math.sqrt(square.value());
        return Estimate.of(value, value == 0 ? 0 : error / (2 * value)).notBelowZero();
    }

    private static double[] relative(double[] truth, double[] absolute) {
        double[] kept = new double[truth.length];
        int n = 0;
        for (int i = 0; i < truth.length; i++) {
            if (truth[i] != 0) {
                kept[n++] = absolute[i] / Math.abs(truth[i]);
            }
        }
        return Arrays.copyOf(kept, n);
    }

    private static Estimate median(double[] sorted) {
        int n = sorted.length;
        if (n == 0) {
            return new Estimate(Double.NaN, Double.NaN, Double.NaN);
        }
        double value = (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
        double half = Z * Math.sqrt(n) / 2;
        int low = (int) Math.max(0, Math.floor(n / 2.0 - half));
        int high = (int) Math.min(n - 1, Math.ceil(n / 2.0 + half));
        return new Estimate(value, sorted[low], sorted[high]);
    }

    /** The share of the truth's variance that squares do not have; NaN when the truth is constant. */
    private static Estimate explained(double[] truth, double[] squares) {
        double center = Means.mean(truth);
        double[] spread = filled(truth.length, i -> (truth[i] - center) * (truth[i] - center));
        double whole = Means.mean(spread);
        if (!(whole > 0)) {
            return new Estimate(Double.NaN, Double.NaN, Double.NaN);
        }
        double ratio = Means.mean(squares) / whole;
        double[] influence = filled(truth.length, i -> (squares[i] - ratio * spread[i]) / whole);
        return Estimate.of(1 - ratio, Means.standardError(influence));
    }
}

package org.millwright.pipeline.steps;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.scoring.Frame;
import org.millwright.scoring.metrics.RegressionMetrics;
import org.millwright.scoring.profile.PairedDifference;

/** Predicted numbers, measured against always predicting the mean training label. */
final class MeasuredNumbers implements Measured {
    private final double[] truth;
    private final double[] prediction;
    private final double mean;

    private MeasuredNumbers(double[] truth, double[] prediction, double mean) {
        this.truth = truth;
        this.prediction = prediction;
        this.mean = mean;
    }

    /** @param reference the training labels; truth and reference are the first columns of theirs */
    static MeasuredNumbers of(String label, Frame truth, Frame reference, Frame predictions) {
        double mean = Arrays.stream(reference.doubles(0))
                .filter(Double::isFinite)
                .average()
                .orElseThrow(() -> new Problem.Invalid("The reference has no value in column " + label));
        return new MeasuredNumbers(truth.doubles(0), predictions.doubles(0), mean);
    }

    @Override
    public ObjectNode overall() {
        return json(RegressionMetrics.of(truth, prediction, mean));
    }

    @Override
    public ObjectNode of(List<Integer> rows) {
        double[] y = rows.stream().mapToDouble(row -> truth[row]).toArray();
        double[] p = rows.stream().mapToDouble(row -> prediction[row]).toArray();
        return json(RegressionMetrics.of(y, p, mean));
    }

    @Override
    public ObjectNode baseline() {
        double[] constant = new double[truth.length];
        Arrays.fill(constant, mean);
        ObjectNode json = Json.object();
        Metrics.put(json, "mean", mean);
        Metrics.put(
                json, "rmse", RegressionMetrics.of(truth, constant, mean).rmse().value());
        return json;
    }

    @Override
    public ObjectNode other(Frame predictions, long[] groups, double tolerance) {
        ObjectNode json = json(RegressionMetrics.of(truth, predictions.doubles(0), mean));
        double[] other = predictions.doubles(0).clone();
        Arrays.setAll(
                other, row -> Measured.same(prediction[row], other[row], tolerance) ? prediction[row] : other[row]);
        Metrics.putDifference(
                json, "rmse", PairedDifference.ofRoots(squares(prediction), squares(other), groups), groups.length > 0);
        return json;
    }

    private double[] squares(double[] predicted) {
        double[] squares = new double[truth.length];
        Arrays.setAll(squares, row -> (predicted[row] - truth[row]) * (predicted[row] - truth[row]));
        return squares;
    }

    @Override
    public void describe(ObjectNode evaluation) {
        evaluation.put("task", "regression");
    }

    private static ObjectNode json(RegressionMetrics metrics) {
        ObjectNode json = Json.object().put("rows", metrics.n()).put("skipped", metrics.skipped());
        Metrics.put(json, "rmse", metrics.rmse());
        Metrics.put(json, "mae", metrics.mae());
        Metrics.put(json, "skill", metrics.skill());
        Metrics.put(json, "r2", metrics.r2());
        Metrics.put(json, "bias", metrics.bias());
        Metrics.put(json, "median_error", metrics.medianError());
        Metrics.put(json, "max_error", metrics.maxError());
        return json;
    }

    @Override
    public String sentence(ObjectNode metrics, JsonNode champion) {
        String text = String.format(
                Locale.ROOT,
                "%d rows: RMSE %.3f, skill %+.4f",
                metrics.path("rows").asLong(),
                metrics.path("rmse").asDouble(Double.NaN),
                metrics.path("skill").asDouble(Double.NaN));
        return champion.isObject()
                ? text
                        + String.format(
                                Locale.ROOT,
                                "; version %s in production: RMSE %.3f",
                                champion.path("version").asText(),
                                champion.path("rmse").asDouble(Double.NaN))
                        + Metrics.difference(champion)
                : text;
    }
}

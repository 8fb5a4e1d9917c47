package org.millwright.pipeline.steps;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import org.millwright.kernel.Json;
import org.millwright.scoring.metrics.RegressionMetrics;

/** Metrics as gates and pages read them; what is not a finite number is left out. */
final class Metrics {
    private Metrics() {}

    static ObjectNode json(RegressionMetrics metrics) {
        ObjectNode json = Json.object().put("rows", metrics.n()).put("skipped", metrics.skipped());
        put(json, "rmse", metrics.rmse());
        put(json, "mae", metrics.mae());
        put(json, "skill", metrics.skill());
        put(json, "r2", metrics.r2());
        put(json, "bias", metrics.bias());
        put(json, "median_error", metrics.medianError());
        put(json, "max_error", metrics.maxError());
        return json;
    }

    /** The mean of the training labels, and how far always predicting it is off. */
    static ObjectNode baseline(double[] truth, double mean) {
        double[] constant = new double[truth.length];
        java.util.Arrays.fill(constant, mean);
        ObjectNode json = Json.object();
        put(json, "mean", mean);
        put(json, "rmse", RegressionMetrics.of(truth, constant, mean).rmse().value());
        return json;
    }

    private static void put(ObjectNode json, String name, RegressionMetrics.Estimate estimate) {
        put(json, name, estimate.value());
        put(json, name + "_low", estimate.low());
        put(json, name + "_high", estimate.high());
    }

    private static void put(ObjectNode json, String name, double value) {
        if (Double.isFinite(value)) {
            json.put(name, value);
        }
    }

    static String sentence(RegressionMetrics metrics, JsonNode champion) {
        String text = String.format(
                Locale.ROOT,
                "%d rows: RMSE %.3f, skill %+.4f",
                metrics.n(),
                metrics.rmse().value(),
                metrics.skill().value());
        return champion.isObject()
                ? text
                        + String.format(
                                Locale.ROOT,
                                "; version %s in production: RMSE %.3f",
                                champion.path("version").asText(),
                                champion.path("rmse").asDouble())
                : text;
    }
}

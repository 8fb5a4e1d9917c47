package org.millwright.outcome;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.millwright.scoring.metrics.RegressionMetrics.Estimate;

/**
 * How well rows were predicted.
 *
 * @param rows predictions
 * @param n of these, those with an outcome that can be compared
 * @param metrics by their names in the field, each with its 95 % interval; empty when there are too few outcomes
 * @param note why there are no metrics; "" when there are
 */
public record Scores(long rows, long n, Map<String, Estimate> metrics, String note) {
    private static final Estimate UNKNOWN = new Estimate(Double.NaN, Double.NaN, Double.NaN);
    private static final Set<String> FIELDS = Set.of("value", "low", "high");

    public Scores {
        metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
    }

    /** Share of the predictions with an outcome, 0 to 1. */
    public double coverage() {
        return rows == 0 ? 0 : Math.min(1, (double) n / rows);
    }

    /** The metric of that name, NaN where it is not known; {@code bias} is the mean error. */
    public Estimate metric(String name) {
        return metrics.getOrDefault(name.equals("bias") ? "mean_error" : name, UNKNOWN);
    }

    /** Adds counts and metrics to an object; what is not finite is left out. */
    void into(ObjectNode json) {
        json.put("rows", rows).put("n", n).put("coverage", coverage());
        metrics.forEach((name, estimate) -> {
            ObjectNode node = json.objectNode();
            put(node, "value", estimate.value());
            put(node, "low", estimate.low());
            put(node, "high", estimate.high());
            if (!node.isEmpty()) {
                json.set(name, node);
            }
        });
        if (!note.isEmpty()) {
            json.put("note", note);
        }
    }

    public static void put(ObjectNode json, String name, double value) {
        if (Double.isFinite(value)) {
            json.put(name, value);
        }
    }

    /** Reads what {@link #into} wrote, and what was written before metrics had intervals. */
    static Scores from(JsonNode json) {
        Map<String, Estimate> metrics = new LinkedHashMap<>();
        json.properties().forEach(field -> {
            JsonNode node = field.getValue();
            if (node.isObject() && isEstimate(node)) {
                metrics.put(
                        field.getKey(),
                        new Estimate(
                                node.path("value").asDouble(Double.NaN),
                                node.path("low").asDouble(Double.NaN),
                                node.path("high").asDouble(Double.NaN)));
            }
        });
        old(json, "r2", "r2", metrics);
        old(json, "bias", "mean_error", metrics);
        long n = json.path("n").asLong();
        double coverage = json.path("coverage").asDouble();
        long rows = json.has("rows") ? json.path("rows").asLong() : coverage == 0 ? n : Math.round(n / coverage);
        return new Scores(rows, n, metrics, json.path("note").asText(""));
    }

    private static boolean isEstimate(JsonNode node) {
        return !node.isEmpty() && node.properties().stream().allMatch(field -> FIELDS.contains(field.getKey()));
    }

    private static void old(JsonNode json, String field, String metric, Map<String, Estimate> metrics) {
        if (json.path(field).isNumber()) {
            metrics.putIfAbsent(metric, new Estimate(json.path(field).asDouble(), Double.NaN, Double.NaN));
        }
    }
}

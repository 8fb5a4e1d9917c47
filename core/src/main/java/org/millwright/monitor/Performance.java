package org.millwright.monitor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;
import org.millwright.kernel.Json;
import org.millwright.scoring.metrics.RegressionMetrics;
import org.millwright.scoring.metrics.RegressionMetrics.Estimate;

/**
 * How well a version predicted in a window, by the outcomes known so far. Errors are in the label's unit.
 *
 * @param n predictions whose outcome is known
 * @param coverage their share of all predictions, 0 to 1
 * @param bias mean of prediction − outcome
 * @param baseline mean of the training labels, which {@code skill} compares with; NaN when unknown
 */
public record Performance(
        long n, double coverage, Estimate rmse, Estimate mae, double r2, double bias, Estimate skill, double baseline) {

    static Performance of(PredictionStore.Pairs pairs, long rows, double baseline) {
        RegressionMetrics metrics = RegressionMetrics.of(pairs.outcomes(), pairs.predicted(), baseline);
        return new Performance(
                metrics.n(),
                rows == 0 ? 0 : (double) metrics.n() / rows,
                metrics.rmse(),
                metrics.mae(),
                metrics.r2(),
                metrics.bias(),
                metrics.skill(),
                baseline);
    }

    /** What can be judged. */
    static final Set<String> METRICS = Set.of("skill", "r2", "rmse", "mae", "bias");

    /** The metric of that name with its 95 % interval, whose bounds are NaN where none is known; of bias its size. */
    Estimate metric(String name) {
        return switch (name) {
            case "skill" -> skill;
            case "r2" -> new Estimate(r2, Double.NaN, Double.NaN);
            case "rmse" -> rmse;
            case "mae" -> mae;
            case "bias" -> new Estimate(Math.abs(bias), Double.NaN, Double.NaN);
            default ->
                throw new IllegalArgumentException(
                        "unknown metric '" + name + "' (expected one of " + String.join(", ", METRICS) + ")");
        };
    }

    /** The figures as JSON; what is not finite is left out. */
    public ObjectNode toJson() {
        ObjectNode json = Json.object().put("n", n).put("coverage", coverage);
        put(json, "rmse", rmse);
        put(json, "mae", mae);
        put(json, "skill", skill);
        put(json, "r2", r2);
        put(json, "bias", bias);
        put(json, "baseline", baseline);
        return json;
    }

    static Performance fromJson(JsonNode json) {
        return new Performance(
                json.path("n").asLong(),
                json.path("coverage").asDouble(),
                estimate(json.path("rmse")),
                estimate(json.path("mae")),
                json.path("r2").asDouble(Double.NaN),
                json.path("bias").asDouble(Double.NaN),
                estimate(json.path("skill")),
                json.path("baseline").asDouble(Double.NaN));
    }

    private static Estimate estimate(JsonNode json) {
        return new Estimate(
                json.path("value").asDouble(Double.NaN),
                json.path("low").asDouble(Double.NaN),
                json.path("high").asDouble(Double.NaN));
    }

    private static void put(ObjectNode json, String name, double value) {
        if (Double.isFinite(value)) {
            json.put(name, value);
        }
    }

    private static void put(ObjectNode json, String name, Estimate estimate) {
        ObjectNode node = Json.object();
        put(node, "value", estimate.value());
        put(node, "low", estimate.low());
        put(node, "high", estimate.high());
        if (!node.isEmpty()) {
            json.set(name, node);
        }
    }
}

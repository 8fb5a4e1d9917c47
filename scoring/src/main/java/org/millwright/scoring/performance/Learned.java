package org.millwright.scoring.performance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What held-out rows said of a metric.
 *
 * @param value on all of them
 * @param deviation of one row's part in it, so that over √n it is the sampling error of n rows
 * @param share of the rows that the metric is about
 * @param limits by chunks of the rows
 */
record Learned(double value, double deviation, double share, Limits limits) {
    Estimated estimated(double estimate, long rows, double floor, double ceiling) {
        return Estimated.of(estimate, deviation / Math.sqrt(rows * share), limits, floor, ceiling);
    }

    void write(ObjectNode json) {
        put(json, "value", value);
        put(json, "deviation", deviation);
        put(json, "share", share);
        put(json, "lower", limits.lower());
        put(json, "upper", limits.upper());
        put(json, "least", limits.least());
        put(json, "most", limits.most());
    }

    private static void put(ObjectNode json, String name, double value) {
        if (!Double.isNaN(value)) {
            json.put(name, Double.toString(value));
        }
    }

    static Learned read(JsonNode json) {
        return new Learned(
                number(json, "value"),
                number(json, "deviation"),
                number(json, "share"),
                new Limits(number(json, "lower"), number(json, "upper"), number(json, "least"), number(json, "most")));
    }

    /** Limits may be infinite, which JSON has no number for. */
    private static double number(JsonNode json, String name) {
        try {
            return json.has(name) ? Double.parseDouble(json.path(name).asText()) : Double.NaN;
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("not an estimator: its '" + name + "' is no number", e);
        }
    }
}

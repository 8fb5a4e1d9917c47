package org.millwright.pipeline.steps;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.millwright.scoring.metrics.RegressionMetrics;

/** Metrics as gates and pages read them; what is not a finite number is left out. */
final class Metrics {
    private Metrics() {}

    /** The value, and the bounds of its 95 % interval under {@code name_low} and {@code name_high}. */
    static void put(ObjectNode json, String name, RegressionMetrics.Estimate estimate) {
        put(json, name, estimate.value());
        put(json, name + "_low", estimate.low());
        put(json, name + "_high", estimate.high());
    }

    static void put(ObjectNode json, String name, double value) {
        if (Double.isFinite(value)) {
            json.put(name, value);
        }
    }
}

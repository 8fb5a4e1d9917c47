package org.millwright.pipeline.steps;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import org.millwright.scoring.metrics.RegressionMetrics;
import org.millwright.scoring.profile.PairedDifference;

/** Metrics as gates and pages read them; what is not a finite number is left out. */
final class Metrics {
    private Metrics() {}

    /** The value, and the bounds of its 95 % interval under {@code name_low} and {@code name_high}. */
    static void put(ObjectNode json, String name, RegressionMetrics.Estimate estimate) {
        put(json, name, estimate.value());
        put(json, name + "_low", estimate.low());
        put(json, name + "_high", estimate.high());
    }

    /**
     * How much worse a candidate is than this model, row by row, under {@code difference} and names that begin with it.
     *
     * @param of the loss that is compared
     * @param byDay whether rows of one day count as one draw
     */
    static void putDifference(ObjectNode json, String of, PairedDifference found, boolean byDay) {
        json.put("difference_of", of);
        put(json, "difference", found.difference());
        put(json, "difference_low", found.low());
        put(json, "difference_high", found.high());
        put(json, "difference_p", found.p());
        json.put("difference_rows", found.rows());
        json.put("difference_groups", found.groups());
        json.put("difference_by", byDay ? "day" : "row");
    }

    /** The difference for people. */
    static String difference(JsonNode champion) {
        return String.format(
                Locale.ROOT,
                ", difference %+.3f (95 %%: %+.3f to %+.3f)",
                champion.path("difference").asDouble(Double.NaN),
                champion.path("difference_low").asDouble(Double.NaN),
                champion.path("difference_high").asDouble(Double.NaN));
    }

    static void put(ObjectNode json, String name, double value) {
        if (Double.isFinite(value)) {
            json.put(name, value);
        }
    }
}

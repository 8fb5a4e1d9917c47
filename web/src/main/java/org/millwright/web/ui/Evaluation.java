package org.millwright.web.ui;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** What a gate saw, as tables: the candidate against the champion and against the naive baseline, overall and by slice. */
public final class Evaluation {
    private static final List<String> METRICS = List.of("skill", "rmse", "mae", "r2", "bias", "rows");

    private Evaluation() {}

    /** A metric of the candidate with its 95 % interval, of the champion and of the baseline; NaN where unknown. */
    public record Row(String metric, double value, double low, double high, double champion, double baseline) {
        /** Whether the candidate is better than the champion: 1, worse: -1, the same or unknown: 0. */
        public int verdict() {
            boolean less = metric.equals("rmse") || metric.equals("mae");
            boolean more = metric.equals("skill") || metric.equals("r2");
            if (!less && !more || Double.isNaN(champion) || value == champion) {
                return 0;
            }
            return value > champion == more ? 1 : -1;
        }

        public String interval() {
            return Double.isNaN(low) || Double.isNaN(high) ? "" : Text.number(low) + " to " + Text.number(high);
        }
    }

    /** A value of a column with how well the model does on its rows. */
    public record Slice(String column, String value, long rows, double skill, double rmse) {}

    static List<Row> rows(JsonNode inputs) {
        var rows = new ArrayList<Row>();
        for (String metric : METRICS) {
            double value = number(inputs, "metrics", metric);
            if (!Double.isNaN(value)) {
                rows.add(new Row(
                        metric,
                        value,
                        number(inputs, "metrics", metric + "_low"),
                        number(inputs, "metrics", metric + "_high"),
                        number(inputs, "champion", metric),
                        number(inputs, "baseline", metric)));
            }
        }
        return rows;
    }

    static List<Slice> slices(JsonNode inputs) {
        var slices = new ArrayList<Slice>();
        inputs.path("slices")
                .properties()
                .forEach(column -> column.getValue()
                        .forEach(slice -> slices.add(new Slice(
                                column.getKey(),
                                slice.path("value").asText(),
                                slice.path("rows").asLong(),
                                slice.path("skill").asDouble(Double.NaN),
                                slice.path("rmse").asDouble(Double.NaN)))));
        return slices;
    }

    private static double number(JsonNode inputs, String of, String metric) {
        JsonNode value = inputs.path(of).path(metric);
        return value.isNumber() ? value.asDouble() : Double.NaN;
    }
}

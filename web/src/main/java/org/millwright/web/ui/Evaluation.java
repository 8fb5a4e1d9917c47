package org.millwright.web.ui;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a gate saw, as tables: the candidate against the champion and against the naive baseline, overall and by slice. */
public final class Evaluation {
    private static final List<String> LESS = List.of("rmse", "mae", "log_loss", "brier");
    private static final List<String> MORE = List.of(
            "skill",
            "r2",
            "accuracy",
            "balanced_accuracy",
            "f1",
            "precision",
            "recall",
            "roc_auc",
            "average_precision");
    private static final List<String> METRICS = List.of(
            "skill",
            "rmse",
            "mae",
            "r2",
            "bias",
            "accuracy",
            "balanced_accuracy",
            "f1",
            "precision",
            "recall",
            "roc_auc",
            "average_precision",
            "log_loss",
            "brier",
            "rows");

    private Evaluation() {}

    /** A metric of the candidate with its 95 % interval, of the champion and of the baseline; NaN where unknown. */
    public record Row(String metric, double value, double low, double high, double champion, double baseline) {
        /** Whether the candidate is better than the champion: 1, worse: -1, the same or unknown: 0. */
        public int verdict() {
            boolean less = LESS.contains(metric);
            boolean more = MORE.contains(metric);
            if (!less && !more || Double.isNaN(champion) || value == champion) {
                return 0;
            }
            return value > champion == more ? 1 : -1;
        }

        public String interval() {
            return Double.isNaN(low) || Double.isNaN(high) ? "" : Text.number(low) + " to " + Text.number(high);
        }
    }

    /**
     * What tells the candidate from the champion on the same rows.
     *
     * @param verdict 1 when the candidate is better beyond chance, -1 when it is worse, else 0
     */
    public record Against(int verdict, String text) {}

    /** The parameters of the run, as people give them. */
    static String parameters(JsonNode inputs) {
        var texts = new ArrayList<String>();
        inputs.path("parameters")
                .properties()
                .forEach(field ->
                        texts.add(field.getKey() + " " + field.getValue().asText()));
        return String.join(", ", texts);
    }

    static Optional<Against> against(JsonNode inputs) {
        double low = number(inputs, "champion", "difference_low");
        double high = number(inputs, "champion", "difference_high");
        JsonNode champion = inputs.path("champion");
        if (Double.isNaN(low) || Double.isNaN(high)) {
            return Optional.empty();
        }
        long groups = champion.path("difference_groups").asLong();
        String over = Text.number(champion.path("difference_rows").asLong()) + " rows that both predicted"
                + (champion.path("difference_by").asText().equals("day")
                        ? ", of " + Text.number(groups) + " days"
                        : "");
        String text = champion.path("difference_of").asText() + " differs by "
                + Text.number(number(inputs, "champion", "difference")) + " (95 %: " + Text.number(low) + " to "
                + Text.number(high) + ", p " + Text.number(number(inputs, "champion", "difference_p")) + ") over "
                + over + ".";
        return Optional.of(new Against(high < 0 ? 1 : low > 0 ? -1 : 0, text));
    }

    /**
     * A value of a column with how well the model does on its rows.
     *
     * @param figure the metric that {@link #figure} names
     */
    public record Slice(String column, String value, long rows, double skill, double figure) {}

    /**
     * How often each class was taken for which.
     *
     * @param classes names, of the true class and of the predicted one alike
     * @param counts rows by true class, then by predicted class
     */
    public record Confusion(List<String> classes, long[][] counts, String positive) {}

    static Optional<Confusion> confusion(JsonNode inputs) {
        JsonNode confusion = inputs.path("metrics").path("confusion");
        var classes = new ArrayList<String>();
        confusion.path("classes").forEach(name -> classes.add(name.asText()));
        if (classes.isEmpty()) {
            return Optional.empty();
        }
        long[][] counts = new long[classes.size()][classes.size()];
        for (int i = 0; i < counts.length; i++) {
            for (int j = 0; j < counts.length; j++) {
                counts[i][j] = confusion.path("counts").path(i).path(j).asLong();
            }
        }
        return Optional.of(
                new Confusion(classes, counts, inputs.path("positive").asText()));
    }

    /** What a model without skill predicts, as a heading. */
    static String naive(JsonNode inputs) {
        String majority = inputs.path("baseline").path("class").asText();
        return majority.isEmpty() ? "Mean predictor" : "Always " + majority;
    }

    /** The metric that slices show beside skill. */
    static String figure(JsonNode inputs) {
        return isClassification(inputs) ? "F1" : "RMSE";
    }

    private static boolean isClassification(JsonNode inputs) {
        return inputs.path("metrics").has("accuracy");
    }

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
        String figure = isClassification(inputs) ? "f1" : "rmse";
        inputs.path("slices")
                .properties()
                .forEach(column -> column.getValue()
                        .forEach(slice -> slices.add(new Slice(
                                column.getKey(),
                                slice.path("value").asText(),
                                slice.path("rows").asLong(),
                                slice.path("skill").asDouble(Double.NaN),
                                slice.path(figure).asDouble(Double.NaN)))));
        return slices;
    }

    private static double number(JsonNode inputs, String of, String metric) {
        JsonNode value = inputs.path(of).path(metric);
        return value.isNumber() ? value.asDouble() : Double.NaN;
    }
}

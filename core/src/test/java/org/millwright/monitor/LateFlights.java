package org.millwright.monitor;

import static org.millwright.scoring.Oracles.doubles;
import static org.millwright.scoring.Oracles.texts;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.millwright.outcome.Label;
import org.millwright.outcome.Outcome;
import org.millwright.scoring.Frame;
import org.millwright.scoring.Oracles;
import org.millwright.scoring.Vector;
import org.millwright.scoring.profile.Reference;
import org.millwright.serving.Scored;

/** The flights of the oracles as a version answered them that names their lateness by texts. */
final class LateFlights {
    static final List<Map<String, String>> ROWS = Oracles.rows("perf_rows.csv.gz");
    static final String PROJECT = Line.PROJECT.replace(
            "model: {task: regression, label: y}", "model: {task: classification, label: late, positive: late}");
    static final String AGREEMENT = """
            apiVersion: millwright/v1
            kind: Agreement
            model: delays
            window: month
            estimate: false
            performance:
              - {metric: roc_auc, at-least: 0.85, min-labels: 100}
              - {metric: log_loss, at-most: 0.333, min-labels: 100}
              - {metric: recall, at-least: 0.55, min-labels: 100, segment: {origin: LGA}}
              - {metric: accuracy, at-least: 0.5, min-labels: 100, segment: {origin: LGA, carrier: HA}}
            fairness:
              - {by: [origin], measure: disparate_impact, at-least: 0.8}
              - {by: [origin], measure: equal_opportunity_difference, at-most: 0.2}
              - {by: [origin, carrier], measure: accuracy_difference, at-most: 0.5}
            investigate: mia
            """;

    private LateFlights() {}

    /** What the version saw in training. */
    static Reference reference() {
        List<Map<String, String>> training = period("reference");
        Frame inputs = Frame.of(training.size())
                .strings("origin", texts(training, "origin"))
                .strings("carrier", texts(training, "carrier"))
                .build();
        Vector classes = new Vector.Strings(named(training, "y_true"));
        return Reference.ofClasses(inputs, classes, classes, 0, 0);
    }

    static List<Map<String, String>> period(String name) {
        return ROWS.stream().filter(row -> row.get("period").equals(name)).toList();
    }

    static String[] named(List<Map<String, String>> rows, String column) {
        return rows.stream()
                .map(row -> row.get(column).equals("1") ? "late" : "on time")
                .toArray(String[]::new);
    }

    static String[] ids(int count, String prefix) {
        var ids = new String[count];
        Arrays.setAll(ids, i -> prefix + i);
        return ids;
    }

    static long[] times(int count, String month) {
        var times = new long[count];
        Arrays.setAll(times, i -> Line.time(month) + i);
        return times;
    }

    static Scored scored(Line line, String version, Frame inputs, double[] predictions, String prefix, String month) {
        int rows = inputs.rows();
        return new Scored(
                Line.DEPLOYMENT,
                "delays",
                "delays",
                version,
                line.clock.millis(),
                inputs,
                predictions,
                ids(rows, prefix),
                times(rows, month));
    }

    static Frame answered(List<Map<String, String>> rows) {
        double[] late = doubles(rows, "y_prob");
        return Frame.of(rows.size())
                .strings("origin", texts(rows, "origin"))
                .strings("carrier", texts(rows, "carrier"))
                .strings(Reference.OUTPUT, named(rows, "y_pred"))
                .doubles(Scored.further(0), late)
                .doubles(Scored.further(1), Arrays.stream(late).map(p -> 1 - p).toArray())
                .build();
    }

    static double[] none(int count) {
        var none = new double[count];
        Arrays.fill(none, Double.NaN);
        return none;
    }

    static List<Label> labels(String[] classes, String prefix) {
        List<Label> labels = new ArrayList<>();
        for (int i = 0; i < classes.length; i++) {
            labels.add(new Label(prefix + i, Outcome.of(classes[i]), 1_000));
        }
        return labels;
    }
}

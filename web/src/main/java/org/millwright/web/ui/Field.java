package org.millwright.web.ui;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.millwright.tracking.Run;

/** Something that runs differ in and a plot can lay them out by: a metric or a parameter. */
public record Field(Column column, boolean number) {
    public String text() {
        return column.text();
    }

    public String name() {
        return column.key();
    }

    /** The run's number; NaN without one. */
    double value(Run run) {
        return column.isMetric()
                ? run.metric(column.key()).orElse(Double.NaN)
                : Column.number(word(run)).orElse(Double.NaN);
    }

    /** The run's value as it was logged. */
    String word(Run run) {
        return column.isMetric()
                ? run.metric(column.key()).map(Text::metric).orElse("")
                : run.params().getOrDefault(column.key(), "");
    }

    /** Parameters in which the runs differ, then metrics; first those that most runs have. */
    static List<Field> of(List<Run> runs) {
        var params = new ArrayList<Field>();
        for (String key : keys(runs, false)) {
            var values = new HashSet<String>();
            runs.forEach(run -> values.add(run.params().getOrDefault(key, "")));
            values.remove("");
            if (values.size() > 1) {
                params.add(new Field(
                        new Column(Column.Kind.PARAM, key), values.stream().allMatch(Column::isNumber)));
            }
        }
        var metrics = new ArrayList<Field>();
        for (String key : keys(runs, true)) {
            metrics.add(new Field(new Column(Column.Kind.METRIC, key), true));
        }
        var byUse = Comparator.comparingLong((Field field) ->
                runs.stream().filter(run -> field.word(run).isEmpty()).count());
        params.sort(byUse);
        metrics.sort(Comparator.comparing((Field field) -> field.name().startsWith("system/"))
                .thenComparing(
                        field -> runs.stream().map(field::word).distinct().count() < 2)
                .thenComparing(byUse));
        params.addAll(metrics);
        return params;
    }

    static Optional<Field> named(List<Field> fields, String text) {
        return fields.stream().filter(field -> field.text().equals(text)).findFirst();
    }

    private static TreeSet<String> keys(List<Run> runs, boolean metrics) {
        var keys = new TreeSet<String>();
        runs.forEach(run -> {
            if (metrics) {
                run.metrics().forEach(metric -> keys.add(metric.key()));
            } else {
                keys.addAll(run.params().keySet());
            }
        });
        return keys;
    }
}

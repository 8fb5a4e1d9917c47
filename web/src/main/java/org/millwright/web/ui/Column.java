package org.millwright.web.ui;

import java.util.Optional;
import java.util.regex.Pattern;
import org.millwright.tracking.Metric;
import org.millwright.tracking.Run;

/** A column of a table of runs: a metric, a parameter or a tag. */
public record Column(Kind kind, String key) {
    private static final Pattern PLAIN = Pattern.compile("\\w+");
    private static final int CUT = 48;

    /** What a column shows. */
    public enum Kind {
        METRIC("metrics", "metric"),
        PARAM("params", "parameter"),
        TAG("tags", "tag");

        private final String word;
        private final String name;

        Kind(String word, String name) {
            this.word = word;
            this.name = name;
        }
    }

    /** The column that {@code metrics.rmse} means. */
    static Optional<Column> of(String text) {
        int dot = text.indexOf('.');
        for (Kind kind : Kind.values()) {
            if (dot > 0 && dot < text.length() - 1 && text.substring(0, dot).equals(kind.word)) {
                return Optional.of(new Column(kind, text.substring(dot + 1)));
            }
        }
        return Optional.empty();
    }

    /** As it stands in a URL and in a saved view. */
    public String text() {
        return kind.word + "." + key;
    }

    /** As a filter or an order names it. */
    public String field() {
        return kind.word + "." + (PLAIN.matcher(key).matches() ? key : "`" + key + "`");
    }

    /** What it is, in a word. */
    public String what() {
        return kind.name;
    }

    public boolean isMetric() {
        return kind == Kind.METRIC;
    }

    /** A run's value in this column; "" without one. */
    Cell cell(Run run, Optional<Double> best) {
        if (kind == Kind.METRIC) {
            return run.metrics().stream()
                    .filter(metric -> metric.key().equals(key))
                    .findFirst()
                    .map(metric -> metric(metric, best))
                    .orElse(Cell.EMPTY);
        }
        String value = (kind == Kind.PARAM ? run.params() : run.tags()).getOrDefault(key, "");
        return new Cell(Text.cut(value, CUT), value, isNumber(value), false);
    }

    private static Cell metric(Metric metric, Optional<Double> best) {
        double value = metric.value();
        return new Cell(Text.metric(value), Text.digits(value), true, best.isPresent() && best.get() == value);
    }

    static boolean isNumber(String text) {
        return number(text).isPresent();
    }

    /** The finite number that a parameter's text is. */
    static Optional<Double> number(String text) {
        if (text.isEmpty() || text.length() > 40 || !"+-.0123456789".contains(text.substring(0, 1))) {
            return Optional.empty();
        }
        try {
            return Optional.of(Double.parseDouble(text)).filter(Double::isFinite);
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /**
     * What stands in one place of the table.
     *
     * @param title the whole value
     * @param best whether no run of the table has a better one
     */
    public record Cell(String text, String title, boolean number, boolean best) {
        static final Cell EMPTY = new Cell("", "", true, false);
    }
}

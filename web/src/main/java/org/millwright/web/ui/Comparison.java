package org.millwright.web.ui;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.DoubleStream;
import org.millwright.tracking.Experiment;
import org.millwright.tracking.Run;

/**
 * Runs beside each other.
 *
 * @param differing parameters in which they differ
 * @param same the other parameters
 */
public record Comparison(List<Run> runs, List<Row> differing, List<Row> same, List<Row> metrics) {
    private static final int COLOURS = 10;

    /** What each run has for one key. */
    public record Row(String key, Direction direction, List<Cell> cells) {}

    /**
     * What one run has.
     *
     * @param more the difference from the first run, "" when it says nothing
     */
    public record Cell(String text, String title, boolean best, String more) {
        static final Cell NONE = new Cell("–", "not logged", false, "");
    }

    /** The style class of the nth run's colour. */
    public static String series(int nth) {
        return "s" + (nth % COLOURS + 1) + (nth / COLOURS % 2 == 1 ? " dashed" : "");
    }

    static Comparison of(Experiment experiment, List<Run> runs) {
        var differing = new ArrayList<Row>();
        var same = new ArrayList<Row>();
        var keys = new TreeSet<String>();
        runs.forEach(run -> keys.addAll(run.params().keySet()));
        for (String key : keys) {
            List<Cell> cells =
                    runs.stream().map(run -> param(run.params(), key)).toList();
            boolean equal = cells.stream().map(Cell::title).distinct().count() <= 1
                    && cells.stream().noneMatch(Cell.NONE::equals);
            (equal && runs.size() > 1 ? same : differing).add(new Row(key, Direction.UNKNOWN, cells));
        }
        return new Comparison(runs, differing, same, metrics(experiment, runs));
    }

    private static Cell param(Map<String, String> params, String key) {
        String value = params.get(key);
        return value == null ? Cell.NONE : new Cell(Text.cut(value, 60), value, false, "");
    }

    private static List<Row> metrics(Experiment experiment, List<Run> runs) {
        var values = new TreeMap<String, double[]>();
        for (int i = 0; i < runs.size(); i++) {
            int at = i;
            runs.get(i)
                    .metrics()
                    .forEach(metric ->
                            values.computeIfAbsent(metric.key(), key -> missing(runs.size()))[at] = metric.value());
        }
        var rows = new ArrayList<Row>();
        values.forEach((key, all) -> rows.add(row(experiment, runs, key, all)));
        return rows;
    }

    private static Row row(Experiment experiment, List<Run> runs, String key, double[] all) {
        Direction direction = Direction.of(experiment, key);
        DoubleStream finite = DoubleStream.of(all).filter(PlotScale::isDrawn);
        OptionalDouble best = switch (direction) {
            case LOWER -> finite.min();
            case HIGHER -> finite.max();
            case UNKNOWN -> OptionalDouble.empty();
        };
        var cells = new ArrayList<Cell>();
        for (int i = 0; i < all.length; i++) {
            if (runs.get(i).metric(key).isEmpty()) {
                cells.add(Cell.NONE);
                continue;
            }
            boolean differs = i > 0 && PlotScale.isDrawn(all[0]) && PlotScale.isDrawn(all[i]) && all[i] != all[0];
            cells.add(new Cell(
                    Text.metric(all[i]),
                    Text.digits(all[i]),
                    all.length > 1 && best.isPresent() && best.getAsDouble() == all[i],
                    differs ? Text.signed(all[i] - all[0]) : ""));
        }
        return new Row(key, direction, cells);
    }

    private static double[] missing(int count) {
        return DoubleStream.generate(() -> Double.NaN).limit(count).toArray();
    }
}

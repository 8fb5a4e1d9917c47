package org.millwright.web.ui;

import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.millwright.identity.Actor;
import org.millwright.kernel.Problem;
import org.millwright.tracking.Curve;
import org.millwright.tracking.Experiment;
import org.millwright.tracking.Experiments;
import org.millwright.tracking.Metric;
import org.millwright.tracking.Run;
import org.millwright.tracking.RunStatus;
import org.millwright.tracking.RunTables;
import org.millwright.tracking.Runs;
import org.millwright.web.Http;
import org.millwright.web.Routes;

/** Runs beside each other: in what they differ, which is better where, and how they got there. */
public final class ComparePages implements Routes {
    private static final int CURVES = 20;
    private static final int BUCKETS = 250;
    private static final int SMALL = 60;
    private static final int FIELDS = 6;

    /** So many points are read for a page; what is beyond is drawn by the script only. */
    private static final long POINTS = 100_000;

    private final Ui ui;
    private final Experiments experiments;
    private final Runs runs;
    private final RunTables tables;
    private final RunRows rows;

    public ComparePages(Ui ui, Experiments experiments, Runs runs, RunTables tables, RunRows rows) {
        this.ui = ui;
        this.experiments = experiments;
        this.runs = runs;
        this.tables = tables;
        this.rows = rows;
    }

    /** A run's history of the metric in question; not drawn when it is too long to be read for a page. */
    public record Line(Run run, String series, Curve curve, String svg, boolean drawn) {
        public String first() {
            return curve.points().isEmpty()
                    ? ""
                    : Text.metric(curve.points().getFirst().value());
        }

        public String last() {
            return curve.points().isEmpty()
                    ? ""
                    : Text.metric(curve.points().getLast().value());
        }
    }

    @Override
    public void register(HttpRouting.Builder routing) {
        routing.get("/experiments/{id}/compare", this::compare);
        routing.get("/experiments/{id}/curves", this::curves);
    }

    private void compare(ServerRequest request, ServerResponse response) {
        Actor actor = Http.actor(request);
        CompareState asked = CompareState.of(request, Http.path(request, "id"));
        List<Run> found = found(actor, asked);
        Experiment experiment = around(actor, found, asked.table().experiment());
        List<Field> fields = Field.of(found);
        Map<String, Boolean> metrics = metrics(found);
        CompareState state = filled(asked, experiment, fields, metrics);
        List<Run> drawn = found.stream().limit(CURVES).toList();
        var model = new HashMap<String, Object>();
        model.put("experiment", experiment);
        model.put("state", state);
        model.put("comparison", Comparison.of(experiment, found));
        model.put("metrics", List.copyOf(metrics.keySet()));
        model.put("fields", fields);
        model.put("lines", lines(actor, drawn, state));
        model.put("live", found.stream().anyMatch(run -> run.status() == RunStatus.RUNNING));
        model.put("scatter", scatter(found, fields, state));
        model.put("parallel", parallel(found, fields, state));
        ui.page(
                request,
                response,
                "experiment/compare.jte",
                "Compare " + HomePages.count(found.size(), "run"),
                "Experiments",
                model);
    }

    /** The runs that were named, or the first of the table. */
    private List<Run> found(Actor by, CompareState asked) {
        if (asked.runs().isEmpty()) {
            return rows.search(by, asked.table()).items();
        }
        List<Run> found = runs.all(by, asked.runs());
        if (found.size() < asked.runs().size()) {
            throw new Problem.NotFound(
                    "One of the runs is not there",
                    "See all runs on /experiments/" + asked.table().experiment());
        }
        return found;
    }

    /** The experiment of that id, whose runs or one of them the actor may read. */
    private Experiment around(Actor by, List<Run> found, String id) {
        return found.stream()
                .filter(run -> run.experimentId().equals(id))
                .findFirst()
                .map(run -> experiments.of(by, run))
                .orElseGet(() -> experiments.get(by, id));
    }

    /** Keys of metrics, those with a history first, and whether they have one. */
    private static Map<String, Boolean> metrics(List<Run> found) {
        var steps = new TreeMap<String, Boolean>();
        found.forEach(run ->
                run.metrics().forEach(metric -> steps.merge(metric.key(), metric.step() != 0, (a, b) -> a || b)));
        var sorted = new LinkedHashMap<String, Boolean>();
        steps.forEach((key, has) -> {
            if (has) {
                sorted.put(key, true);
            }
        });
        steps.forEach(sorted::putIfAbsent);
        return sorted;
    }

    /** What was not said is chosen: a metric that tells which run is better, and fields in which they differ. */
    private static CompareState filled(
            CompareState asked, Experiment experiment, List<Field> fields, Map<String, Boolean> metrics) {
        String metric = metrics.containsKey(asked.metric()) ? asked.metric() : telling(experiment, metrics);
        boolean stepped = metrics.getOrDefault(metric, false);
        String x = List.of("step", "time", "clock").contains(asked.x()) ? asked.x() : stepped ? "step" : "time";
        String up = Field.named(fields, asked.up())
                .or(() -> Field.named(fields, "metrics." + metric))
                .map(Field::text)
                .orElse("");
        String across = Field.named(fields, asked.across())
                .or(() -> fields.stream()
                        .filter(Field::number)
                        .filter(field -> !field.text().equals(up))
                        .findFirst())
                .map(Field::text)
                .orElse("");
        List<String> axes = asked.axes().stream()
                .filter(text -> Field.named(fields, text).isPresent())
                .toList();
        return asked.with(metric, x, across, up, axes.size() < 2 ? axes(fields, up) : axes);
    }

    private static String telling(Experiment experiment, Map<String, Boolean> metrics) {
        return Direction.primary(experiment.tags())
                .filter(metrics::containsKey)
                .or(() -> metrics.keySet().stream()
                        .filter(key -> metrics.getOrDefault(key, false))
                        .filter(key -> Direction.of(experiment, key).isKnown())
                        .min(Comparator.comparing(key -> !Direction.isHeldOut(key))))
                .or(() -> metrics.keySet().stream().findFirst())
                .orElse("");
    }

    private static List<String> axes(List<Field> fields, String last) {
        var axes = new ArrayList<String>();
        fields.stream()
                .map(Field::text)
                .filter(text -> !text.equals(last))
                .limit(FIELDS - 1L)
                .forEach(axes::add);
        if (!last.isEmpty()) {
            axes.add(last);
        }
        return axes;
    }

    private List<Line> lines(Actor by, List<Run> drawn, CompareState state) {
        var lines = new ArrayList<Line>();
        long read = 0;
        for (int i = 0; i < drawn.size(); i++) {
            Run run = drawn.get(i);
            long expected = run.metrics().stream()
                    .filter(metric -> metric.key().equals(state.metric()))
                    .mapToLong(Metric::step)
                    .findFirst()
                    .orElse(0);
            boolean draws = read + expected <= POINTS;
            Curve curve = tables.curve(
                    by, draws ? run.id() : "", state.metric(), ask(state, Long.MIN_VALUE, Long.MAX_VALUE, SMALL));
            read += curve.count();
            String series = Comparison.series(i);
            lines.add(new Line(run, series, curve, SmallCurve.svg(curve, state.axis(), series), draws));
        }
        return lines;
    }

    private static Curve.Ask ask(CompareState state, long from, long to, int buckets) {
        return new Curve.Ask(state.axis(), from, to, buckets, state.smooth());
    }

    private static String scatter(List<Run> found, List<Field> fields, CompareState state) {
        var x = Field.named(fields, state.across());
        var y = Field.named(fields, state.up());
        return x.isEmpty() || y.isEmpty() || found.size() < 2 ? "" : ScatterPlot.svg(found, x.get(), y.get());
    }

    private static String parallel(List<Run> found, List<Field> fields, CompareState state) {
        List<Field> shown = state.axes().stream()
                .map(text -> Field.named(fields, text).orElseThrow())
                .toList();
        return shown.size() < 2 || found.size() < 2 ? "" : ParallelPlot.svg(found, shown);
    }

    /** The histories as numbers: positions on the axis and values, for as many runs as a plot can tell apart. */
    private void curves(ServerRequest request, ServerResponse response) {
        Actor actor = Http.actor(request);
        CompareState state = CompareState.of(request, Http.path(request, "id"));
        if (state.runs().isEmpty() || state.runs().size() > CURVES) {
            throw new Problem.Invalid("run: " + state.runs().size() + " (expected: 1 to " + CURVES + ")");
        }
        double from = Http.query(request, "from").flatMap(Column::number).orElse(Double.NEGATIVE_INFINITY);
        double to = Http.query(request, "to").flatMap(Column::number).orElse(Double.POSITIVE_INFINITY);
        var series = new ArrayList<Map<String, Object>>();
        boolean live = false;
        for (Run run : found(actor, state)) {
            long zero = state.x().equals("time") ? run.startTime() : 0;
            double unit = state.axis() == Curve.Axis.STEP ? 1 : 1_000;
            Curve curve = tables.curve(
                    actor,
                    run.id(),
                    state.metric(),
                    ask(state, at(from, unit, zero, -1), at(to, unit, zero, 1), BUCKETS));
            series.add(Map.of(
                    "run", run.id(),
                    "count", curve.count(),
                    "plain", points(curve.points(), state.axis(), unit, zero),
                    "smooth", points(curve.smoothed(), state.axis(), unit, zero)));
            live |= run.status() == RunStatus.RUNNING;
        }
        Http.json(response, Map.of("live", live, "series", series));
    }

    /** A place on the plot's axis as the history counts it; beyond either end for a place that is not finite. */
    private static long at(double place, double unit, long zero, int side) {
        return Double.isInfinite(place)
                ? side < 0 ? Long.MIN_VALUE : Long.MAX_VALUE
                : (long) (side < 0 ? Math.floor(place * unit) : Math.ceil(place * unit)) + zero;
    }

    private static List<double[]> points(List<Curve.Point> points, Curve.Axis axis, double unit, long zero) {
        return List.of(
                points.stream()
                        .mapToDouble(point -> (point.on(axis) - zero) / unit)
                        .toArray(),
                points.stream().mapToDouble(Curve.Point::value).toArray());
    }
}

package org.millwright.web.ui;

import io.helidon.webserver.http.ServerRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.millwright.kernel.Problem;
import org.millwright.tracking.Curve;
import org.millwright.tracking.Run;
import org.millwright.web.Http;

/**
 * What a comparison shows, all of which is in its URL.
 *
 * @param table whose first runs are compared when {@code runs} is empty
 * @param metric key of the curves; "" for one that has a curve
 * @param x what curves lie along: step, time since each run's start, or clock; "" for what fits
 * @param smooth weight of the past in the curves' moving average
 * @param across fields of the scatter plot, as {@code up}; "" for the first that fit
 * @param axes fields of the parallel plot; empty for the first few
 */
public record CompareState(
        TableState table,
        List<String> runs,
        String metric,
        String x,
        double smooth,
        boolean log,
        String across,
        String up,
        List<String> axes) {
    public static final List<Double> SMOOTHINGS = List.of(0.0, 0.3, 0.6, 0.8, 0.9, 0.95, 0.98);
    static final int RUNS = 100;
    private static final int FIRST = 10;
    private static final int AXES = 20;

    static CompareState of(ServerRequest request, String experiment) {
        List<String> runs =
                request.query().all("run", List::of).stream().distinct().toList();
        if (runs.size() > RUNS) {
            throw new Problem.Invalid(
                    runs.size() + " runs were chosen (expected: at most " + RUNS + ")",
                    "Compare fewer, or filter the table and compare its first ones.");
        }
        TableState table = TableState.of(request, experiment);
        return new CompareState(
                new TableState(experiment, table.view(), table.filter(), table.order(), List.of(), first(request), 0),
                runs,
                Http.query(request, "metric").orElse(""),
                Http.query(request, "x").orElse(""),
                smoothing(Http.query(request, "smooth").orElse("0")),
                Http.query(request, "log").isPresent(),
                Http.query(request, "across").orElse(""),
                Http.query(request, "up").orElse(""),
                request.query().all("axis", List::of).stream().limit(AXES).toList());
    }

    private static int first(ServerRequest request) {
        return Math.clamp(Http.query(request, "first", FIRST, RUNS), 1, RUNS);
    }

    private static double smoothing(String text) {
        return Column.number(text)
                .filter(value -> value >= 0 && value < 1)
                .orElseThrow(
                        () -> new Problem.Invalid("smooth: '" + Text.cut(text, 40) + "' (expected: 0 up to 0.99)"));
    }

    /** The same comparison with what the plots show said in full. */
    CompareState with(String metric, String x, String across, String up, List<String> axes) {
        return new CompareState(table, runs, metric, x, smooth, log, across, up, axes);
    }

    Curve.Axis axis() {
        return x.equals("step") ? Curve.Axis.STEP : Curve.Axis.TIME;
    }

    /** What every form must carry, as names and values: which runs are compared. */
    public List<String[]> chosen() {
        var fields = new ArrayList<String[]>();
        runs.forEach(run -> fields.add(new String[] {"run", run}));
        if (runs.isEmpty()) {
            fields.add(new String[] {"filter", table.filter()});
            fields.add(new String[] {"order", table.order()});
            fields.add(new String[] {"view", table.viewText()});
            fields.add(new String[] {"first", Integer.toString(table.limit())});
        }
        fields.removeIf(field -> field[1].isEmpty());
        return fields;
    }

    /** What the form of one plot must carry of the others where no script puts them together. */
    public List<String[]> others(String form) {
        var fields = new ArrayList<String[]>();
        if (!form.equals("curves")) {
            fields.add(new String[] {"metric", metric});
            fields.add(new String[] {"x", x});
            fields.add(new String[] {"smooth", smoothText()});
            fields.add(new String[] {"log", log ? "on" : ""});
        }
        if (!form.equals("scatter")) {
            fields.add(new String[] {"across", across});
            fields.add(new String[] {"up", up});
        }
        if (!form.equals("parallel")) {
            axes.forEach(axis -> fields.add(new String[] {"axis", axis}));
        }
        fields.removeIf(field -> field[1].isEmpty());
        return fields;
    }

    public String smoothText() {
        return smooth == 0 ? "" : Text.form(smooth);
    }

    /** Where the curves' script gets its numbers. */
    public String curves(List<Run> shown) {
        return "/experiments/" + Links.segment(table.experiment()) + "/curves"
                + new Query().all("run", shown.stream().map(Run::id).toList()).text();
    }

    public String text(double smoothing) {
        return smoothing == 0 ? "none" : String.format(Locale.ROOT, "%.2f", smoothing);
    }
}

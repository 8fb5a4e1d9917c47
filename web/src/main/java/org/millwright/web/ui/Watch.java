package org.millwright.web.ui;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.millwright.alert.Alert;
import org.millwright.alert.Verdict;
import org.millwright.drift.Distribution;
import org.millwright.drift.Drifted;
import org.millwright.monitor.Overviews.Overview;
import org.millwright.monitor.Overviews.Period;
import org.millwright.project.Agreement;
import org.millwright.retraining.Retrainings;
import org.millwright.scoring.metrics.RegressionMetrics.Estimate;

/**
 * How a deployment does, window by window, as plots.
 *
 * @param window that the columns are shown of
 * @param performance a metric by window with its interval, the agreement's limit, alerts and retrainings; "" without any
 * @param few what is said of windows with too few outcomes to set the plot's scale; "" without any
 * @param outcomes figures by window, segment and group
 * @param columns drift of each column over time, the worst of the newest window first
 */
public record Watch(
        List<Period> periods,
        String window,
        String performance,
        String few,
        Outcomes outcomes,
        List<Column> columns,
        List<Alert> alerts,
        List<Retrainings.Decided> retrainings) {

    /** Outcomes of a window that may set the plot's scale where nothing is agreed. */
    private static final int FEW = 100;
    /** Columns that are drawn or listed: with all of 10,000 a page has 35 MB, and nobody looks at them. */
    public static final int MOST = 60;

    /** A column's drift: its value in the window that is shown, its plot over time, and its distribution against training. */
    public record Column(Drifted.Column newest, String overTime, String distribution) {
        /** A column is no clause: it moves, and the agreement says how many may. */
        public String word() {
            return switch (newest.verdict()) {
                case KEPT -> "as in training";
                case AT_RISK -> "moving";
                case BROKEN -> "moved";
                case INSUFFICIENT -> "too few rows";
            };
        }

        public String tone() {
            return switch (newest.verdict()) {
                case KEPT -> "ok";
                case AT_RISK -> "warn";
                case BROKEN -> "bad";
                case INSUFFICIENT -> "idle";
            };
        }
    }

    /** @param shown the window of the distributions, which columns are ordered by; empty without enough rows anywhere */
    static Watch of(
            Overview overview,
            List<Retrainings.Decided> retrainings,
            Optional<Period> shown,
            List<Distribution> distributions,
            Estimates estimates) {
        List<Period> leading =
                overview.windows().stream().filter(Period::leading).toList();
        List<Period> telling = telling(leading);
        List<String> labels =
                telling.stream().map(period -> period.state().window().label()).toList();
        Outcomes outcomes = Outcomes.of(overview, leading);
        boolean[] unsure = unsure(overview, telling, outcomes.metric());
        return new Watch(
                leading,
                shown.map(period -> period.state().window().label()).orElse(""),
                telling.isEmpty()
                        ? ""
                        : performance(overview, retrainings, telling, labels, outcomes.metric(), estimates, unsure),
                few(telling, unsure),
                outcomes,
                columns(shown, telling, labels, distributions),
                overview.alerts(),
                retrainings);
    }

    /** The windows with enough rows to say anything: a few that spill over a month's end would distort every plot. */
    static List<Period> telling(List<Period> periods) {
        return periods.stream()
                .filter(period -> period.leading() && period.state().rows() >= Drifted.MIN_ROWS)
                .toList();
    }

    private static String performance(
            Overview overview,
            List<Retrainings.Decided> retrainings,
            List<Period> periods,
            List<String> labels,
            String metric,
            Estimates estimates,
            boolean[] unsure) {
        List<Estimate> figures = periods.stream()
                .map(period -> period.performance().metric(metric))
                .toList();
        var plot = new Plot(title(metric) + " by window", labels).size(880, 220);
        plot.series(
                metric,
                figures.stream().mapToDouble(Estimate::value).toArray(),
                figures.stream().mapToDouble(Estimate::low).toArray(),
                figures.stream().mapToDouble(Estimate::high).toArray(),
                unsure);
        estimates.addTo(plot, metric, labels);
        agreed(overview.agreement(), metric)
                .ifPresent(clause -> plot.limit(
                        clause.limit().value(),
                        "agreed: " + clause.limit().side().text() + " "
                                + Text.number(clause.limit().value())));
        for (Alert alert : overview.alerts()) {
            int at = labels.indexOf(alert.window().label());
            if (at >= 0) {
                plot.mark(at, "Alert: " + alert.message(), true);
            }
        }
        for (int i = 1; i < periods.size(); i++) {
            String version = periods.get(i).state().version();
            if (!version.equals(periods.get(i - 1).state().version())) {
                plot.mark(i - 0.5, "Version " + version + ": answers most from " + labels.get(i) + " on", false);
            }
        }
        for (Retrainings.Decided decided : retrainings) {
            int at = decided.run().isPresent() ? windowEnding(periods, decided.dataEnd()) : -1;
            if (at >= 0) {
                plot.mark(at + 0.5, "Retraining started: " + decided.reason(), false);
            }
        }
        return plot.svg();
    }

    private static Optional<Agreement.Performance> agreed(Optional<Agreement> agreement, String metric) {
        return agreement.flatMap(found -> found.performance().stream()
                .filter(clause -> clause.isOverall() && clause.metric().equals(metric))
                .findFirst());
    }

    /** The windows with as many outcomes as the agreement, or a usual one, asks for; of none such, all. */
    static List<Period> sure(List<Period> periods, Optional<Agreement> agreement, String metric) {
        long least =
                agreed(agreement, metric).map(Agreement.Performance::minLabels).orElse(FEW);
        List<Period> sure = periods.stream()
                .filter(period -> period.performance().n() >= least)
                .toList();
        return sure.isEmpty() ? periods : sure;
    }

    private static boolean[] unsure(Overview overview, List<Period> periods, String metric) {
        List<Period> sure = sure(periods, overview.agreement(), metric);
        boolean[] unsure = new boolean[periods.size()];
        for (int i = 0; i < unsure.length; i++) {
            unsure[i] = periods.get(i).performance().n() > 0 && !sure.contains(periods.get(i));
        }
        return unsure;
    }

    private static String few(List<Period> periods, boolean[] unsure) {
        return IntStream.range(0, unsure.length)
                .filter(i -> unsure[i])
                .mapToObj(i -> periods.get(i).state().window().label() + " rests on "
                        + Text.count((int) periods.get(i).performance().n(), "outcome"))
                .reduce((first, next) -> first + ", " + next)
                .orElse("");
    }

    /** What is said of columns that are not drawn; "" when all are. */
    public String more() {
        List<Drifted.Column> all = periods.stream()
                .filter(period -> period.state().window().label().equals(window))
                .flatMap(period -> period.drift().stream())
                .map(Drifted::columns)
                .findFirst()
                .orElse(List.of());
        long moved = all.stream()
                .filter(column -> column.verdict() == Verdict.BROKEN)
                .count();
        return all.size() <= MOST
                ? ""
                : "The " + MOST + " worst of " + Text.number(all.size()) + " columns are drawn; " + Text.number(moved)
                        + " moved.";
    }

    /** What the plot shows, as a title. */
    public String shown() {
        return outcomes.columns().getOrDefault(outcomes.metric(), title(outcomes.metric()));
    }

    private static String title(String metric) {
        return metric.substring(0, 1).toUpperCase(java.util.Locale.ROOT) + metric.substring(1);
    }

    private static int windowEnding(List<Period> periods, long end) {
        for (int i = 0; i < periods.size(); i++) {
            if (periods.get(i).state().window().end() == end) {
                return i;
            }
        }
        return -1;
    }

    private static List<Column> columns(
            Optional<Period> shown, List<Period> periods, List<String> labels, List<Distribution> distributions) {
        Optional<Drifted> newest = shown.flatMap(Period::drift);
        if (newest.isEmpty()) {
            return List.of();
        }
        Map<String, Distribution> shapes = new HashMap<>();
        distributions.forEach(shape -> shapes.put(shape.column(), shape));
        var all = new ArrayList<Drifted.Column>(newest.get().columns());
        all.sort(Comparator.comparingDouble(
                column -> Double.isNaN(column.value()) ? 0 : -column.value() / Math.max(1e-9, column.alert())));
        all.subList(Math.min(MOST, all.size()), all.size()).clear();
        periods.reversed().stream()
                .flatMap(period -> period.drift().stream())
                .flatMap(drift -> drift.target().stream())
                .findFirst()
                .ifPresent(all::addFirst);
        all.addFirst(newest.get().prediction());
        return all.stream()
                .map(column -> new Column(
                        column,
                        overTime(column, periods, labels),
                        Optional.ofNullable(shapes.get(column.name()))
                                .map(shape ->
                                        Histogram.svg(column.name(), shape.bins(), shape.reference(), shape.current()))
                                .orElse("")))
                .toList();
    }

    private static String overTime(Drifted.Column newest, List<Period> periods, List<String> labels) {
        double[] values = new double[periods.size()];
        Arrays.fill(values, Double.NaN);
        for (int i = 0; i < values.length; i++) {
            values[i] = periods.get(i)
                    .drift()
                    .map(drift -> value(drift, newest.name()))
                    .orElse(Double.NaN);
        }
        return new Plot(newest.name() + ": " + newest.method() + " by window", labels)
                .size(280, 120)
                .series(newest.method(), values)
                .limit(newest.alert(), "")
                .svg();
    }

    private static double value(Drifted drift, String column) {
        if (drift.prediction().name().equals(column)) {
            return drift.prediction().value();
        }
        if (drift.target().isPresent() && drift.target().get().name().equals(column)) {
            return drift.target().get().value();
        }
        return drift.columns().stream()
                .filter(found -> found.name().equals(column))
                .mapToDouble(Drifted.Column::value)
                .findFirst()
                .orElse(Double.NaN);
    }
}

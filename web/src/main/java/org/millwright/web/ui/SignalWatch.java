package org.millwright.web.ui;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.millwright.alert.Verdict;
import org.millwright.drift.Drifted;
import org.millwright.drift.MultivariateDrift;
import org.millwright.monitor.Overviews.Overview;
import org.millwright.monitor.Overviews.Period;
import org.millwright.monitor.Signals;
import org.millwright.scoring.drift.ReconstructionError;
import org.millwright.scoring.performance.Estimated;
import org.millwright.scoring.performance.Estimator;
import org.millwright.scoring.profile.ContractCheck;
import org.millwright.signal.DataQuality;
import org.millwright.signal.LossChange;
import org.millwright.signal.Note;
import org.millwright.signal.Promised;
import org.millwright.verdict.Reading;

/**
 * What is known of a deployment's model without outcomes, as sentences, tables and a plot.
 *
 * @param plot the metric estimated and measured by window; "" without estimates
 * @param assumption what estimates rest on
 * @param estimates of the windows with enough rows, the newest last
 * @param together all columns together, of the windows with enough rows, the newest last
 * @param togetherPlot their reconstruction error by window; "" with fewer than two
 * @param apart why there is no reading of all columns together; "" when there is one, or no profile of training
 * @param findings of the newest window with enough rows
 * @param outside share of its rows outside of training, as people read it; "" when unknown
 * @param skew columns that were away from training from the first day of their version, by version
 * @param promised how the rows of the newest such window kept the data contracts; empty when none was registered
 * @param promisedIn that window
 * @param refused requests of the last hour that did not fit the signature
 */
public record SignalWatch(
        String metric,
        String plot,
        String assumption,
        List<Row> estimates,
        List<Together> together,
        String togetherPlot,
        String apart,
        List<DataQuality.Finding> findings,
        String outside,
        Map<String, String> skew,
        List<Reading> readings,
        List<Note> notes,
        Optional<Signals.Causes> causes,
        Optional<LossChange> losses,
        Optional<Promised> promised,
        String promisedIn,
        long refused) {

    /** A window's estimate beside what was measured; figures are NaN where unknown. */
    public record Row(String window, String version, Estimated estimated, double measured, long rows) {
        public String tone() {
            return switch (estimated.signal()) {
                case OK -> "ok";
                case WARN -> "warn";
                case ALERT -> "bad";
                case UNKNOWN -> "idle";
            };
        }

        public String word() {
            return switch (estimated.signal()) {
                case OK -> "as before";
                case WARN -> "close to the limits";
                case ALERT -> "not as before";
                case UNKNOWN -> "limits unknown";
            };
        }
    }

    /** A window's reading of all columns together. */
    public record Together(String window, String version, MultivariateDrift drift, ReconstructionError error) {
        public String tone() {
            return SignalWatch.tone(drift.verdict());
        }

        public String word() {
            return switch (drift.verdict()) {
                case KEPT, AT_RISK -> "as in training";
                case BROKEN -> "drifted";
                case INSUFFICIENT -> "limits unknown";
            };
        }
    }

    private static List<Together> together(List<Signals.InWindow> leading) {
        return leading.stream()
                .flatMap(window -> window.multivariate().stream()
                        .filter(drift -> drift.rows() >= DataQuality.MIN_ROWS)
                        .flatMap(drift -> drift.error().stream()
                                .map(error -> new Together(window.window().label(), window.version(), drift, error))))
                .toList();
    }

    /** The band is where the error is by chance. */
    private static String togetherPlot(List<Together> windows) {
        double[] value = new double[windows.size()];
        double[] least = new double[windows.size()];
        double[] most = new double[windows.size()];
        Arrays.setAll(value, i -> windows.get(i).error().value());
        Arrays.setAll(least, i -> windows.get(i).error().least());
        Arrays.setAll(most, i -> windows.get(i).error().most());
        return new Plot(
                        "reconstruction error by window, and its limits",
                        windows.stream().map(Together::window).toList())
                .size(880, 160)
                .series("reconstruction error", value, least, most)
                .svg();
    }

    static SignalWatch of(Overview overview, Signals.Overview signals) {
        List<Signals.InWindow> leading =
                signals.windows().stream().filter(Signals.InWindow::leading).toList();
        String metric = leading.stream()
                .flatMap(window -> window.estimates().stream())
                .findFirst()
                .map(SignalWatch::metric)
                .orElse("");
        List<Row> rows = leading.stream()
                .filter(window -> window.estimates()
                        .filter(found -> found.rows() >= DataQuality.MIN_ROWS
                                && found.metrics().containsKey(metric))
                        .isPresent())
                .map(window -> row(window, metric, overview))
                .toList();
        Optional<DataQuality> newest = leading.reversed().stream()
                .flatMap(window -> window.quality().stream())
                .filter(quality -> quality.rows() >= DataQuality.MIN_ROWS)
                .findFirst();
        Map<String, String> skew = new TreeMap<>();
        signals.windows().stream()
                .filter(window -> !window.skew().isEmpty())
                .forEach(window -> skew.put(
                        window.version(),
                        String.join(
                                ", ",
                                window.skew().stream().map(Drifted.Column::name).toList())));
        List<Together> together = together(leading);
        return new SignalWatch(
                metric,
                rows.size() < 2 ? "" : plot(metric, rows),
                Estimator.ASSUMPTION,
                rows,
                together,
                together.size() < 2 ? "" : togetherPlot(together),
                together.isEmpty()
                        ? leading.reversed().stream()
                                .flatMap(window -> window.multivariate().stream())
                                .findFirst()
                                .map(MultivariateDrift::note)
                                .orElse("")
                        : "",
                newest.map(DataQuality::findings).orElse(List.of()),
                newest.map(DataQuality::outside)
                        .filter(share -> !Double.isNaN(share))
                        .map(Text::percent)
                        .orElse(""),
                skew,
                signals.readings(),
                signals.notes(),
                signals.causes(),
                signals.losses(),
                signals.promised().flatMap(window -> window.quality().flatMap(DataQuality::promised)),
                signals.promised()
                        .map(window -> window.window().label() + ", version " + window.version())
                        .orElse(""),
                signals.refused());
    }

    private static String metric(Estimator.Estimates estimates) {
        return List.of("skill", "mae", "roc_auc", "accuracy").stream()
                .filter(estimates.metrics()::containsKey)
                .findFirst()
                .orElse("");
    }

    private static Row row(Signals.InWindow window, String metric, Overview overview) {
        double measured = overview.windows().stream()
                .filter(period -> period.state().window().equals(window.window())
                        && period.state().version().equals(window.version())
                        && period.labelsClosed())
                .map(period -> measured(period, metric))
                .findFirst()
                .orElse(Double.NaN);
        Estimator.Estimates estimates = window.estimates().orElseThrow();
        return new Row(
                window.window().label(), window.version(), estimated(estimates, metric), measured, estimates.rows());
    }

    private static Estimated estimated(Estimator.Estimates estimates, String metric) {
        return Optional.ofNullable(estimates.metrics().get(metric)).orElseThrow();
    }

    private static double measured(Period period, String metric) {
        return period.performance().metric(metric).value();
    }

    private static String plot(String metric, List<Row> rows) {
        double[] value = new double[rows.size()];
        double[] low = new double[rows.size()];
        double[] high = new double[rows.size()];
        double[] measured = new double[rows.size()];
        Arrays.setAll(value, i -> rows.get(i).estimated().value());
        Arrays.setAll(low, i -> rows.get(i).estimated().low());
        Arrays.setAll(high, i -> rows.get(i).estimated().high());
        Arrays.setAll(measured, i -> rows.get(i).measured());
        return new Plot(
                        metric + " by window, estimated and measured",
                        rows.stream().map(Row::window).toList())
                .size(880, 200)
                .series("estimated", value, low, high)
                .series("measured", measured)
                .svg();
    }

    /** The style of a verdict. */
    public static String tone(Verdict verdict) {
        return switch (verdict) {
            case KEPT -> "ok";
            case AT_RISK -> "warn";
            case BROKEN -> "bad";
            case INSUFFICIENT -> "idle";
        };
    }

    /** The style of a rule: one that only warns is no error. */
    public static String tone(Promised.Rule rule) {
        if (!rule.tooMany()) {
            return rule.rows() < DataQuality.MIN_ROWS ? "idle" : "ok";
        }
        return rule.isOf(ContractCheck.Severity.ERROR) ? "bad" : "warn";
    }

    public static String word(Promised.Rule rule) {
        return rule.rows() < DataQuality.MIN_ROWS ? "too few rows" : rule.tooMany() ? "broken" : "kept";
    }

    /** What stands beside a reading. */
    public static String word(Reading reading) {
        return reading.limit().isEmpty() ? "nothing agreed" : reading.verdict().text();
    }

    public static String figure(double value) {
        return String.format(Locale.ROOT, "%.3g", value);
    }
}

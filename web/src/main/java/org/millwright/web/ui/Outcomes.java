package org.millwright.web.ui;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.millwright.monitor.Overviews.Overview;
import org.millwright.monitor.Overviews.Period;
import org.millwright.outcome.Bias;
import org.millwright.outcome.Performance;
import org.millwright.outcome.Task;
import org.millwright.project.Agreement;
import org.millwright.scoring.fairness.Criterion;
import org.millwright.scoring.fairness.Group;
import org.millwright.scoring.metrics.RegressionMetrics.Estimate;

/**
 * What outcomes say of a deployment: figures by window, and of the newest one with outcomes by segment, and how groups are
 * treated.
 *
 * @param metric that is plotted
 * @param columns names of metrics by their key
 * @param newest the newest window with outcomes, one with few rows only when there is no other
 */
public record Outcomes(String metric, Map<String, String> columns, Optional<Period> newest) {
    /** Metrics that a plot shows when nothing else was agreed, the first that is known. */
    private static final List<String> HEADLINES = List.of("skill", "accuracy", "rmse");

    static Outcomes of(Overview overview, List<Period> leading) {
        List<Period> known =
                leading.stream().filter(period -> period.performance().n() > 0).toList();
        Optional<Period> newest = Watch.telling(known).stream()
                .reduce((before, after) -> after)
                .or(() -> known.stream().reduce((before, after) -> after));
        Task task = newest.map(period -> period.performance().task()).orElse(Task.REGRESSION);
        return new Outcomes(headline(overview.agreement(), leading), columns(task), newest);
    }

    private static String headline(Optional<Agreement> agreement, List<Period> periods) {
        List<String> wanted = new ArrayList<>();
        agreement.ifPresent(found -> found.performance().stream()
                .filter(Agreement.Performance::isOverall)
                .forEach(clause -> wanted.add(clause.metric())));
        wanted.addAll(HEADLINES);
        return wanted.stream()
                .filter(metric -> periods.stream()
                        .anyMatch(period -> !Double.isNaN(
                                period.performance().metric(metric).value())))
                .findFirst()
                .orElse(HEADLINES.getFirst());
    }

    private static Map<String, String> columns(Task task) {
        Map<String, String> columns = new LinkedHashMap<>();
        columns.put("skill", "Skill");
        switch (task) {
            case REGRESSION -> {
                columns.put("rmse", "RMSE");
                columns.put("mae", "MAE");
                columns.put("bias", "Bias");
            }
            case BINARY -> {
                columns.put("accuracy", "Accuracy");
                columns.put("precision", "Precision");
                columns.put("recall", "Recall");
                columns.put("f1", "F1");
                columns.put("roc_auc", "ROC AUC");
                columns.put("log_loss", "Log loss");
            }
            case MULTICLASS -> {
                columns.put("accuracy", "Accuracy");
                columns.put("balanced_accuracy", "Balanced accuracy");
                columns.put("f1_macro", "F1, macro");
                columns.put("roc_auc_ovr", "ROC AUC, one against the rest");
                columns.put("log_loss", "Log loss");
            }
        }
        return columns;
    }

    /** The figure with its interval on hover. */
    public static String interval(Estimate estimate) {
        return Double.isNaN(estimate.low())
                ? ""
                : "95 %: " + Text.number(estimate.low()) + " to " + Text.number(estimate.high());
    }

    /** The bounds alone. */
    public static String bounds(Estimate estimate) {
        return Double.isNaN(estimate.low()) ? "" : Text.number(estimate.low()) + " – " + Text.number(estimate.high());
    }

    /** Every metric of the newest window. */
    public Map<String, Estimate> all() {
        return newest.map(period -> period.performance().overall().metrics()).orElse(Map.of());
    }

    public List<Performance.Segment> segments() {
        return newest.map(period -> period.performance().segments()).orElse(List.of());
    }

    public List<Bias> bias() {
        return newest.map(period -> period.performance().bias()).orElse(List.of());
    }

    /** Outcomes that no metric counts, as a sentence; "" without any. */
    public String unknown() {
        return newest.map(Period::performance)
                .filter(performance -> performance.unknown() > 0)
                .map(performance -> Text.number(performance.unknown())
                        + " outcomes are of classes that the version does not know, and in no figure: "
                        + String.join(", ", performance.unknownClasses().keySet()) + ".")
                .orElse("");
    }

    /** Tone of a verdict on fairness. */
    public static String tone(Criterion.Verdict verdict) {
        return switch (verdict) {
            case FAIR -> "ok";
            case WARN -> "warn";
            case UNFAIR -> "bad";
            case INSUFFICIENT, CHANCE -> "idle";
        };
    }

    /**
     * Selection rates of the groups as bars, as shares of the highest rate of those that count, with the line that the
     * four-fifths rule draws at 0.8; as SVG.
     */
    public static String fourFifths(Bias bias) {
        List<Group> judged = bias.fairness().judged();
        double most = judged.stream()
                .mapToDouble(group -> group.selectionRate().value())
                .max()
                .orElse(0);
        if (!(most > 0)) {
            return "";
        }
        var plot = new GroupPlot(
                bias.groups().size(),
                "Selection rates by " + bias.name() + " as shares of the highest, with the four-fifths line");
        for (Group group : bias.groups()) {
            double share = group.selectionRate().value() / most;
            plot.add(
                    group.name(),
                    group.name() + ": " + Text.percent(group.selectionRate().value()) + " selected, "
                            + Text.number(share) + " of the highest",
                    String.format(
                            Locale.ROOT,
                            "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>",
                            judged.contains(group) ? "now" : "ghost",
                            GroupPlot.NAME,
                            plot.y() + 3,
                            Math.min(1.15, share) * GroupPlot.BAR,
                            GroupPlot.ROW - 6));
        }
        return plot.across("limit", GroupPlot.NAME + 0.8 * GroupPlot.BAR, "four fifths");
    }
}

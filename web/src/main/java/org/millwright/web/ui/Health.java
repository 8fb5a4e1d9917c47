package org.millwright.web.ui;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.millwright.alert.Alert;
import org.millwright.alert.Verdict;
import org.millwright.drift.Drifted;
import org.millwright.monitor.Overviews.Period;
import org.millwright.project.Agreement;
import org.millwright.scoring.metrics.RegressionMetrics.Estimate;
import org.millwright.serving.Deployment;

/**
 * The answer at the head of a deployment's page: whether it is well, how good it is, what moved, what to do next.
 *
 * @param tone style class of {@code word}
 * @param word the state
 * @param said the state as a sentence
 * @param broken clauses that are not kept, the worst first
 * @param measured the newest window with enough outcomes; empty without any
 * @param estimated the newest window's estimate; empty without one
 * @param moved columns away from training, as a sentence
 * @param next what to do now, the most urgent first
 */
public record Health(
        String tone,
        String word,
        String said,
        List<Agreed.Row> broken,
        Optional<Measured> measured,
        Optional<SignalWatch.Row> estimated,
        String estimatedMetric,
        String moved,
        List<Step> next) {
    private static final int NAMED = 3;
    private static final int STEPS = 4;
    private static final double FEW = 0.5;

    /**
     * A figure of a window.
     *
     * @param before of the window before that had one; NaN without
     * @param limit what is agreed; "" when nothing is
     * @param coverage share of its rows whose outcome is known
     */
    public record Measured(
            String metric,
            Estimate figure,
            String window,
            double before,
            String limit,
            double coverage,
            long outcomes) {}

    /**
     * Something to do.
     *
     * @param href where, or "" for a command alone
     * @param command that does it, or ""
     */
    public record Step(String text, String href, String command) {}

    static Health of(
            Deployment deployment,
            Agreed agreed,
            Optional<Watch> watch,
            Optional<SignalWatch> signals,
            Optional<Agreement> agreement) {
        List<Agreed.Row> broken = agreed.rows().stream()
                .filter(row -> row.tone().equals("bad") || row.tone().equals("warn"))
                .sorted(Comparator.comparing(row -> row.tone().equals("warn")))
                .toList();
        long known =
                agreed.rows().stream().filter(row -> !row.tone().equals("idle")).count();
        List<Alert> open = watch.map(Watch::alerts).orElse(List.of()).stream()
                .filter(Alert::isOpen)
                .toList();
        String tone = deployment.halt().isPresent()
                ? "bad"
                : !broken.isEmpty() ? broken.getFirst().tone() : known > 0 ? "ok" : "idle";
        return new Health(
                tone,
                word(deployment, agreed, tone),
                said(agreed, broken, known),
                broken,
                watch.flatMap(found -> measured(found, agreement)),
                signals.map(SignalWatch::estimates)
                        .filter(rows -> !rows.isEmpty())
                        .map(List::getLast),
                signals.map(SignalWatch::metric).orElse(""),
                watch.map(Health::moved).orElse(""),
                next(deployment, agreed, watch, open));
    }

    private static String word(Deployment deployment, Agreed agreed, String tone) {
        if (deployment.halt().isPresent()) {
            return "stopped";
        }
        return switch (tone) {
            case "ok" -> "keeps its agreement";
            case "warn" -> "at risk";
            case "bad" -> "breaks its agreement";
            default -> agreed.sentences().isEmpty() ? "nothing agreed" : "not known yet";
        };
    }

    private static String said(Agreed agreed, List<Agreed.Row> broken, long known) {
        int all = agreed.rows().size();
        if (agreed.sentences().isEmpty()) {
            return "Nothing is agreed by which it could be judged.";
        }
        if (known == 0) {
            return "Too little was answered to judge any clause.";
        }
        String rest = known < all ? " Of " + (all - known) + " too little is known." : "";
        return broken.isEmpty()
                ? (known == 1
                                ? "The one clause that could be judged is kept."
                                : "All " + known + " judged clauses are kept.")
                        + rest
                : (known - broken.size()) + " of " + known + " judged clauses are kept." + rest;
    }

    private static Optional<Measured> measured(Watch watch, Optional<Agreement> agreement) {
        String metric = watch.outcomes().metric();
        List<Period> any = Watch.telling(watch.periods()).stream()
                .filter(period ->
                        !Double.isNaN(period.performance().metric(metric).value()))
                .toList();
        List<Period> with = Watch.sure(any, agreement, metric);
        if (with.isEmpty()) {
            return Optional.empty();
        }
        Period newest = with.getLast();
        String limit = agreement
                .flatMap(found -> found.performance().stream()
                        .filter(clause -> clause.isOverall() && clause.metric().equals(metric))
                        .findFirst())
                .map(clause -> clause.limit().side().text() + " "
                        + Text.number(clause.limit().value()))
                .orElse("");
        return Optional.of(new Measured(
                metric,
                newest.performance().metric(metric),
                newest.state().window().label(),
                with.size() < 2
                        ? Double.NaN
                        : with.get(with.size() - 2).performance().metric(metric).value(),
                limit,
                newest.state().coverage(),
                newest.performance().n()));
    }

    private static String moved(Watch watch) {
        Optional<Drifted> newest =
                Watch.telling(watch.periods()).reversed().stream().findFirst().flatMap(Period::drift);
        if (newest.isEmpty()) {
            return "";
        }
        List<Drifted.Column> away = newest.get().columns().stream()
                .filter(column -> column.verdict() == Verdict.BROKEN)
                .sorted(Comparator.comparingDouble(column -> -column.value() / Math.max(1e-9, column.alert())))
                .toList();
        int all = newest.get().columns().size();
        String answers = switch (newest.get().prediction().verdict()) {
            case KEPT -> "; predictions are as in training";
            case AT_RISK -> "; predictions are moving";
            case BROKEN -> "; predictions moved as well";
            case INSUFFICIENT -> "";
        };
        if (away.isEmpty()) {
            return "None of " + Text.count(all, "column") + " moved from training" + answers + ".";
        }
        String names = String.join(
                ", ", away.stream().limit(NAMED).map(Drifted.Column::name).toList());
        return away.size() + " of " + Text.count(all, "column") + " moved from training, most " + names + answers + ".";
    }

    private static List<Step> next(Deployment deployment, Agreed agreed, Optional<Watch> watch, List<Alert> open) {
        List<Step> steps = new ArrayList<>();
        deployment
                .halt()
                .ifPresent(halt -> steps.add(new Step(
                        "Let it answer again once the reason is gone",
                        "",
                        "mw deployment resume " + deployment.name() + " --reason WHY")));
        deployment
                .candidate()
                .ifPresent(version -> steps.add(new Step("Watch version " + version + " on its way", "#trial", "")));
        open.stream()
                .filter(alert -> !alert.quiet())
                .sorted(Comparator.comparing(alert -> alert.state() == Alert.State.ACKNOWLEDGED))
                .forEach(alert -> steps.add(new Step(told(deployment, alert), Links.of(alert.ref()), "")));
        if (agreed.sentences().isEmpty()) {
            steps.add(new Step("Agree on what is good enough", "", "mw agreement propose"));
        }
        watch.map(Watch::periods).orElse(List.of()).stream()
                .filter(period -> period.closed() && period.state().rows() >= Drifted.MIN_ROWS)
                .reduce((before, after) -> after)
                .filter(period -> period.state().coverage() < FEW)
                .ifPresent(period -> steps.add(new Step(
                        "Send the outcomes of " + period.state().window().label() + "; "
                                + Text.percent(period.state().coverage()) + " are known",
                        "",
                        "mw monitor labels " + deployment.name() + " FILE")));
        return steps.stream().limit(STEPS).toList();
    }

    private static String told(Deployment deployment, Alert alert) {
        String about = ClauseName.of(alert.clause());
        boolean old = !alert.version().isEmpty()
                && deployment.production().filter(alert.version()::equals).isEmpty();
        return (alert.state() == Alert.State.OPEN ? "Look at the alert about " : "Close the alert about ")
                + about
                + (alert.clause().kind().isMeasured() ? " in " + alert.window().label() : "")
                + (old ? ", of version " + alert.version() + ", which serves no more" : "")
                + (alert.assignee().isEmpty() ? "" : " (" + alert.assignee() + ")");
    }
}

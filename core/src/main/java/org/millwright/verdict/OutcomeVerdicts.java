package org.millwright.verdict;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.millwright.alert.Alerts;
import org.millwright.alert.Judgement;
import org.millwright.alert.Verdict;
import org.millwright.kernel.Json;
import org.millwright.outcome.Bias;
import org.millwright.outcome.Performance;
import org.millwright.outcome.Scores;
import org.millwright.outcome.Segments;
import org.millwright.outcome.Task;
import org.millwright.project.Agreement;
import org.millwright.scoring.fairness.Criterion;
import org.millwright.scoring.fairness.ErrorGaps;
import org.millwright.scoring.fairness.Fairness;
import org.millwright.scoring.fairness.FairnessSettings;
import org.millwright.scoring.fairness.Group;
import org.millwright.scoring.fairness.GroupErrors;
import org.millwright.scoring.metrics.RegressionMetrics.Estimate;
import org.millwright.window.Watched;
import org.millwright.window.WindowState;

/** What a window says of the clauses that speak of outcomes: performance, fairness, and when to stop. */
final class OutcomeVerdicts {
    /** Share of the outcomes that may be of classes that the version does not know. */
    private static final double MOST_UNKNOWN = 0.05;

    private static final Set<String> OF_PROBABILITIES = Set.of(
            "roc_auc",
            "roc_auc_ovr",
            "gini",
            "average_precision",
            "pr_auc",
            "ks",
            "log_loss",
            "brier",
            "ece",
            "ece_equal_frequency",
            "lift_top_10_percent");

    private final Measures measures;

    OutcomeVerdicts(Measures measures) {
        this.measures = measures;
    }

    /** What a metric must be, of which rows, and over how many labels. */
    private record Promise(String metric, Agreement.Limit limit, int minLabels, Map<String, String> segment) {
        String rows() {
            return segment.isEmpty()
                    ? ""
                    : " of "
                            + segment.entrySet().stream()
                                    .map(entry -> entry.getKey() + "=" + entry.getValue())
                                    .collect(Collectors.joining(", "));
        }
    }

    Judgement performance(Watched watched, ClauseInWindow subject, Agreement.Performance agreed) {
        return judge(
                watched, subject, new Promise(agreed.metric(), agreed.limit(), agreed.minLabels(), agreed.segment()));
    }

    Judgement stop(Watched watched, ClauseInWindow subject, Agreement.Stop agreed) {
        return judge(watched, subject, new Promise(agreed.metric(), agreed.limit(), agreed.minLabels(), Map.of()));
    }

    private Judgement judge(Watched watched, ClauseInWindow subject, Promise promise) {
        WindowState state = subject.state();
        if (state.labels() < promise.minLabels()) {
            ObjectNode details = Json.object().put("n", state.labels()).put("coverage", state.coverage());
            return insufficient(subject, promise, state.labels(), few(state.labels(), promise), details);
        }
        Performance performance = measures.performance(watched, state);
        Optional<Performance.Segment> segment = performance.segment(promise.segment());
        Scores scores = promise.segment().isEmpty()
                ? performance.overall()
                : segment.map(Performance.Segment::scores).orElse(new Scores(0, 0, Map.of(), "no such rows"));
        ObjectNode details = promise.segment().isEmpty()
                ? performance.overallJson()
                : segment.map(Performance.Segment::toJson).orElseGet(Json::object);
        Estimate value = figure(scores, promise.metric());
        Optional<String> lacking = lacking(performance, scores, value, promise);
        return lacking.isPresent()
                ? insufficient(subject, promise, scores.n(), lacking.get(), details)
                : subject.judged(
                        verdict(value, promise.limit()),
                        promise.metric(),
                        value.value(),
                        promise.limit().value(),
                        scores.n(),
                        note(value, promise, scores.n(), performance.unknown()),
                        details);
    }

    /** Why nothing can be said, if so. */
    private static Optional<String> lacking(Performance performance, Scores scores, Estimate value, Promise promise) {
        long unknown = performance.unknown();
        long all = unknown + performance.n();
        if (unknown > MOST_UNKNOWN * all) {
            return Optional.of(unknown + " of " + all + " outcomes are of classes that the version does not know: "
                    + String.join(", ", performance.unknownClasses().keySet()));
        }
        if (scores.n() < promise.minLabels()) {
            return Optional.of(few(scores.n(), promise));
        }
        if (!Double.isNaN(value.value())) {
            return Optional.empty();
        }
        String why = scores.note().isEmpty() ? why(performance.task(), promise.metric()) : scores.note();
        return Optional.of(promise.metric() + promise.rows() + " cannot be measured: " + why);
    }

    private static Judgement insufficient(
            ClauseInWindow subject, Promise promise, long n, String note, ObjectNode details) {
        return subject.judged(
                Verdict.INSUFFICIENT,
                promise.metric(),
                Double.NaN,
                promise.limit().value(),
                n,
                note,
                details);
    }

    private static String few(long n, Promise promise) {
        return "only " + n + " labels" + promise.rows() + " (agreed: at least " + promise.minLabels() + ")";
    }

    /** Of bias its size. */
    private static Estimate figure(Scores scores, String metric) {
        Estimate value = scores.metric(metric);
        if (!metric.equals("bias")) {
            return value;
        }
        double low = Math.min(Math.abs(value.low()), Math.abs(value.high()));
        return new Estimate(
                Math.abs(value.value()),
                value.low() < 0 && value.high() > 0 ? 0 : low,
                Math.max(Math.abs(value.low()), Math.abs(value.high())));
    }

    private static String why(Task task, String metric) {
        if (metric.equals("skill")) {
            return "the version was registered without a training profile";
        }
        if (task != Task.REGRESSION && OF_PROBABILITIES.contains(metric)) {
            return "the model answers no probabilities, or the outcomes are of one class only";
        }
        return switch (task) {
            case REGRESSION -> "the model predicts a quantity, or all outcomes are alike";
            case BINARY -> "the model predicts two classes";
            case MULTICLASS -> "the model predicts more than two classes";
        };
    }

    private static String note(Estimate value, Promise promise, long n, long unknown) {
        String interval = Double.isNaN(value.low())
                ? ""
                : " (95 %: " + Alerts.figure(value.low()) + " to " + Alerts.figure(value.high()) + ")";
        String left = unknown == 0 ? "" : "; " + unknown + " of classes that the version does not know are left out";
        return promise.metric() + promise.rows() + " " + Alerts.figure(value.value()) + interval + ", agreed "
                + promise.limit().side().text() + " "
                + Alerts.figure(promise.limit().value()) + ", over " + n
                + " labels" + left;
    }

    /** At risk while the limit lies within the interval: the far end would break it. */
    private static Verdict verdict(Estimate value, Agreement.Limit limit) {
        if (!limit.keeps(value.value())) {
            return Verdict.BROKEN;
        }
        double end = limit.side() == Agreement.Side.AT_LEAST ? value.low() : value.high();
        return Double.isNaN(end) || limit.keeps(end) ? Verdict.KEPT : Verdict.AT_RISK;
    }

    /** Beyond the limit, but not by more than chance explains, is at risk; as chance makes of groups well within it, kept. */
    Judgement fairness(Watched watched, ClauseInWindow subject, Agreement.Fairness agreed) {
        Optional<Bias> found = measures.performance(watched, subject.state()).bias(agreed.by());
        if (found.isEmpty() || !found.get().note().isEmpty()) {
            String note = found.map(Bias::note)
                    .orElse("no values of " + String.join(", ", agreed.by()) + " are kept: at most "
                            + Segments.MOST_COLUMNS + " columns of an agreement are");
            return judged(subject, agreed, Verdict.INSUFFICIENT, Double.NaN, 0, note, Json.object());
        }
        Bias bias = found.get();
        Optional<Compared> compared = bias.isOfErrors() ? errors(bias, agreed) : decisions(bias, agreed);
        if (compared.isEmpty()) {
            String note = agreed.measure() + " is of "
                    + (bias.isOfErrors()
                            ? "decisions, and the model predicts a quantity"
                            : "errors of a quantity, and the model predicts classes");
            return judged(subject, agreed, Verdict.INSUFFICIENT, Double.NaN, 0, note, bias.toJson());
        }
        Criterion criterion = compared.get().criterion();
        long n = compared.get().n();
        Verdict verdict = verdict(criterion, agreed.limit());
        String note = verdict == Verdict.INSUFFICIENT
                ? "fewer than two groups of " + bias.name() + " have " + agreed.minRows() + " rows to tell "
                        + agreed.measure() + " by"
                : note(criterion, bias, agreed, n) + chance(criterion, verdict);
        return judged(subject, agreed, verdict, criterion.value(), n, note, bias.toJson());
    }

    private static Verdict verdict(Criterion criterion, Agreement.Limit limit) {
        if (Double.isNaN(criterion.value())) {
            return Verdict.INSUFFICIENT;
        }
        if (limit.keeps(criterion.value())) {
            return Verdict.KEPT;
        }
        return switch (criterion.verdict()) {
            case UNFAIR -> Verdict.BROKEN;
            case WARN -> Verdict.AT_RISK;
            case CHANCE, FAIR -> Verdict.KEPT;
            case INSUFFICIENT -> Verdict.INSUFFICIENT;
        };
    }

    private static String chance(Criterion criterion, Verdict verdict) {
        return verdict == Verdict.AT_RISK
                ? "; chance may explain that it is beyond the limit"
                : criterion.verdict() == Criterion.Verdict.CHANCE
                        ? "; so few rows are as far apart by chance alone"
                        : "";
    }

    /** @param n rows of the groups that count */
    private record Compared(Criterion criterion, long n) {}

    private static Optional<Compared> decisions(Bias bias, Agreement.Fairness agreed) {
        double limit = agreed.limit().value();
        Fairness fairness = bias.fairness(new FairnessSettings(
                Math.clamp(limit, Double.MIN_NORMAL, 1),
                Math.clamp(limit, 0, Math.nextDown(1.0)),
                agreed.minRows(),
                FairnessSettings.DEFAULT.alpha()));
        long n = fairness.judged().stream().mapToLong(Group::n).sum();
        return fairness.criteria().stream()
                .filter(each -> each.metric().equals(agreed.measure()))
                .map(criterion -> new Compared(criterion, n))
                .findFirst();
    }

    private static Optional<Compared> errors(Bias bias, Agreement.Fairness agreed) {
        ErrorGaps gaps = bias.gaps(agreed.minRows());
        long n = gaps.judged().stream().mapToLong(GroupErrors::n).sum();
        return Stream.of(ErrorGaps.Measure.values())
                .filter(measure -> measure.text().equals(agreed.measure()))
                .map(measure ->
                        new Compared(gaps.criterion(measure, agreed.limit().value()), n))
                .findFirst();
    }

    private static String note(Criterion criterion, Bias bias, Agreement.Fairness agreed, long n) {
        return agreed.measure() + " " + Alerts.figure(criterion.value()) + " by " + bias.name() + ", lowest "
                + criterion.lowest() + ", highest " + criterion.highest() + ", agreed "
                + agreed.limit().side().text() + " "
                + Alerts.figure(agreed.limit().value()) + ", over " + n
                + " predictions";
    }

    private static Judgement judged(
            ClauseInWindow subject,
            Agreement.Fairness agreed,
            Verdict verdict,
            double value,
            long n,
            String note,
            ObjectNode details) {
        return subject.judged(verdict, agreed.measure(), value, agreed.limit().value(), n, note, details);
    }
}

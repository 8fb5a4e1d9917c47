package org.millwright.monitor;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.util.Optional;
import org.millwright.kernel.Json;
import org.millwright.project.Agreement;
import org.millwright.scoring.metrics.RegressionMetrics.Estimate;

/** What a window says of the agreement's clauses. The effect decides, never a p-value. */
final class Verdicts {
    private final Measures measures;
    private final Clock clock;

    Verdicts(Measures measures, Clock clock) {
        this.measures = measures;
        this.clock = clock;
    }

    /** The verdict of a closed window; empty when nothing was agreed on the clause, or when it is not judged by windows. */
    Optional<Judgement> of(Watched watched, Agreement agreement, WindowState state, Clause clause, boolean leading) {
        return switch (clause.kind()) {
            case PERFORMANCE ->
                agreement
                        .performance(clause.text())
                        .filter(limit -> limit.isOverall() && Performance.METRICS.contains(limit.metric()))
                        .map(limit -> performance(
                                watched, state, clause, limit.metric(), limit.limit(), limit.minLabels(), leading));
            case STOP ->
                agreement
                        .stop(clause.text())
                        .filter(limit -> Performance.METRICS.contains(limit.metric()))
                        .map(limit -> performance(
                                watched, state, clause, limit.metric(), limit.limit(), limit.minLabels(), leading));
            case DRIFT -> agreement.drift().map(limit -> drift(watched, state, limit, leading));
            default -> Optional.empty();
        };
    }

    private Judgement performance(
            Watched watched,
            WindowState state,
            Clause clause,
            String metric,
            Agreement.Limit limit,
            int minLabels,
            boolean leading) {
        Performance performance = measures.performance(watched, state);
        Estimate value = performance.metric(metric);
        Verdict verdict;
        String note;
        if (performance.n() < minLabels) {
            verdict = Verdict.INSUFFICIENT;
            note = "only " + performance.n() + " labels (agreed: at least " + minLabels + ")";
        } else if (Double.isNaN(value.value())) {
            verdict = Verdict.INSUFFICIENT;
            note = metric + " cannot be measured: the version was registered without a training profile";
        } else {
            verdict = verdict(value, limit);
            String interval = Double.isNaN(value.low())
                    ? ""
                    : " (95 %: " + Alerts.figure(value.low()) + " to " + Alerts.figure(value.high()) + ")";
            note = metric + " " + Alerts.figure(value.value()) + interval + ", agreed "
                    + limit.side().text() + " " + Alerts.figure(limit.value()) + ", over " + performance.n()
                    + " labels";
        }
        return judgement(
                state,
                clause,
                verdict,
                leading,
                metric,
                value.value(),
                limit.value(),
                performance.n(),
                note,
                performance.toJson());
    }

    /** At risk while the limit lies within the interval: the far end would break it. */
    private static Verdict verdict(Estimate value, Agreement.Limit limit) {
        if (!limit.keeps(value.value())) {
            return Verdict.BROKEN;
        }
        double end = limit.side() == Agreement.Side.AT_LEAST ? value.low() : value.high();
        return Double.isNaN(end) || limit.keeps(end) ? Verdict.KEPT : Verdict.AT_RISK;
    }

    private Judgement drift(Watched watched, WindowState state, Agreement.Drift limit, boolean leading) {
        Optional<Drifted> measured =
                state.rows() < Drifted.MIN_ROWS ? Optional.empty() : measures.drift(watched, state, Optional.of(limit));
        double share = measured.map(drifted -> drifted.share(Verdict.BROKEN)).orElse(Double.NaN);
        double near = measured.map(drifted -> drifted.share(Verdict.AT_RISK)).orElse(Double.NaN);
        Verdict verdict;
        String note;
        if (Double.isNaN(share)) {
            verdict = Verdict.INSUFFICIENT;
            note = state.rows() < Drifted.MIN_ROWS
                    ? "only " + state.rows() + " rows (needed: " + Drifted.MIN_ROWS + ")"
                    : "the version was registered without a training profile";
        } else {
            verdict = share >= limit.columnsShare()
                    ? Verdict.BROKEN
                    : near >= limit.columnsShare() ? Verdict.AT_RISK : Verdict.KEPT;
            note = Math.round(share * measured.get().columns().size()) + " of "
                    + measured.get().columns().size() + " columns moved beyond " + limit.method() + " "
                    + Alerts.figure(limit.alert()) + " (agreed: less than " + Alerts.figure(limit.columnsShare())
                    + " of them)";
        }
        return judgement(
                state,
                Clause.DRIFT,
                verdict,
                leading,
                limit.method(),
                share,
                limit.columnsShare(),
                state.rows(),
                note,
                measured.map(DriftJson::of).orElseGet(Json::object));
    }

    private Judgement judgement(
            WindowState state,
            Clause clause,
            Verdict verdict,
            boolean leading,
            String method,
            double measured,
            double threshold,
            long n,
            String note,
            ObjectNode details) {
        return new Judgement(
                state.deployment(),
                state.version(),
                state.window(),
                clause,
                verdict,
                leading,
                method,
                measured,
                threshold,
                n,
                note,
                details,
                clock.millis());
    }
}

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

    /** The verdict of a closed window; empty when nothing was agreed on the clause. */
    Optional<Judgement> of(Watched watched, Agreement agreement, WindowState state, Clause clause, boolean leading) {
        return clause == Clause.PERFORMANCE
                ? agreement.performance().map(limit -> performance(watched, state, limit, leading))
                : agreement.drift().map(limit -> drift(watched, state, limit, leading));
    }

    private Judgement performance(Watched watched, WindowState state, Agreement.Performance limit, boolean leading) {
        Performance performance = measures.performance(watched, state);
        Estimate value = performance.metric(limit.metric());
        Verdict verdict;
        String note;
        if (performance.n() < limit.minLabels()) {
            verdict = Verdict.INSUFFICIENT;
            note = "only " + performance.n() + " labels (agreed: at least " + limit.minLabels() + ")";
        } else if (Double.isNaN(value.value())) {
            verdict = Verdict.INSUFFICIENT;
            note = limit.metric() + " cannot be measured: the version was registered without a training profile";
        } else {
            verdict = value.value() < limit.atLeast()
                    ? Verdict.BROKEN
                    : value.low() < limit.atLeast() ? Verdict.AT_RISK : Verdict.KEPT;
            String interval = Double.isNaN(value.low())
                    ? ""
                    : " (95 %: " + Alerts.figure(value.low()) + " to " + Alerts.figure(value.high()) + ")";
            note = limit.metric() + " " + Alerts.figure(value.value()) + interval + ", agreed at least "
                    + Alerts.figure(limit.atLeast()) + ", over " + performance.n() + " labels";
        }
        return judgement(
                state,
                Clause.PERFORMANCE,
                verdict,
                leading,
                limit.metric(),
                value.value(),
                limit.atLeast(),
                performance.n(),
                note,
                performance.toJson());
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

package org.millwright.verdict;

import java.time.Clock;
import java.util.Optional;
import org.millwright.alert.Alerts;
import org.millwright.alert.Clause;
import org.millwright.alert.Judgement;
import org.millwright.alert.Verdict;
import org.millwright.drift.DriftJson;
import org.millwright.drift.Drifted;
import org.millwright.kernel.Json;
import org.millwright.project.Agreement;
import org.millwright.window.Watched;
import org.millwright.window.WindowState;

/** What a window says of the agreement's clauses. The effect decides, never a p-value. */
final class Verdicts {
    private final Measures measures;
    private final OutcomeVerdicts outcomes;
    private final Clock clock;

    Verdicts(Measures measures, Clock clock) {
        this.measures = measures;
        this.outcomes = new OutcomeVerdicts(measures);
        this.clock = clock;
    }

    /** The verdict of a closed window; empty when nothing was agreed on the clause, or when it is not judged by windows. */
    Optional<Judgement> of(Watched watched, Agreement agreement, WindowState state, Clause clause, boolean leading) {
        var subject = new ClauseInWindow(state, clause, leading, clock.millis());
        return switch (clause.kind()) {
            case PERFORMANCE ->
                agreement.performance(clause.text()).map(limit -> outcomes.performance(watched, subject, limit));
            case STOP -> agreement.stop(clause.text()).map(limit -> outcomes.stop(watched, subject, limit));
            case FAIRNESS -> agreement.fairness(clause.text()).map(limit -> outcomes.fairness(watched, subject, limit));
            case DRIFT ->
                agreement
                        .drift()
                        .filter(limit -> clause.equals(Clause.DRIFT))
                        .map(limit -> drift(watched, subject, limit));
            default -> Optional.empty();
        };
    }

    private Judgement drift(Watched watched, ClauseInWindow subject, Agreement.Drift limit) {
        WindowState state = subject.state();
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
                    : measured.isPresent()
                            ? "no column had " + Drifted.MIN_ROWS + " values to go by"
                            : "the version was registered without a training profile";
        } else {
            verdict = share >= limit.columnsShare()
                    ? Verdict.BROKEN
                    : near >= limit.columnsShare() ? Verdict.AT_RISK : Verdict.KEPT;
            note = note(measured.get(), limit);
        }
        return subject.judged(
                verdict,
                limit.method(),
                share,
                limit.columnsShare(),
                state.rows(),
                note,
                measured.map(DriftJson::of).orElseGet(Json::object));
    }

    private static String note(Drifted drifted, Agreement.Drift limit) {
        String own = limit.columns().isEmpty() ? "" : " unless a column has its own limits";
        long moved = drifted.moved(Verdict.BROKEN);
        long near = drifted.moved(Verdict.AT_RISK);
        String unknown = String.join(", ", drifted.unknown());
        return moved + " of " + drifted.measured() + " columns moved beyond " + limit.method() + " "
                + Alerts.figure(limit.alert()) + own + " (agreed: less than "
                + Alerts.figure(limit.columnsShare()) + " of them)"
                + (near > moved ? ", " + near + " beyond " + Alerts.figure(limit.warn()) + own : "")
                + (unknown.isEmpty() ? "" : "; the model has no column " + unknown + ", which the agreement names");
    }
}

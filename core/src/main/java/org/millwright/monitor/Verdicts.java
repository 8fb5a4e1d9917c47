package org.millwright.monitor;

import java.time.Clock;
import java.util.Optional;
import org.millwright.alert.Alerts;
import org.millwright.alert.Clause;
import org.millwright.alert.Judgement;
import org.millwright.alert.Verdict;
import org.millwright.kernel.Json;
import org.millwright.project.Agreement;

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
        var subject = new Subject(state, clause, leading, clock.millis());
        return switch (clause.kind()) {
            case PERFORMANCE ->
                agreement.performance(clause.text()).map(limit -> outcomes.performance(watched, subject, limit));
            case STOP -> agreement.stop(clause.text()).map(limit -> outcomes.stop(watched, subject, limit));
            case FAIRNESS -> agreement.fairness(clause.text()).map(limit -> outcomes.fairness(watched, subject, limit));
            case DRIFT -> agreement.drift().map(limit -> drift(watched, subject, limit));
            default -> Optional.empty();
        };
    }

    private Judgement drift(Watched watched, Subject subject, Agreement.Drift limit) {
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
                    : "the version was registered without a training profile";
        } else {
            verdict = share >= limit.columnsShare()
                    ? Verdict.BROKEN
                    : near >= limit.columnsShare() ? Verdict.AT_RISK : Verdict.KEPT;
            note = note(measured.get(), limit, share, near);
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

    private static String note(Drifted measured, Agreement.Drift limit, double share, double near) {
        long columns = measured.columns().stream()
                .filter(column -> column.verdict() != Verdict.INSUFFICIENT)
                .count();
        return Math.round(share * columns) + " of " + columns + " columns moved beyond " + limit.method() + " "
                + Alerts.figure(limit.alert()) + " (agreed: less than " + Alerts.figure(limit.columnsShare())
                + " of them)"
                + (near > share ? ", " + Math.round(near * columns) + " beyond " + Alerts.figure(limit.warn()) : "");
    }
}

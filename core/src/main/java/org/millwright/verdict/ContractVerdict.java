package org.millwright.verdict;

import java.util.Optional;
import org.millwright.alert.Alerts;
import org.millwright.alert.Clause;
import org.millwright.alert.Judgement;
import org.millwright.alert.Verdict;
import org.millwright.kernel.Json;
import org.millwright.project.Agreement;
import org.millwright.scoring.profile.ContractCheck.Severity;
import org.millwright.signal.DataQuality;
import org.millwright.signal.Promised;
import org.millwright.signal.SignalJson;
import org.millwright.window.WindowState;

/**
 * What a window says of the clause on data contracts: broken when too many rows break a rule of severity error, at risk for
 * one that warns.
 */
record ContractVerdict(WindowState state, Clause clause, boolean leading, long now) {

    Judgement of(Optional<DataQuality> quality, Agreement.Quality agreed) {
        double usual = agreed.contract().orElse(Agreement.Quality.CONTRACT_SHARE);
        Optional<Promised> promised = quality.flatMap(DataQuality::promised)
                .filter(found -> found.rules().stream().anyMatch(rule -> rule.rows() >= DataQuality.MIN_ROWS));
        if (promised.isEmpty()) {
            return subject()
                    .judged(
                            Verdict.INSUFFICIENT,
                            "share",
                            Double.NaN,
                            usual,
                            state.rows(),
                            unknown(quality),
                            Json.object());
        }
        Optional<Promised.Rule> error = promised.get().worst(Severity.ERROR);
        Optional<Promised.Rule> worst = error.or(() -> promised.get().worst(Severity.WARNING));
        Verdict verdict = error.isPresent() ? Verdict.BROKEN : worst.isPresent() ? Verdict.AT_RISK : Verdict.KEPT;
        String note = worst.map(rule -> rule.check().column() + ": " + rule.note() + more(promised.get(), rule))
                .orElse("none of " + promised.get().rules().size()
                        + " rules of data contracts is broken by more rows than may");
        return subject()
                .judged(
                        verdict,
                        "share",
                        worst.map(Promised.Rule::share).orElse(largest(promised.get())),
                        worst.map(Promised.Rule::limit).orElse(usual),
                        worst.map(Promised.Rule::rows).orElse(state.rows()),
                        note,
                        SignalJson.broken(promised.get()));
    }

    private ClauseInWindow subject() {
        return new ClauseInWindow(state, clause, leading, now);
    }

    private String unknown(Optional<DataQuality> quality) {
        if (state.rows() < DataQuality.MIN_ROWS) {
            return "only " + state.rows() + " rows (needed: " + DataQuality.MIN_ROWS + ")";
        }
        return quality.flatMap(DataQuality::promised).isEmpty()
                ? "version " + state.version() + " was registered without a data contract"
                : "no rule of a data contract is about a row's input that the model has";
    }

    private static double largest(Promised promised) {
        return promised.rules().stream()
                .filter(rule -> rule.rows() > 0)
                .mapToDouble(Promised.Rule::share)
                .max()
                .orElse(0);
    }

    private static String more(Promised promised, Promised.Rule shown) {
        long others = promised.rules().stream()
                .filter(rule -> rule.tooMany() && rule != shown && !rule.isOf(Severity.INFO))
                .count();
        return " (at most " + Alerts.figure(100 * shown.limit()) + " %)"
                + (others == 0 ? "" : "; " + others + " other rule" + (others == 1 ? " is" : "s are") + " broken, too");
    }
}

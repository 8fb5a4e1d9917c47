package org.millwright.verdict;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.millwright.alert.Alerts;
import org.millwright.alert.Clause;
import org.millwright.alert.Judgement;
import org.millwright.alert.Verdict;
import org.millwright.drift.MultivariateDrift;
import org.millwright.kernel.Json;
import org.millwright.project.Agreement;
import org.millwright.scoring.drift.ReconstructionError;
import org.millwright.scoring.performance.Estimated;
import org.millwright.scoring.performance.Estimator;
import org.millwright.signal.DataQuality;
import org.millwright.signal.SignalJson;
import org.millwright.window.Watched;
import org.millwright.window.WindowState;

/**
 * What a window says of clauses that need no outcomes: estimated performance, quality of the rows, rows outside of training, all
 * columns together.
 */
final class SignalVerdicts {
    private final SignalMeasures measures;
    private final Clock clock;

    SignalVerdicts(SignalMeasures measures, Clock clock) {
        this.measures = measures;
        this.clock = clock;
    }

    /** The verdict of a closed window; empty when the clause is not agreed, or is none of these. */
    Optional<Judgement> of(Watched watched, Agreement agreement, WindowState state, Clause clause, boolean leading) {
        return switch (clause.kind()) {
            case ESTIMATE ->
                agreement.estimatedBy(clause.text()).map(agreed -> estimate(watched, state, clause, agreed, leading));
            case DRIFT ->
                clause.equals(Clause.MULTIVARIATE)
                        ? agreement
                                .drift()
                                .filter(Agreement.Drift::multivariate)
                                .map(agreed -> multivariate(watched, state, clause, leading))
                        : Optional.empty();
            case QUALITY -> agreement.quality().map(agreed -> quality(watched, state, clause, agreed, leading));
            case STALENESS ->
                clause.text().equals(Agreement.Staleness.OUTSIDE_TRAINING)
                        ? agreement
                                .staleness()
                                .filter(agreed -> agreed.outsideTraining().isPresent())
                                .map(agreed -> outside(
                                        watched,
                                        state,
                                        clause,
                                        agreed.outsideTraining().getAsDouble(),
                                        leading))
                        : Optional.empty();
            default -> Optional.empty();
        };
    }

    /** Broken only when the whole interval is on the wrong side: an estimate is no measurement. */
    private Judgement estimate(
            Watched watched, WindowState state, Clause clause, Agreement.Performance agreed, boolean leading) {
        Optional<Estimator.Estimates> estimates = measures.estimates(watched, state);
        Estimated value =
                estimates.map(found -> found.metrics().get(agreed.metric())).orElse(null);
        if (value == null
                || !Double.isFinite(value.value() + value.samplingError())
                || state.rows() < DataQuality.MIN_ROWS) {
            String why = state.rows() < DataQuality.MIN_ROWS
                    ? tooFew(state)
                    : estimates.isEmpty()
                            ? "version " + state.version()
                                    + " has no estimator: it was registered without, or with fewer than "
                                    + Estimator.LEAST_ROWS + " held-out rows"
                            : agreed.metric() + " is not estimated for this model";
            return judgement(
                    state,
                    clause,
                    Verdict.INSUFFICIENT,
                    leading,
                    agreed.metric(),
                    Double.NaN,
                    agreed.limit().value(),
                    state.rows(),
                    why,
                    Json.object());
        }
        boolean atLeast = agreed.limit().side() == Agreement.Side.AT_LEAST;
        double best = atLeast ? value.high() : value.low();
        double worst = atLeast ? value.low() : value.high();
        Verdict verdict = !agreed.limit().keeps(best)
                ? Verdict.BROKEN
                : agreed.limit().keeps(worst) ? Verdict.KEPT : Verdict.AT_RISK;
        String note = "estimated " + agreed.metric() + " " + Alerts.figure(value.value()) + " (±3 sampling errors: "
                + Alerts.figure(value.low()) + " to " + Alerts.figure(value.high()) + "), agreed "
                + agreed.limit().side().text() + " "
                + Alerts.figure(agreed.limit().value()) + ", over "
                + estimates.get().rows() + " rows, without their outcomes; assumes no concept drift";
        return judgement(
                state,
                clause,
                verdict,
                leading,
                agreed.metric(),
                value.value(),
                agreed.limit().value(),
                estimates.get().rows(),
                note,
                SignalJson.of(estimates.get()));
    }

    private Judgement multivariate(Watched watched, WindowState state, Clause clause, boolean leading) {
        Optional<MultivariateDrift> measured = measures.multivariate(watched, state);
        if (measured.isEmpty()) {
            return insufficient(state, clause, leading, 0);
        }
        MultivariateDrift drift = measured.get();
        double limit = drift.limit();
        return judgement(
                state,
                clause,
                drift.verdict(),
                leading,
                MultivariateDrift.METHOD,
                drift.error().map(ReconstructionError::value).orElse(Double.NaN),
                Double.isNaN(limit) ? 0 : limit,
                drift.rows(),
                drift.note(),
                SignalJson.of(drift));
    }

    private Judgement quality(
            Watched watched, WindowState state, Clause clause, Agreement.Quality agreed, boolean leading) {
        if (clause.text().equals(Agreement.Quality.STUCK)) {
            return stuck(watched, state, clause, agreed, leading);
        }
        if (clause.text().equals(Agreement.Quality.CONTRACT)) {
            return new ContractVerdict(state, clause, leading, clock.millis())
                    .of(measures.quality(watched, state, Optional.of(agreed)), agreed);
        }
        Map<String, Promise> promises = Map.of(
                Agreement.Quality.MISSING,
                        new Promise(
                                agreed.missingRise(),
                                "missing values above training's share",
                                DataQuality.Kind.MISSING,
                                DataQuality.Kind.VANISHED),
                Agreement.Quality.UNSEEN,
                        new Promise(agreed.unseen(), "values that training never saw", DataQuality.Kind.UNSEEN),
                Agreement.Quality.TYPE_ERRORS,
                        new Promise(agreed.typeErrors(), "values of another type", DataQuality.Kind.WRONG_TYPE),
                Agreement.Quality.OUT_OF_RANGE,
                        new Promise(
                                agreed.outOfRange(),
                                "numbers outside of training's range",
                                DataQuality.Kind.OUT_OF_RANGE));
        Promise promise = promises.get(clause.text());
        Optional<DataQuality> quality = measures.quality(watched, state, Optional.of(agreed));
        if (promise == null || quality.isEmpty() || state.rows() < DataQuality.MIN_ROWS) {
            return insufficient(state, clause, leading, promise == null ? 0 : promise.limit());
        }
        Optional<DataQuality.Finding> worst = quality.get().findings().stream()
                .filter(finding -> promise.isAbout(finding.kind()))
                .findFirst();
        double share = worst.map(DataQuality.Finding::share).orElse(0.0);
        String note = worst.map(finding -> finding.column() + ": " + finding.note())
                .orElse("no column has " + promise.what() + " in more than " + Alerts.figure(promise.limit())
                        + " of the rows");
        Verdict verdict = worst.isPresent() ? Verdict.BROKEN : Verdict.KEPT;
        return judgement(
                state,
                clause,
                verdict,
                leading,
                "share",
                share,
                promise.limit(),
                state.rows(),
                note,
                SignalJson.of(quality.get()));
    }

    /** @param what the share is of */
    private record Promise(double limit, String what, DataQuality.Kind... kinds) {
        boolean isAbout(DataQuality.Kind kind) {
            return java.util.Arrays.asList(kinds).contains(kind);
        }
    }

    private Judgement stuck(
            Watched watched, WindowState state, Clause clause, Agreement.Quality agreed, boolean leading) {
        if (state.rows() < DataQuality.MIN_ROWS
                || measures.quality(watched, state, Optional.of(agreed)).isEmpty()) {
            return insufficient(state, clause, leading, agreed.stuckAfter());
        }
        Map<String, Integer> windows = measures.stuck(watched, state, agreed.stuckAfter());
        int most = windows.values().stream().mapToInt(Integer::intValue).max().orElse(0);
        Verdict verdict = most >= agreed.stuckAfter() ? Verdict.BROKEN : most > 0 ? Verdict.AT_RISK : Verdict.KEPT;
        ObjectNode details = Json.object();
        windows.forEach(details::put);
        String note = most == 0
                ? "no column has one and the same value in all rows"
                : String.join(", ", windows.keySet()) + " had one and the same value for " + most + " window"
                        + (most == 1 ? "" : "s") + " (agreed: fewer than " + agreed.stuckAfter() + ")";
        return judgement(
                state, clause, verdict, leading, "windows", most, agreed.stuckAfter(), state.rows(), note, details);
    }

    private Judgement outside(Watched watched, WindowState state, Clause clause, double limit, boolean leading) {
        Optional<DataQuality> quality = measures.quality(watched, state, Optional.empty());
        double share = quality.map(DataQuality::outside).orElse(Double.NaN);
        if (Double.isNaN(share) || state.rows() < DataQuality.MIN_ROWS) {
            return insufficient(state, clause, leading, limit);
        }
        String note = Alerts.figure(100 * share)
                + " % of the rows have a value outside of what training saw (agreed: at most "
                + Alerts.figure(100 * limit) + " %)";
        return judgement(
                state,
                clause,
                share > limit ? Verdict.BROKEN : Verdict.KEPT,
                leading,
                "share",
                share,
                limit,
                state.rows(),
                note,
                SignalJson.of(quality.orElseThrow()));
    }

    private Judgement insufficient(WindowState state, Clause clause, boolean leading, double limit) {
        String why = state.rows() < DataQuality.MIN_ROWS
                ? tooFew(state)
                : "the version was registered without a training profile";
        return judgement(
                state,
                clause,
                Verdict.INSUFFICIENT,
                leading,
                "share",
                Double.NaN,
                limit,
                state.rows(),
                why,
                Json.object());
    }

    private static String tooFew(WindowState state) {
        return "only " + state.rows() + " rows (needed: " + DataQuality.MIN_ROWS + ")";
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
        return new ClauseInWindow(state, clause, leading, clock.millis())
                .judged(verdict, method, measured, threshold, n, note, details);
    }
}

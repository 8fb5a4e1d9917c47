package org.millwright.monitor;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * What a closed window said of a clause, with everything that the verdict rests on.
 *
 * @param leading whether the version answered most of the deployment's rows in the window; only such verdicts raise alerts
 * @param method what was measured: {@code skill}, or {@code psi} and the other drift methods
 * @param measured the value, NaN when there was too little to measure
 * @param threshold the agreement's limit
 * @param n rows or labels that the value rests on
 * @param note why, in one sentence
 * @param details the figures behind it
 * @param judgedAt milliseconds since the epoch
 */
public record Judgement(
        String deployment,
        String version,
        Window window,
        Clause clause,
        Verdict verdict,
        boolean leading,
        String method,
        double measured,
        double threshold,
        long n,
        String note,
        JsonNode details,
        long judgedAt) {

    /** What a verdict is about. */
    record Subject(WindowState state, Clause clause, boolean leading, long now) {
        Judgement judged(
                Verdict verdict,
                String method,
                double measured,
                double threshold,
                long n,
                String note,
                JsonNode details) {
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
                    now);
        }
    }
}

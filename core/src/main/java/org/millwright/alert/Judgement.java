package org.millwright.alert;

import com.fasterxml.jackson.databind.JsonNode;
import org.millwright.kernel.Json;

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

    /** What the clock says of a clause on the day of {@code judgedAt}; of the version that answers, so it leads. */
    public static Judgement ofDay(
            String deployment,
            String version,
            Clause clause,
            Verdict verdict,
            String method,
            double measured,
            double threshold,
            long n,
            String note,
            long judgedAt) {
        return new Judgement(
                deployment,
                version,
                WindowKind.DAY.at(judgedAt),
                clause,
                verdict,
                true,
                method,
                measured,
                threshold,
                n,
                note,
                Json.object(),
                judgedAt);
    }

    /**
     * What the newest judged window of a deployment measured for a clause.
     *
     * @param method such as {@code roc_auc} or {@code psi}
     */
    public record Measured(String deployment, String clause, String method, double value, double threshold) {}
}

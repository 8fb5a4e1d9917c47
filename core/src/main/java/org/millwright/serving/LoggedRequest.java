package org.millwright.serving;

import org.millwright.project.RequestSampling;
import org.millwright.scoring.Frame;
import org.millwright.scoring.Signature;

/**
 * A request that was drawn for the log, with its answer.
 *
 * @param at when it was answered, in milliseconds since the epoch
 * @param signature of the version that answered
 */
record LoggedRequest(
        String deployment,
        String version,
        String requestId,
        long at,
        Signature signature,
        Frame inputs,
        Frame predictions,
        RequestSampling sampling) {
    /** How much memory it takes, as a number of values. */
    long values() {
        return (long) inputs.rows() * (inputs.width() + predictions.width() + 1L);
    }
}

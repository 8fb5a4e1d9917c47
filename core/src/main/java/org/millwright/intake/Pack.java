package org.millwright.intake;

import java.util.Arrays;
import org.millwright.scoring.Frame;
import org.millwright.serving.Scored;

/**
 * Answered rows of one version, column by column.
 *
 * @param ids what an outcome will name each row by, or ""
 * @param times when each prediction is for, in milliseconds since the epoch
 * @param at when each row was answered
 */
record Pack(String version, Frame inputs, double[] predictions, String[] ids, long[] times, long[] at) {
    static Pack of(Scored scored) {
        long[] at = new long[scored.rows()];
        Arrays.fill(at, scored.at());
        return new Pack(scored.version(), scored.inputs(), scored.predictions(), scored.ids(), scored.times(), at);
    }

    int rows() {
        return predictions.length;
    }
}

package org.millwright.intake;

import org.millwright.scoring.Frame;

/**
 * Answered rows of one version, column by column.
 *
 * @param ids what an outcome will name each row by, or ""
 * @param times when each prediction is for, in milliseconds since the epoch
 * @param at when each row was answered
 */
record Pack(String version, Frame inputs, double[] predictions, String[] ids, long[] times, long[] at) {
    int rows() {
        return predictions.length;
    }
}

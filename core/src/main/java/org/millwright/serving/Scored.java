package org.millwright.serving;

import org.millwright.scoring.Frame;

/**
 * Rows that one model version answered for a deployment.
 *
 * @param version of the model that answered, such as {@code 3}
 * @param at when, in milliseconds since the epoch
 * @param inputs the rows as the model took them
 * @param predictions one per row
 * @param ids what an outcome will name each row by; "" for a row that none will be sent for
 * @param times when each prediction is for, in milliseconds since the epoch; {@code at} unless the request says
 */
public record Scored(
        String deployment,
        String project,
        String model,
        String version,
        long at,
        Frame inputs,
        double[] predictions,
        String[] ids,
        long[] times) {
    public Scored {
        int rows = inputs.rows();
        if (predictions.length != rows || ids.length != rows || times.length != rows) {
            throw new IllegalArgumentException(rows + " rows, but " + predictions.length + " predictions, " + ids.length
                    + " ids and " + times.length + " times");
        }
    }

    public int rows() {
        return predictions.length;
    }
}

package org.millwright.serving;

import java.util.Arrays;
import org.millwright.scoring.DataType;
import org.millwright.scoring.Frame;
import org.millwright.scoring.profile.Reference;

/**
 * Rows that one model version answered for a deployment.
 *
 * @param version of the model that answered, such as {@code 3}
 * @param at when, in milliseconds since the epoch
 * @param inputs the rows as the model took them; predicted classes that are no numbers are one more column,
 *     {@link Reference#OUTPUT}
 * @param predictions one per row, 1 for true and 0 for false; NaN for a text
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

    /** The rows with the classes that were predicted. */
    static Frame withClasses(Frame inputs, Frame predictions) {
        Frame.Builder both = Frame.of(inputs.rows());
        for (int i = 0; i < inputs.width(); i++) {
            both.column(inputs.name(i), inputs.type(i), inputs.column(i));
        }
        return both.column(Reference.OUTPUT, predictions.type(0), predictions.column(0))
                .build();
    }

    /** The predictions as far as they are numbers. */
    static double[] numbers(Frame predictions) {
        if (predictions.type(0) != DataType.STRING) {
            return predictions.doubles(0);
        }
        var none = new double[predictions.rows()];
        Arrays.fill(none, Double.NaN);
        return none;
    }

    public int rows() {
        return predictions.length;
    }
}

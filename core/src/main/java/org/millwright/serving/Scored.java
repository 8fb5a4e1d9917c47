package org.millwright.serving;

import java.util.Arrays;
import org.millwright.scoring.DataType;
import org.millwright.scoring.Frame;
import org.millwright.scoring.codec.ScoringRequest;
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

    /** What listeners are told of a request and its answer, which has a column at least. */
    static Scored of(Deployment deployment, String version, long now, ScoringRequest request, Frame predictions) {
        return new Scored(
                deployment.name(),
                deployment.project(),
                deployment.model(),
                version,
                now,
                isNumeric(predictions) ? request.frame() : withClasses(request.frame(), predictions),
                numbers(predictions),
                ids(request),
                times(request, now));
    }

    /** Whether the first prediction of each row is a number. */
    static boolean isNumeric(Frame predictions) {
        return predictions.width() > 0 && predictions.type(0).isNumeric();
    }

    /** What the caller named the rows by; an id that only we know is none that an outcome will come for. */
    private static String[] ids(ScoringRequest request) {
        int rows = request.frame().rows();
        if (!request.ids().isEmpty()) {
            return request.ids().toArray(new String[0]);
        }
        var ids = new String[rows];
        for (int i = 0; i < rows; i++) {
            ids[i] = request.id().isEmpty() || rows == 1 ? request.id() : request.id() + "/" + i;
        }
        return ids;
    }

    private static long[] times(ScoringRequest request, long now) {
        int rows = request.frame().rows();
        long[] given = request.eventTimes();
        if (given.length == rows) {
            return given;
        }
        var times = new long[rows];
        Arrays.fill(times, given.length == 0 ? now : given[0]);
        return times;
    }

    /** The rows with the classes that were predicted. */
    private static Frame withClasses(Frame inputs, Frame predictions) {
        Frame.Builder both = Frame.of(inputs.rows());
        for (int i = 0; i < inputs.width(); i++) {
            both.column(inputs.name(i), inputs.type(i), inputs.column(i));
        }
        return both.column(Reference.OUTPUT, predictions.type(0), predictions.column(0))
                .build();
    }

    /** The predictions as far as they are numbers. */
    private static double[] numbers(Frame predictions) {
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

package org.millwright.serving;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.millwright.scoring.DataType;
import org.millwright.scoring.Frame;
import org.millwright.scoring.codec.ScoringRequest;
import org.millwright.scoring.profile.Reference;

/**
 * Rows that one model version answered for a deployment.
 *
 * @param version of the model that answered, such as {@code 3}
 * @param at when, in milliseconds since the epoch
 * @param inputs the rows as the model took them; behind them predicted classes that are no numbers as a column
 *     {@link Reference#OUTPUT}, and further outputs that are reals, such as probabilities, as {@link #further} columns
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
    /** Further outputs that are kept; of a model with more of them none is. */
    public static final int MOST_FURTHER = 32;

    private static final String FURTHER = "→ output ";
    private static final List<String> FURTHER_NAMES =
            IntStream.range(0, MOST_FURTHER).mapToObj(i -> FURTHER + i).toList();

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
                watched(request.frame(), predictions),
                numbers(predictions),
                ids(request),
                times(request, now));
    }

    /** What a batch job answered. */
    public static Scored ofBatch(
            Deployment deployment,
            String version,
            long now,
            Frame inputs,
            Frame predictions,
            String[] ids,
            long[] times) {
        return new Scored(
                deployment.name(),
                deployment.project(),
                deployment.model(),
                version,
                now,
                watched(inputs, predictions),
                numbers(predictions),
                ids,
                times);
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

    /** The rows, with what was answered beyond one number each. */
    private static Frame watched(Frame inputs, Frame predictions) {
        boolean named = !isNumeric(predictions);
        int further = further(predictions);
        if (!named && further == 0) {
            return inputs;
        }
        Frame.Builder all = Frame.of(inputs.rows());
        for (int i = 0; i < inputs.width(); i++) {
            all.column(inputs.name(i), inputs.type(i), inputs.column(i));
        }
        if (named) {
            all.column(Reference.OUTPUT, predictions.type(0), predictions.column(0));
        }
        for (int i = 0; i < further; i++) {
            all.column(FURTHER_NAMES.get(i), predictions.type(i + 1), predictions.column(i + 1));
        }
        return all.build();
    }

    private static int further(Frame predictions) {
        int further = predictions.width() - 1;
        for (int i = 1; i <= further; i++) {
            if (!predictions.type(i).isReal()) {
                return 0;
            }
        }
        return further > MOST_FURTHER ? 0 : further;
    }

    /** The name of the column of {@code inputs} with the further output of that number, from 0. */
    public static String further(int number) {
        return FURTHER_NAMES.get(number);
    }

    /** Whether a column of {@code inputs} is none of the model's inputs but what it answered. */
    public static boolean isOutput(String column) {
        return column.equals(Reference.OUTPUT) || column.startsWith(FURTHER);
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

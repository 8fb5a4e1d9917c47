package org.millwright.monitor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.millwright.scoring.Frame;
import org.millwright.scoring.Vector;
import org.millwright.serving.Scored;

/**
 * Answered rows of one version, column by column: thousands of requests of one row would be millions of objects that the
 * garbage collector copies again and again while they wait.
 *
 * @param ids what an outcome will name each row by, or ""
 * @param times when each prediction is for, in milliseconds since the epoch
 * @param at when each row was answered
 */
record Pack(String version, Frame inputs, double[] predictions, String[] ids, long[] times, long[] at) {
    /** Texts that are kept once; more different ones are kept as they come. */
    private static final int TEXTS = 10_000;

    int rows() {
        return predictions.length;
    }

    /**
     * Packs answers in their order.
     *
     * @param texts categories seen before, by themselves; new ones are added
     */
    static List<Pack> of(List<Scored> answers, Map<String, String> texts) {
        var packs = new ArrayList<Pack>();
        int from = 0;
        for (int i = 1; i <= answers.size(); i++) {
            if (i == answers.size() || !fit(answers.get(from), answers.get(i))) {
                packs.add(pack(answers.subList(from, i), texts));
                from = i;
            }
        }
        return packs;
    }

    private static boolean fit(Scored one, Scored other) {
        Frame left = one.inputs();
        Frame right = other.inputs();
        if (!one.version().equals(other.version()) || !left.names().equals(right.names())) {
            return false;
        }
        for (int i = 0; i < left.width(); i++) {
            if (left.type(i) != right.type(i)
                    || left.column(i).getClass() != right.column(i).getClass()) {
                return false;
            }
        }
        return true;
    }

    private static Pack pack(List<Scored> answers, Map<String, String> texts) {
        int rows = answers.stream().mapToInt(Scored::rows).sum();
        Frame inputs = Frame.concat(answers.stream().map(Scored::inputs).toList());
        var predictions = new double[rows];
        var ids = new String[rows];
        var times = new long[rows];
        var at = new long[rows];
        int next = 0;
        for (Scored scored : answers) {
            for (int row = 0; row < scored.rows(); row++) {
                predictions[next] = scored.predictions()[row];
                ids[next] = scored.ids()[row];
                times[next] = scored.times()[row];
                at[next++] = scored.at();
            }
        }
        for (int i = 0; i < inputs.width(); i++) {
            if (inputs.column(i) instanceof Vector.Strings strings) {
                share(strings.values(), texts);
            }
        }
        return new Pack(answers.getFirst().version(), inputs, predictions, ids, times, at);
    }

    private static void share(@Nullable String[] values, Map<String, String> texts) {
        for (int i = 0; i < values.length; i++) {
            String value = values[i];
            if (value != null) {
                String known = texts.get(value);
                if (known != null) {
                    values[i] = known;
                } else if (texts.size() < TEXTS) {
                    texts.put(value, value);
                }
            }
        }
    }
}

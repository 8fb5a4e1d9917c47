package org.millwright.intake;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.millwright.kernel.Json;
import org.millwright.outcome.PredictionStore;
import org.millwright.outcome.Target;
import org.millwright.scoring.Frame;
import org.millwright.scoring.Vector;
import org.millwright.scoring.profile.Reference;
import org.millwright.scoring.profile.SegmentRows;
import org.millwright.serving.Scored;
import org.millwright.window.Keeping;

/** The single predictions of a pack as they are kept for their outcomes: what was answered, and of which segment. */
final class KeptRows {
    private static final int CACHED = 10_000;

    private final Pack pack;
    private final @Nullable Vector named;
    private final List<double[]> scores = new ArrayList<>();
    private final List<String> columns = new ArrayList<>();
    private final List<Vector> values = new ArrayList<>();
    private final Map<List<@Nullable String>, String> written = new HashMap<>();

    KeptRows(Pack pack, Keeping keeping) {
        this.pack = pack;
        Frame inputs = pack.inputs();
        int classes = keeping.classes() ? inputs.position(Reference.OUTPUT) : -1;
        named = classes < 0 ? null : inputs.column(classes);
        if (keeping.classes()) {
            for (int i = 0; i < Scored.MOST_FURTHER && inputs.position(Scored.further(i)) >= 0; i++) {
                scores.add(inputs.doubles(inputs.position(Scored.further(i))));
            }
        }
        for (String column : keeping.segments().columns()) {
            int at = inputs.position(column);
            if (at >= 0) {
                columns.add(column);
                values.add(inputs.column(at));
            }
        }
    }

    /** Whether the row has a prediction. */
    boolean has(int row) {
        return named != null ? named.value(row) != null : !Double.isNaN(pack.predictions()[row]);
    }

    PredictionStore.Row row(int row) {
        double predicted = pack.predictions()[row];
        return new PredictionStore.Row(
                pack.ids()[row],
                pack.version(),
                pack.times()[row],
                Double.isNaN(predicted) ? 0 : predicted,
                named == null ? null : Target.cut(String.valueOf(named.value(row))),
                scores(row),
                segments(row),
                pack.at()[row],
                null);
    }

    /** A JSON list; what is no number is null in it. */
    private @Nullable String scores(int row) {
        if (scores.isEmpty()) {
            return null;
        }
        var text = new StringBuilder("[");
        for (double[] column : scores) {
            text.append(text.length() == 1 ? "" : ",");
            if (Double.isFinite(column[row])) {
                text.append(column[row]);
            } else {
                text.append("null");
            }
        }
        return text.append(']').toString();
    }

    /** A JSON object of value by column, without those that are missing; rows of one segment share it. */
    private @Nullable String segments(int row) {
        if (columns.isEmpty()) {
            return null;
        }
        List<@Nullable String> key = new ArrayList<>(columns.size());
        for (Vector column : values) {
            key.add(SegmentRows.text(column.value(row)));
        }
        String known = written.get(key);
        if (known == null) {
            ObjectNode json = Json.object();
            for (int i = 0; i < key.size(); i++) {
                String value = key.get(i);
                if (value != null) {
                    json.put(columns.get(i), value);
                }
            }
            known = Json.write(json);
            if (written.size() < CACHED) {
                written.put(key, known);
            }
        }
        return known;
    }
}

package org.millwright.registry.handoff;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.millwright.kernel.Problem;
import org.millwright.registry.handoff.EdgeResult.Outcome;
import org.millwright.scoring.Frame;
import org.millwright.scoring.InvalidInput;
import org.millwright.scoring.Model;
import org.millwright.scoring.ModelFailure;
import org.millwright.scoring.Signature;
import org.millwright.scoring.bundle.Agreement;

/** Asks the portable form what the original was asked, row by row, and compares. */
public final class EdgeCheck {
    private static final int LONGEST = 300;

    private final Model model;
    private final EdgeRows rows;
    private final double tolerance;

    public EdgeCheck(Model model, EdgeRows rows, double tolerance) {
        this.model = model;
        this.rows = rows;
        this.tolerance = tolerance;
    }

    /** What one side says: predictions, or the reason that it refused. */
    private record Answer(List<@Nullable Object> values, String refused) {
        String text() {
            if (!refused.isEmpty()) {
                return refused.length() <= LONGEST ? refused : refused.substring(0, LONGEST) + "…";
            }
            return values.size() == 1 ? String.valueOf(values.getFirst()) : values.toString();
        }
    }

    /**
     * Compares.
     *
     * @param answers of the original: an answer for each row, and the thresholds that were found with theirs
     */
    public EdgeReport run(JsonNode answers) {
        JsonNode expected = answers.path("answers");
        if (expected.size() != rows.rows().size()) {
            throw new Problem.Invalid("The original model answered " + expected.size() + " of "
                    + rows.rows().size() + " edge rows");
        }
        var results = new ArrayList<EdgeResult>();
        for (int i = 0; i < expected.size(); i++) {
            EdgeRow row = rows.rows().get(i);
            boolean split = expected.get(i).path("split").asBoolean();
            results.add(compare(split ? row.as(EdgeClass.SPLIT_THRESHOLD) : row, answer(expected.get(i))));
        }
        for (JsonNode threshold : answers.path("thresholds")) {
            var row = new EdgeRow(
                    EdgeClass.SPLIT_THRESHOLD,
                    threshold.path("base").asInt(),
                    EdgeJson.cells(threshold.path("changed")));
            results.add(compare(row, answer(threshold)));
        }
        return new EdgeReport(
                results, rows.columns().size(), rows.signature().inputs().size());
    }

    private static Answer answer(JsonNode json) {
        var values = new ArrayList<@Nullable Object>();
        json.path("values").forEach(value -> values.add(missing(EdgeJson.cell(value))));
        String error = json.path("error").asText("");
        return new Answer(values, error.isEmpty() && values.isEmpty() ? "no prediction" : error);
    }

    private static @Nullable Object missing(@Nullable Object value) {
        return value instanceof Double real && Double.isNaN(real) ? null : value;
    }

    private EdgeResult compare(EdgeRow row, Answer expected) {
        Map<String, @Nullable Object> cells = row.on(rows.bases().get(row.base()));
        try {
            Answer got = predict(cells);
            return new EdgeResult(row, outcome(expected, got), true, expected.text(), got.text());
        } catch (InvalidInput e) {
            var got = new Answer(List.of(), String.valueOf(e.getMessage()));
            return new EdgeResult(row, outcome(expected, got), false, expected.text(), got.text());
        }
    }

    /** The predictions, or the runtime's failure; throws {@link InvalidInput} for what a caller is told with 400. */
    private Answer predict(Map<String, @Nullable Object> cells) {
        try {
            Frame predicted = model.predict(Frame.ofRows(rows.signature(), List.of(cells)));
            var values = new ArrayList<@Nullable Object>();
            for (int column = 0; column < predicted.width(); column++) {
                values.add(predicted.value(column, 0));
            }
            return new Answer(values, "");
        } catch (ModelFailure e) {
            return new Answer(List.of(), String.valueOf(e.getMessage()));
        }
    }

    private Outcome outcome(Answer expected, Answer got) {
        if (!expected.refused().isEmpty()) {
            return got.refused().isEmpty() ? Outcome.ONLY_PYTHON_REFUSES : Outcome.BOTH_REFUSE;
        }
        if (!got.refused().isEmpty()) {
            return Outcome.ONLY_JAVA_REFUSES;
        }
        boolean same = expected.values().size() == got.values().size();
        for (int i = 0; same && i < expected.values().size(); i++) {
            same = Agreement.agree(expected.values().get(i), got.values().get(i), tolerance);
        }
        return same ? Outcome.AGREES : Outcome.DIFFERS;
    }

    /** Why the signature does not take a row. */
    static Optional<String> refusal(Signature signature, Map<String, @Nullable Object> cells) {
        try {
            signature.conform(Frame.ofRows(signature, List.of(cells)));
            return Optional.empty();
        } catch (InvalidInput e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }
}

package org.millwright.scorer;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.millwright.scoring.Frame;

/** What a model predicts for one row. */
public final class Prediction {
    private final String version;
    private final Frame outputs;
    private final int row;

    Prediction(String version, Frame outputs, int row) {
        this.version = version;
        this.outputs = outputs;
        this.row = row;
    }

    /** The version that answered. */
    public String version() {
        return version;
    }

    /** The first output that is a number, NaN when it is missing; throws {@link ScorerException} when the model gives none. */
    public double number() {
        return number(outputs, Predictions.numeric(outputs), row);
    }

    static double number(Frame outputs, int column, int row) {
        Object value = outputs.value(column, row);
        return value == null ? Double.NaN : ((Number) value).doubleValue();
    }

    /** The first output that is a class: a text, else a whole number or truth value as text; null when it is missing. */
    public @Nullable String label() {
        Object value = outputs.value(Predictions.categorical(outputs), row);
        return value == null ? null : value.toString();
    }

    /** The output of that name as Double, Long, Boolean or String, or null when missing. */
    public @Nullable Object output(String name) {
        outputs.column(name);
        return outputs.value(outputs.position(name), row);
    }

    /** Every output by name. */
    public Map<String, @Nullable Object> outputs() {
        return outputs.row(row);
    }

    @Override
    public String toString() {
        return outputs() + " by version " + version;
    }
}

package org.millwright.scorer;

import org.jspecify.annotations.Nullable;
import org.millwright.scoring.DataType;
import org.millwright.scoring.Frame;

/** What a model predicts for a batch, column by column. */
public final class Predictions {
    private final String version;
    private final Frame outputs;

    Predictions(String version, Frame outputs) {
        this.version = version;
        this.outputs = outputs;
    }

    /** The version that answered all rows. */
    public String version() {
        return version;
    }

    public int rows() {
        return outputs.rows();
    }

    public Prediction row(int row) {
        return new Prediction(version, outputs, row);
    }

    /** All outputs, one row for each row that was sent. */
    public Frame outputs() {
        return outputs;
    }

    /** The first output that is a number, NaN where missing; throws {@link ScorerException} when the model gives none. */
    public double[] numbers() {
        return outputs.doubles(numeric(outputs));
    }

    /** The first output that is a class, as {@link Prediction#label()} says. */
    public @Nullable String[] labels() {
        int column = categorical(outputs);
        var labels = new @Nullable String[outputs.rows()];
        for (int row = 0; row < labels.length; row++) {
            Object value = outputs.value(column, row);
            labels[row] = value == null ? null : value.toString();
        }
        return labels;
    }

    static int numeric(Frame outputs) {
        for (int column = 0; column < outputs.width(); column++) {
            if (outputs.type(column).isNumeric()) {
                return column;
            }
        }
        throw new ScorerException("the model gives no number, its outputs are " + outputs.names() + ": take a label");
    }

    static int categorical(Frame outputs) {
        int found = -1;
        for (int column = 0; column < outputs.width(); column++) {
            if (outputs.type(column) == DataType.STRING) {
                return column;
            }
            if (found < 0 && !outputs.type(column).isReal()) {
                found = column;
            }
        }
        if (found < 0) {
            throw new ScorerException(
                    "the model gives no class, its outputs are " + outputs.names() + ": take a number");
        }
        return found;
    }
}

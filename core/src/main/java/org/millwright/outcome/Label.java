package org.millwright.outcome;

import java.util.Map;

/**
 * An outcome.
 *
 * @param id of the prediction
 * @param time when it was observed, milliseconds since the epoch
 * @param attributes value by column, of columns that the model does not know
 */
public record Label(String id, Outcome outcome, long time, Map<String, String> attributes) {
    public Label {
        attributes = Map.copyOf(attributes);
    }

    public Label(String id, Outcome outcome, long time) {
        this(id, outcome, time, Map.of());
    }

    public Label(String id, double value, long time) {
        this(id, Outcome.of(value), time);
    }
}

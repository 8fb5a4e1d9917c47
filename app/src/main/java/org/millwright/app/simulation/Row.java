package org.millwright.app.simulation;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One recorded row.
 *
 * @param id names its prediction
 * @param at the event time, milliseconds since the epoch
 * @param values by column: numbers, texts, booleans, or null; a column that is not there is not sent
 * @param label the outcome: a number, a text, or null while unknown
 */
public record Row(
        String id,
        long at,
        Map<String, @Nullable Object> values,
        @Nullable Object label) {
    public Row {
        values = Collections.unmodifiableMap(values);
    }

    public @Nullable Object value(String column) {
        return values.get(column);
    }

    Row with(String column, @Nullable Object value) {
        var changed = new HashMap<String, @Nullable Object>(values);
        changed.put(column, value);
        return new Row(id, at, changed, label);
    }

    Row without(String column) {
        var changed = new HashMap<String, @Nullable Object>(values);
        changed.remove(column);
        return new Row(id, at, changed, label);
    }

    Row labelled(@Nullable Object outcome) {
        return new Row(id, at, values, outcome);
    }
}

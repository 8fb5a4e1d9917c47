package org.millwright.registry.handoff;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A recorded row with some cells changed.
 *
 * @param base which of the base rows
 * @param changed new values by column; NaN and null are told apart
 */
public record EdgeRow(EdgeClass kind, int base, Map<String, @Nullable Object> changed) {
    private static final int SHOWN = 40;

    public EdgeRow {
        changed = Collections.unmodifiableMap(new LinkedHashMap<>(changed));
    }

    static EdgeRow of(EdgeClass kind, int base, String column, @Nullable Object value) {
        var changed = new LinkedHashMap<String, @Nullable Object>();
        changed.put(column, value);
        return new EdgeRow(kind, base, changed);
    }

    /** The same row in another class. */
    EdgeRow as(EdgeClass other) {
        return new EdgeRow(other, base, changed);
    }

    /** The whole row. */
    Map<String, @Nullable Object> on(Map<String, @Nullable Object> baseRow) {
        var row = new LinkedHashMap<String, @Nullable Object>(baseRow);
        row.putAll(changed);
        return row;
    }

    /** What was changed, such as {@code wind = NaN}. */
    String text() {
        var text = new StringBuilder();
        changed.forEach((column, value) -> text.append(text.isEmpty() ? "" : ", ")
                .append(column)
                .append(" = ")
                .append(shown(value)));
        return text.toString();
    }

    private static String shown(@Nullable Object value) {
        if (value instanceof String text) {
            return text.length() <= SHOWN ? '"' + text + '"' : "a text of " + text.length() + " characters";
        }
        return String.valueOf(value);
    }
}

package org.millwright.scoring;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The JSON form of constraints: what does not constrain is left out, and an unknown constraint is refused. */
public final class ConstraintsJson {
    private static final Set<String> KNOWN =
            Set.of("notNull", "finite", "float32", "min", "max", "notEmpty", "maxLength", "values");

    private ConstraintsJson() {}

    public static ObjectNode write(Constraints constraints) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        flag(json, "notNull", constraints.notNull());
        flag(json, "finite", constraints.finite());
        flag(json, "float32", constraints.float32());
        if (constraints.min() != Double.NEGATIVE_INFINITY) {
            json.put("min", constraints.min());
        }
        if (constraints.max() != Double.POSITIVE_INFINITY) {
            json.put("max", constraints.max());
        }
        flag(json, "notEmpty", constraints.notEmpty());
        if (constraints.maxLength() != Integer.MAX_VALUE) {
            json.put("maxLength", constraints.maxLength());
        }
        if (!constraints.values().isEmpty()) {
            constraints.values().forEach(json.putArray("values")::add);
        }
        return json;
    }

    private static void flag(ObjectNode json, String name, boolean set) {
        if (set) {
            json.put(name, true);
        }
    }

    /** Reads what {@link #write} wrote; what is no object is {@link Constraints#NONE}. */
    public static Constraints read(JsonNode json) {
        json.fieldNames().forEachRemaining(name -> {
            if (!KNOWN.contains(name)) {
                throw InvalidInput.of(
                        "unknown constraint '" + InvalidInput.shorten(name) + "': take a newer Millwright");
            }
        });
        Set<String> values = new TreeSet<>();
        json.path("values").forEach(value -> values.add(value.asText()));
        return new Constraints(
                json.path("notNull").asBoolean(),
                json.path("finite").asBoolean(),
                json.path("float32").asBoolean(),
                json.path("min").asDouble(Double.NEGATIVE_INFINITY),
                json.path("max").asDouble(Double.POSITIVE_INFINITY),
                json.path("notEmpty").asBoolean(),
                json.path("maxLength").asInt(Integer.MAX_VALUE),
                values);
    }

    /** Constraints by column, as an object. */
    public static ObjectNode writeAll(Map<String, Constraints> columns) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        new TreeMap<>(columns).forEach((name, constraints) -> json.set(name, write(constraints)));
        return json;
    }

    /** Reads what {@link #writeAll} wrote. */
    public static Map<String, Constraints> readAll(JsonNode json) {
        Map<String, Constraints> columns = new TreeMap<>();
        json.properties().forEach(column -> columns.put(column.getKey(), read(column.getValue())));
        return columns;
    }
}

package org.millwright.registry.handoff;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Cells in JSON: as one would write them, and {@code {"real": "NaN"}} for what JSON has no number for. */
final class EdgeJson {
    private EdgeJson() {}

    static JsonNode cell(@Nullable Object value) {
        JsonNodeFactory json = JsonNodeFactory.instance;
        return switch (value) {
            case null -> json.nullNode();
            case Double real ->
                Double.isFinite(real)
                        ? json.numberNode(real)
                        : json.objectNode().put("real", real.toString());
            case Long whole -> json.numberNode(whole);
            case Boolean truth -> json.booleanNode(truth);
            default -> json.textNode(value.toString());
        };
    }

    static @Nullable Object cell(JsonNode node) {
        if (node.isObject()) {
            return Double.valueOf(node.path("real").asText("NaN"));
        }
        if (node.isIntegralNumber()) {
            return node.longValue();
        }
        if (node.isNumber()) {
            return node.doubleValue();
        }
        return node.isTextual() ? node.textValue() : node.isBoolean() ? (Object) node.booleanValue() : null;
    }

    static ObjectNode cells(Map<String, @Nullable Object> cells) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        cells.forEach((name, value) -> json.set(name, cell(value)));
        return json;
    }

    static Map<String, @Nullable Object> cells(JsonNode json) {
        var cells = new LinkedHashMap<String, @Nullable Object>();
        json.properties().forEach(field -> cells.put(field.getKey(), cell(field.getValue())));
        return cells;
    }
}

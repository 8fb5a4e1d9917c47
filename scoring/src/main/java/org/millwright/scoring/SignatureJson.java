package org.millwright.scoring;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** The canonical JSON form of a signature. */
final class SignatureJson {
    private SignatureJson() {}

    static JsonNode write(Signature signature) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.set("inputs", columns(signature.inputs()));
        json.set("outputs", columns(signature.outputs()));
        return json;
    }

    static Signature read(JsonNode json) {
        return new Signature(columns(json, "inputs"), columns(json, "outputs"));
    }

    private static ArrayNode columns(List<Signature.Column> columns) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        for (Signature.Column column : columns) {
            ObjectNode entry = array.addObject()
                    .put("name", column.name())
                    .put("type", column.type().text())
                    .put("required", column.required())
                    .put("nullable", column.nullable());
            if (!column.constraints().isNone()) {
                entry.set("constraints", ConstraintsJson.write(column.constraints()));
            }
        }
        return array;
    }

    private static List<Signature.Column> columns(JsonNode json, String field) {
        JsonNode array = json.path(field);
        if (!array.isArray()) {
            throw InvalidInput.of("signature: expected an array under '" + field + "'");
        }
        List<Signature.Column> columns = new ArrayList<>();
        for (JsonNode node : array) {
            if (!node.path("name").isTextual() || !node.path("type").isTextual()) {
                throw InvalidInput.of("signature: each entry of '" + field + "' needs a text 'name' and 'type'");
            }
            DataType type = DataType.of(node.path("type").textValue());
            Signature.Column usual = Signature.Column.of(node.path("name").textValue(), type);
            boolean required = node.path("required").asBoolean(true);
            columns.add(new Signature.Column(
                    usual.name(),
                    type,
                    required,
                    node.path("nullable").asBoolean(usual.nullable() || !required),
                    ConstraintsJson.read(node.path("constraints"))));
        }
        return columns;
    }
}

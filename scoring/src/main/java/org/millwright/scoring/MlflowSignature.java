package org.millwright.scoring;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;

/** Reads the signature section of an MLflow model. */
final class MlflowSignature {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MAX_WIDTH = 100_000;

    private MlflowSignature() {}

    static Signature read(String inputs, String outputs) {
        return new Signature(columns(inputs, "inputs", "f"), columns(outputs, "outputs", "prediction"));
    }

    private static List<Signature.Column> columns(String text, String where, String fallback) {
        if (text.isBlank() || text.equals("null")) {
            return List.of();
        }
        JsonNode array = parse(text, where);
        List<Signature.Column> columns = new ArrayList<>();
        for (JsonNode node : array) {
            if (node.path("type").asText().equals("tensor")) {
                columns.addAll(tensor(node, fallback, array.size()));
            } else {
                columns.add(column(node, where, fallback));
            }
        }
        return columns;
    }

    private static JsonNode parse(String text, String where) {
        try {
            JsonNode array = JSON.readTree(text);
            if (array.isArray()) {
                return array;
            }
        } catch (JsonProcessingException e) {
            throw InvalidInput.of("MLflow signature: '" + where + "' is not valid JSON: " + e.getOriginalMessage());
        }
        throw InvalidInput.of("MLflow signature: expected a JSON array in '" + where + "'");
    }

    private static Signature.Column column(JsonNode node, String where, String fallback) {
        JsonNode type = node.path("type");
        if (!type.isTextual()) {
            throw InvalidInput.of("MLflow signature: an entry of '" + where + "' has no text 'type'");
        }
        String name = node.path("name").asText(fallback);
        boolean required = node.path("required").asBoolean(true);
        Signature.Column usual = Signature.Column.of(name, DataType.of(type.textValue()));
        return new Signature.Column(name, usual.type(), required, usual.nullable() || !required);
    }

    private static List<Signature.Column> tensor(JsonNode node, String fallback, int tensors) {
        JsonNode spec = node.path("tensor-spec");
        DataType type = DataType.ofNumpy(spec.path("dtype").asText());
        JsonNode shape = spec.path("shape");
        int width = shape.size() < 2 ? 1 : shape.path(shape.size() - 1).asInt();
        if (shape.size() > 2 || width < 1 || width > MAX_WIDTH) {
            throw InvalidInput.of(
                    "MLflow signature: tensor shape " + shape + " is not served: expected [-1] or [-1, n]");
        }
        String name = node.path("name").asText(fallback);
        if (width == 1 && (tensors == 1 || node.has("name"))) {
            return List.of(Signature.Column.of(name, type));
        }
        List<Signature.Column> columns = new ArrayList<>(width);
        for (int i = 0; i < width; i++) {
            columns.add(Signature.Column.of(name + i, type));
        }
        return columns;
    }
}

package org.millwright.scoring.bundle;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.millwright.scoring.DataType;
import org.millwright.scoring.Frame;
import org.millwright.scoring.InvalidInput;
import org.millwright.scoring.Model;
import org.millwright.scoring.Signature;

/**
 * Recorded rows with the predictions that the original model gave for them.
 *
 * @param inputs rows of the model's signature
 * @param expected its predictions, row by row
 */
public record Probe(Frame inputs, Frame expected) {
    private static final ObjectMapper JSON = new ObjectMapper();

    public Probe {
        if (inputs.rows() != expected.rows()) {
            throw InvalidInput.of(inputs.rows() + " probe rows but " + expected.rows() + " recorded predictions");
        }
    }

    /** Whether the model still predicts what was recorded. */
    public Agreement check(Model model, double tolerance) {
        return Agreement.between(expected, model.predict(inputs), tolerance);
    }

    byte[] json() {
        ObjectNode json = JSON.createObjectNode().put("format", 1);
        columns(json.putObject("inputs"), inputs);
        columns(json.putObject("expected"), expected);
        try {
            return JSON.writeValueAsBytes(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a JSON tree always has a text", e);
        }
    }

    static Probe read(byte[] bytes, Signature signature) throws IOException {
        JsonNode json = JSON.readTree(bytes);
        Frame inputs = Frame.ofRows(signature, rows(json.path("inputs")));
        List<Map<String, @Nullable Object>> rows = rows(json.path("expected"));
        List<Signature.Column> outputs =
                signature.outputs().isEmpty() ? guess(json.path("expected")) : nullable(signature.outputs());
        Frame expected = rows.isEmpty() ? Frame.of(0).build() : Frame.ofRows(new Signature(outputs, List.of()), rows);
        return new Probe(inputs, expected);
    }

    /** A model may answer nothing for a row. */
    private static List<Signature.Column> nullable(List<Signature.Column> outputs) {
        List<Signature.Column> nullable = new ArrayList<>();
        outputs.forEach(output -> nullable.add(new Signature.Column(output.name(), output.type(), true, true)));
        return nullable;
    }

    private static List<Signature.Column> guess(JsonNode columns) {
        List<Signature.Column> outputs = new ArrayList<>();
        columns.properties().forEach(column -> {
            boolean text = column.getValue().path(0).isTextual();
            outputs.add(Signature.Column.of(column.getKey(), text ? DataType.STRING : DataType.DOUBLE));
        });
        return outputs;
    }

    private static void columns(ObjectNode json, Frame frame) {
        for (int column = 0; column < frame.width(); column++) {
            ArrayNode values = json.putArray(frame.name(column));
            for (int row = 0; row < frame.rows(); row++) {
                values.addPOJO(frame.value(column, row));
            }
        }
    }

    private static List<Map<String, @Nullable Object>> rows(JsonNode columns) {
        List<Map<String, @Nullable Object>> rows = new ArrayList<>();
        columns.properties().forEach(column -> {
            for (int row = 0; row < column.getValue().size(); row++) {
                if (row == rows.size()) {
                    rows.add(new LinkedHashMap<>());
                }
                rows.get(row).put(column.getKey(), value(column.getValue().path(row)));
            }
        });
        return rows;
    }

    private static @Nullable Object value(JsonNode node) {
        if (node.isIntegralNumber()) {
            return node.longValue();
        }
        if (node.isNumber()) {
            return node.doubleValue();
        }
        return node.isTextual() ? node.textValue() : node.isBoolean() ? (Object) node.booleanValue() : null;
    }
}

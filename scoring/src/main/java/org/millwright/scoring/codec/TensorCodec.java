package org.millwright.scoring.codec;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.millwright.scoring.Frame;
import org.millwright.scoring.InvalidInput;
import org.millwright.scoring.Signature;
import org.millwright.scoring.Vector;

/** The Open Inference Protocol v2 in JSON, read and written as a stream. */
public final class TensorCodec {
    /** An extra BYTES input [N] with the caller's id of each row's prediction. */
    public static final String IDS = "mw.id";

    /** An extra INT64 input [N] with each row's event time in milliseconds since 1970 UTC. */
    public static final String EVENT_TIMES = "mw.event_time";

    /** The request parameter with one event time for all rows, in milliseconds since 1970 UTC. */
    public static final String EVENT_TIME = "event_time";

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(32)
                    .maxStringLength(1_000_000)
                    .maxNumberLength(400)
                    .maxNameLength(1_000)
                    .build())
            .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
            .build();

    private TensorCodec() {}

    /** Reads an inference request strictly; throws {@link InvalidInput} with what is wrong and where. */
    public static ScoringRequest read(byte[] body, Signature signature, Limits limits) {
        try (JsonParser json = JSON.createParser(body)) {
            Reader reader = new Reader(signature, limits);
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw InvalidInput.of("the body must be a JSON object");
            }
            while (json.nextToken() != JsonToken.END_OBJECT) {
                String field = json.currentName();
                json.nextToken();
                reader.field(field, json);
            }
            if (json.nextToken() != null) {
                throw InvalidInput.of("something follows the JSON object in the body");
            }
            return reader.request();
        } catch (JsonProcessingException e) {
            throw InvalidInput.of(
                    "the body is not valid JSON at line " + e.getLocation().getLineNr() + ", column "
                            + e.getLocation().getColumnNr() + ": " + InvalidInput.shorten(e.getOriginalMessage()));
        } catch (IOException e) {
            throw InvalidInput.of("the body is not valid UTF-8 JSON");
        }
    }

    private static final class Reader {
        private final Signature signature;
        private final Limits limits;
        private final List<Tensor> inputs = new ArrayList<>();
        private final List<String> outputs = new ArrayList<>();
        private final List<String> seen = new ArrayList<>();
        private String id = "";
        private long[] eventTimes = {};
        private int left;

        Reader(Signature signature, Limits limits) {
            this.signature = signature;
            this.limits = limits;
            this.left = limits.values();
        }

        void field(String field, JsonParser json) throws IOException {
            if (seen.contains(field)) {
                throw InvalidInput.of("'" + InvalidInput.shorten(field) + "' occurs twice");
            }
            seen.add(field);
            switch (field) {
                case "id" -> id = Tensor.text(json, "id");
                case "parameters" -> parameters(json);
                case "inputs" -> inputs(json);
                case "outputs" -> outputs(json);
                case "model_name", "model_version" -> json.skipChildren();
                default ->
                    throw InvalidInput.of("unknown field '" + InvalidInput.shorten(field)
                            + "': expected id, parameters, inputs or outputs");
            }
        }

        private void parameters(JsonParser json) throws IOException {
            object(json, "parameters");
            while (json.nextToken() != JsonToken.END_OBJECT) {
                String name = json.currentName();
                json.nextToken();
                if (json.currentToken().isStructStart()) {
                    throw InvalidInput.of(
                            "parameter '" + InvalidInput.shorten(name) + "' must be a string, number or boolean");
                }
                if (name.equals(EVENT_TIME)) {
                    if (json.currentToken() != JsonToken.VALUE_NUMBER_INT) {
                        throw InvalidInput.of("parameter 'event_time' must be whole milliseconds since 1970 UTC");
                    }
                    eventTimes = new long[] {json.getLongValue()};
                }
            }
        }

        private void inputs(JsonParser json) throws IOException {
            array(json, "inputs");
            while (json.nextToken() != JsonToken.END_ARRAY) {
                if (inputs.size() == signature.inputs().size() + 2) {
                    throw InvalidInput.of(
                            "more inputs than the model's " + signature.inputs().size() + ": " + signature.names());
                }
                Tensor tensor = Tensor.read(json, inputs.size(), left);
                left -= tensor.values().size();
                inputs.add(tensor);
            }
        }

        private void outputs(JsonParser json) throws IOException {
            array(json, "outputs");
            while (json.nextToken() != JsonToken.END_ARRAY) {
                object(json, "outputs[" + outputs.size() + "]");
                String name = "";
                while (json.nextToken() != JsonToken.END_OBJECT) {
                    boolean isName = json.currentName().equals("name");
                    json.nextToken();
                    name = isName ? Tensor.text(json, "outputs[].name") : name;
                    json.skipChildren();
                }
                if (name.isEmpty() || outputs.size() > 1_000) {
                    throw InvalidInput.of("each entry of 'outputs' needs a name, at most 1000 of them");
                }
                outputs.add(name);
            }
        }

        private static void object(JsonParser json, String what) {
            if (json.currentToken() != JsonToken.START_OBJECT) {
                throw InvalidInput.of("'" + what + "' must be an object");
            }
        }

        private static void array(JsonParser json, String what) {
            if (json.currentToken() != JsonToken.START_ARRAY) {
                throw InvalidInput.of("'" + what + "' must be an array");
            }
        }

        ScoringRequest request() {
            Binding binding = new Binding(signature, limits, inputs);
            Frame frame = binding.frame();
            long[] times = binding.eventTimes().length > 0 ? binding.eventTimes() : eventTimes;
            return new ScoringRequest(id, frame, binding.ids(), times, outputs, List.of());
        }
    }

    /**
     * Writes the answer to an inference request.
     *
     * @param id the request's id, left out when empty
     * @param outputs names of the outputs wanted, empty for all; an unknown one throws {@link InvalidInput}
     */
    public static byte[] write(String model, String version, String id, Frame predictions, List<String> outputs) {
        for (String output : outputs) {
            if (predictions.position(output) < 0) {
                throw InvalidInput.of("unknown output '" + InvalidInput.shorten(output) + "': the model gives "
                        + predictions.names());
            }
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(256 + predictions.rows() * 12 * predictions.width());
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField("model_name", model);
            json.writeStringField("model_version", version);
            if (!id.isEmpty()) {
                json.writeStringField("id", id);
            }
            json.writeArrayFieldStart("outputs");
            for (int column = 0; column < predictions.width(); column++) {
                if (outputs.isEmpty() || outputs.contains(predictions.name(column))) {
                    output(json, predictions, column);
                }
            }
            json.writeEndArray();
            json.writeEndObject();
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory does not fail", e);
        }
        return out.toByteArray();
    }

    private static void output(JsonGenerator json, Frame predictions, int column) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", predictions.name(column));
        json.writeStringField("datatype", Datatype.of(predictions.type(column)).name());
        json.writeArrayFieldStart("shape");
        json.writeNumber(predictions.rows());
        json.writeEndArray();
        json.writeArrayFieldStart("data");
        Vector values = predictions.column(column);
        for (int row = 0; row < predictions.rows(); row++) {
            Cells.write(json, values, predictions.type(column), row);
        }
        json.writeEndArray();
        json.writeEndObject();
    }
}

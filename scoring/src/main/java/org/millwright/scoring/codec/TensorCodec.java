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
import org.jspecify.annotations.Nullable;
import org.millwright.scoring.Frame;
import org.millwright.scoring.InvalidInput;
import org.millwright.scoring.Signature;
import org.millwright.scoring.Vector;

/** The Open Inference Protocol v2 in JSON, with or without binary data behind it, read and written as a stream. */
public final class TensorCodec {
    /** An extra BYTES input [N] with the caller's id of each row's prediction. */
    public static final String IDS = "mw.id";

    /** An extra INT64 input [N] with each row's event time in milliseconds since 1970 UTC. */
    public static final String EVENT_TIMES = "mw.event_time";

    /** The request parameter with one event time for all rows, in milliseconds since 1970 UTC. */
    public static final String EVENT_TIME = "event_time";

    private static final String BINARY_OUTPUT = "binary_data_output";

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

    /** Reads a request to infer that is JSON only; throws {@link InvalidInput} with what is wrong and where. */
    public static InferRequest read(byte[] body, Signature signature, Limits limits) {
        return read(body, body.length, Attached.NONE, signature, limits);
    }

    /**
     * Reads a request to infer whose JSON is followed by binary data.
     *
     * @param header bytes of the JSON
     */
    public static InferRequest read(byte[] body, int header, Signature signature, Limits limits) {
        if (header < 1 || header > body.length) {
            throw InvalidInput.of("the JSON before the binary data is said to have " + header + " bytes, the body has "
                    + body.length);
        }
        return read(body, header, new Attached(body, header), signature, limits);
    }

    private static InferRequest read(byte[] body, int header, Attached attached, Signature signature, Limits limits) {
        try (JsonParser json = JSON.createParser(body, 0, header)) {
            Reader reader = new Reader(new InferRequestBuilder(signature, limits), attached);
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
            attached.requireEnd();
            return reader.request.build();
        } catch (JsonProcessingException e) {
            throw Malformed.json(e);
        } catch (IOException e) {
            throw InvalidInput.of("the body is not valid UTF-8 JSON");
        }
    }

    private static final class Reader {
        private final InferRequestBuilder request;
        private final Attached attached;
        private final List<String> seen = new ArrayList<>();

        Reader(InferRequestBuilder request, Attached attached) {
            this.request = request;
            this.attached = attached;
        }

        void field(String field, JsonParser json) throws IOException {
            once(field, true);
            switch (field) {
                case "id" -> request.id(Tensor.text(json, "id"));
                case "parameters" -> parameters(json);
                case "inputs" -> inputs(json);
                case "outputs" -> outputs(json);
                case "model_name", "model_version" -> json.skipChildren();
                default ->
                    throw InvalidInput.of("unknown field '" + InvalidInput.shorten(field)
                            + "': expected id, parameters, inputs or outputs");
            }
        }

        /** Refuses a name that comes the second time, if it is one that matters. */
        private void once(String name, boolean matters) {
            if (matters && seen.contains(name)) {
                throw InvalidInput.of("'" + InvalidInput.shorten(name) + "' occurs twice");
            }
            if (matters) {
                seen.add(name);
            }
        }

        private void parameters(JsonParser json) throws IOException {
            object(json, "parameters");
            while (json.nextToken() != JsonToken.END_OBJECT) {
                String name = json.currentName();
                parameter(json, name);
                once(name, name.equals(EVENT_TIME) || name.equals(BINARY_OUTPUT));
                if (name.equals(EVENT_TIME)) {
                    if (json.currentToken() != JsonToken.VALUE_NUMBER_INT) {
                        throw InvalidInput.of("parameter 'event_time' must be whole milliseconds since 1970 UTC");
                    }
                    request.eventTime(json.getLongValue());
                } else if (name.equals(BINARY_OUTPUT)) {
                    request.binaryOtherwise(truth(json, name));
                }
            }
        }

        /** Goes on to a parameter's value. */
        private static void parameter(JsonParser json, String name) throws IOException {
            json.nextToken();
            if (json.currentToken().isStructStart()) {
                throw InvalidInput.of(
                        "parameter '" + InvalidInput.shorten(name) + "' must be a string, number or boolean");
            }
        }

        private static boolean truth(JsonParser json, String name) {
            if (!json.currentToken().isBoolean()) {
                throw InvalidInput.of("parameter '" + name + "' must be true or false");
            }
            return json.currentToken() == JsonToken.VALUE_TRUE;
        }

        private void inputs(JsonParser json) throws IOException {
            array(json, "inputs");
            while (json.nextToken() != JsonToken.END_ARRAY) {
                request.requireRoom();
                request.add(Tensor.read(json, request.size(), request.left(), attached));
            }
        }

        private void outputs(JsonParser json) throws IOException {
            array(json, "outputs");
            for (int i = 0; json.nextToken() != JsonToken.END_ARRAY; i++) {
                object(json, "outputs[" + i + "]");
                String name = "";
                Boolean binary = null;
                while (json.nextToken() != JsonToken.END_OBJECT) {
                    String field = json.currentName();
                    json.nextToken();
                    switch (field) {
                        case "name" -> name = Tensor.once(name, Tensor.text(json, "outputs[].name"), "outputs", field);
                        case "parameters" -> binary = binary(json);
                        default ->
                            throw InvalidInput.of("unknown field '" + InvalidInput.shorten(field)
                                    + "' in 'outputs': expected name or parameters");
                    }
                }
                request.output(name);
                if (binary != null) {
                    request.binary(name, binary);
                }
            }
        }

        private static @Nullable Boolean binary(JsonParser json) throws IOException {
            object(json, "outputs[].parameters");
            Boolean binary = null;
            while (json.nextToken() != JsonToken.END_OBJECT) {
                String name = json.currentName();
                parameter(json, name);
                if (name.equals("binary_data")) {
                    binary = truth(json, name);
                } else if (name.equals("classification") || name.startsWith(Tensor.SHARED_MEMORY)) {
                    throw InvalidInput.of("parameter '" + InvalidInput.shorten(name) + "' of an output is not offered");
                }
            }
            return binary;
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
    }

    /**
     * An answer's body.
     *
     * @param header bytes of the JSON when binary data follow it, else -1
     */
    public record Body(byte[] bytes, int header) {
        public boolean isJson() {
            return header < 0;
        }
    }

    /** Writes the answer to a request to infer, with the outputs that it wants in the form that it wants. */
    public static Body write(String model, String version, InferRequest request, Frame predictions) {
        requireOutputs(request, predictions);
        ByteArrayOutputStream out = new ByteArrayOutputStream(256 + predictions.rows() * 12 * predictions.width());
        List<byte[]> binary = request.asksForBinary() ? new ArrayList<>() : List.of();
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField("model_name", model);
            json.writeStringField("model_version", version);
            if (!request.rows().id().isEmpty()) {
                json.writeStringField("id", request.rows().id());
            }
            json.writeArrayFieldStart("outputs");
            for (int column = 0; column < predictions.width(); column++) {
                String name = predictions.name(column);
                if (request.wants(name)) {
                    output(json, predictions, column, request.isBinary(name), binary);
                }
            }
            json.writeEndArray();
            json.writeEndObject();
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory does not fail", e);
        }
        if (binary.isEmpty()) {
            return new Body(out.toByteArray(), -1);
        }
        int header = out.size();
        binary.forEach(out::writeBytes);
        return new Body(out.toByteArray(), header);
    }

    /** Refuses a request for an output that the predictions do not have. */
    public static void requireOutputs(InferRequest request, Frame predictions) {
        for (String output : request.rows().outputs()) {
            if (predictions.position(output) < 0) {
                throw InvalidInput.of("unknown output '" + InvalidInput.shorten(output) + "': the model gives "
                        + predictions.names());
            }
        }
    }

    private static void output(JsonGenerator json, Frame predictions, int column, boolean binary, List<byte[]> attached)
            throws IOException {
        json.writeStartObject();
        json.writeStringField("name", predictions.name(column));
        json.writeStringField("datatype", Datatype.of(predictions.type(column)).name());
        json.writeArrayFieldStart("shape");
        json.writeNumber(predictions.rows());
        json.writeEndArray();
        if (binary) {
            byte[] data = BinaryData.write(predictions, column);
            attached.add(data);
            json.writeObjectFieldStart("parameters");
            json.writeNumberField(Tensor.BINARY_SIZE, data.length);
            json.writeEndObject();
        } else {
            data(json, predictions, column);
        }
        json.writeEndObject();
    }

    private static void data(JsonGenerator json, Frame predictions, int column) throws IOException {
        json.writeArrayFieldStart("data");
        Vector values = predictions.column(column);
        for (int row = 0; row < predictions.rows(); row++) {
            Cells.write(json, values, predictions.type(column), row);
        }
        json.writeEndArray();
    }
}

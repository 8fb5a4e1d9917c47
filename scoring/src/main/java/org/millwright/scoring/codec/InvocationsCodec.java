package org.millwright.scoring.codec;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.millwright.scoring.Frame;
import org.millwright.scoring.InvalidInput;
import org.millwright.scoring.Signature;

/** MLflow's scoring protocol: {@code dataframe_split}, {@code dataframe_records}, {@code instances}, {@code inputs}. */
public final class InvocationsCodec {
    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(32)
                            .maxStringLength(1_000_000)
                            .maxNumberLength(400)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final List<String> FORMS = List.of("dataframe_split", "dataframe_records", "instances", "inputs");

    private static final String PARAMS = "params";

    private InvocationsCodec() {}

    /**
     * Reads a JSON body. {@code params} may hold {@code id} (text), {@code ids} (a text per row) and
     * {@code event_time} (milliseconds since 1970 UTC, one or a number per row). Other fields beside the form are ignored.
     *
     * @throws InvalidInput with what is wrong and where, never with a row's values
     */
    public static ScoringRequest readJson(byte[] body, Signature signature, Limits limits) {
        JsonNode json = parse(body);
        if (!json.isObject()) {
            throw InvalidInput.of("the body must be a JSON object with one of " + FORMS);
        }
        String form = "";
        List<String> others = new ArrayList<>();
        for (String field : (Iterable<String>) json::fieldNames) {
            boolean isForm = FORMS.contains(field);
            if (isForm && !form.isEmpty()) {
                throw InvalidInput.of("both '" + form + "' and '" + field + "': expected exactly one of " + FORMS);
            }
            if (!isForm && !field.equals(PARAMS)) {
                others.add(InvalidInput.shorten(field));
            }
            form = isForm ? field : form;
        }
        if (form.isEmpty()) {
            throw InvalidInput.of("expected exactly one of " + FORMS);
        }
        Rows rows = new Rows(signature, limits);
        switch (form) {
            case "dataframe_split" -> rows.split(json.path(form));
            case "dataframe_records" -> rows.records(json.path(form), form);
            case "instances" -> rows.instances(json.path(form));
            default -> rows.inputs(json.path(form));
        }
        return rows.request(json.path(PARAMS), others);
    }

    /** Reads a CSV body whose first line names the columns; see {@link Csv#isMissing} for missing values. */
    public static ScoringRequest readCsv(byte[] body, Signature signature, Limits limits) {
        Rows rows = new Rows(signature, limits);
        rows.csv(Csv.parse(body));
        return rows.request(JSON.missingNode(), List.of());
    }

    private static JsonNode parse(byte[] body) {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            throw Malformed.json(e);
        } catch (IOException e) {
            throw InvalidInput.of("the body is not valid UTF-8 JSON");
        }
    }

    /** Writes {@code {"predictions": […]}}: values for one output, records for several. */
    public static byte[] write(Frame predictions) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(64 + predictions.rows() * 12 * predictions.width());
        try (JsonGenerator json = JSON.getFactory().createGenerator(out)) {
            json.writeStartObject();
            json.writeArrayFieldStart("predictions");
            for (int row = 0; row < predictions.rows(); row++) {
                if (predictions.width() == 1) {
                    Cells.write(json, predictions.column(0), predictions.type(0), row);
                } else {
                    record(json, predictions, row);
                }
            }
            json.writeEndArray();
            json.writeEndObject();
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory does not fail", e);
        }
        return out.toByteArray();
    }

    private static void record(JsonGenerator json, Frame predictions, int row) throws IOException {
        json.writeStartObject();
        for (int column = 0; column < predictions.width(); column++) {
            json.writeFieldName(predictions.name(column));
            Cells.write(json, predictions.column(column), predictions.type(column), row);
        }
        json.writeEndObject();
    }

    static List<String> texts(JsonNode array, String where) {
        if (!array.isArray()) {
            throw InvalidInput.of("'" + where + "' must be an array of strings");
        }
        List<String> texts = new ArrayList<>(array.size());
        for (JsonNode node : array) {
            if (!node.isTextual()) {
                throw InvalidInput.of("'" + where + "' must be an array of strings");
            }
            texts.add(node.textValue());
        }
        return texts;
    }
}

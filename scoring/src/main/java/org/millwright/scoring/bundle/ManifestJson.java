package org.millwright.scoring.bundle;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.millwright.scoring.InvalidInput;
import org.millwright.scoring.Signature;
import org.millwright.scoring.signing.Untrusted;

/** The JSON form of a manifest. */
final class ManifestJson {
    private static final ObjectMapper JSON = new ObjectMapper().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

    private ManifestJson() {}

    static byte[] write(Manifest manifest) {
        ObjectNode json = JSON.createObjectNode().put("format", Manifest.FORMAT);
        json.put("model", manifest.model()).put("version", manifest.version());
        json.put("runtime", manifest.runtime()).put("main", manifest.main());
        json.put("created", manifest.created().toString());
        json.set("signature", manifest.signature().toJson());
        json.set("provenance", provenance(manifest.provenance()));
        texts(json.putObject("parameters"), manifest.parameters());
        ObjectNode metrics = json.putObject("metrics");
        new TreeMap<>(manifest.metrics()).forEach(metrics::put);
        json.put("tolerance", manifest.tolerance());
        Agreement handoff = manifest.handoff();
        if (handoff != null) {
            json.set("handoff", agreement(handoff));
        }
        ArrayNode files = json.putArray("files");
        for (Manifest.Entry entry : manifest.files()) {
            files.addObject()
                    .put("path", entry.path())
                    .put("sha256", entry.sha256())
                    .put("size", entry.size());
        }
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a JSON tree always has a text", e);
        }
    }

    private static ObjectNode provenance(Provenance provenance) {
        ObjectNode json = JSON.createObjectNode().put("commit", provenance.commit());
        texts(json.putObject("data"), provenance.data());
        json.put("environment", provenance.environment()).put("run", provenance.run());
        texts(json.putObject("notes"), provenance.notes());
        return json;
    }

    private static ObjectNode agreement(Agreement agreement) {
        ObjectNode json = JSON.createObjectNode().put("rows", agreement.rows());
        json.put("tolerance", agreement.tolerance()).put("largest", agreement.largest());
        json.put("disagreements", agreement.disagreements());
        ArrayNode examples = json.putArray("examples");
        for (Agreement.Cell cell : agreement.examples()) {
            examples.addObject()
                    .put("row", cell.row())
                    .put("column", cell.column())
                    .put("expected", cell.expected())
                    .put("got", cell.got());
        }
        return json;
    }

    private static void texts(ObjectNode json, Map<String, String> values) {
        new TreeMap<>(values).forEach(json::put);
    }

    static Manifest read(byte[] bytes) {
        try {
            JsonNode json = JSON.readTree(bytes);
            int format = json.path("format").asInt();
            if (format != Manifest.FORMAT) {
                throw new Untrusted("the bundle has format " + format + ", this version reads format " + Manifest.FORMAT
                        + ": take a newer Millwright");
            }
            return new Manifest(
                    text(json, "model"),
                    text(json, "version"),
                    text(json, "runtime"),
                    text(json, "main"),
                    Instant.parse(text(json, "created")),
                    Signature.fromJson(json.path("signature")),
                    provenance(json.path("provenance")),
                    texts(json.path("parameters")),
                    numbers(json.path("metrics")),
                    json.path("tolerance").asDouble(),
                    agreement(json.path("handoff")),
                    files(json.path("files")));
        } catch (IOException | InvalidInput | IllegalArgumentException | DateTimeParseException e) {
            throw new Untrusted("bundle.json cannot be read: " + e.getMessage(), e);
        }
    }

    private static String text(JsonNode json, String field) {
        if (!json.path(field).isTextual()) {
            throw new IllegalArgumentException("'" + field + "' is missing or no text");
        }
        return json.path(field).textValue();
    }

    private static Provenance provenance(JsonNode json) {
        return new Provenance(
                text(json, "commit"),
                texts(json.path("data")),
                text(json, "environment"),
                text(json, "run"),
                texts(json.path("notes")));
    }

    private static @Nullable Agreement agreement(JsonNode json) {
        if (!json.isObject()) {
            return null;
        }
        List<Agreement.Cell> examples = new ArrayList<>();
        for (JsonNode cell : json.path("examples")) {
            examples.add(new Agreement.Cell(
                    cell.path("row").asInt(), text(cell, "column"), text(cell, "expected"), text(cell, "got")));
        }
        return new Agreement(
                json.path("rows").asLong(),
                json.path("tolerance").asDouble(),
                json.path("largest").asDouble(),
                json.path("disagreements").asLong(),
                examples);
    }

    private static List<Manifest.Entry> files(JsonNode json) {
        List<Manifest.Entry> files = new ArrayList<>();
        for (JsonNode file : json) {
            files.add(new Manifest.Entry(
                    text(file, "path"), text(file, "sha256"), file.path("size").asLong()));
        }
        return files;
    }

    private static Map<String, String> texts(JsonNode json) {
        Map<String, String> values = new TreeMap<>();
        json.properties()
                .forEach(entry -> values.put(entry.getKey(), entry.getValue().asText()));
        return values;
    }

    private static Map<String, Double> numbers(JsonNode json) {
        Map<String, Double> values = new TreeMap<>();
        json.properties()
                .forEach(entry -> values.put(entry.getKey(), entry.getValue().asDouble()));
        return values;
    }
}

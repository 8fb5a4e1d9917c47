package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.List;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;

/** Copies registered models with their versions under the numbers, stages, tags and aliases that they had. */
final class RegistryImporter {
    private static final String API = "api/2.0/mlflow/";

    private final ForeignServer from;
    private final Client to;
    private final ObjectNode counts;
    private final Screen screen;

    RegistryImporter(ForeignServer from, Client to, ObjectNode counts, Screen screen) {
        this.from = from;
        this.to = to;
        this.counts = counts;
        this.screen = screen;
    }

    void run() {
        for (JsonNode model : from.all("registered-models/search?max_results=1000", "registered_models")) {
            model(model);
        }
    }

    private void model(JsonNode model) {
        String name = model.path("name").asText();
        var body = Json.object().put("name", name);
        if (model.hasNonNull("description")) {
            body.put("description", model.path("description").asText());
        }
        body.set("tags", model.path("tags").isArray() ? model.path("tags") : Json.array());
        try {
            to.post(API + "registered-models/create", body);
        } catch (Problem.Invalid | Problem.Conflict e) {
            // It is there, from an earlier import or by somebody else: its versions are added.
        }
        long last = versions(name);
        List<JsonNode> versions = from
                .all(
                        "model-versions/search?max_results=10000&filter="
                                + Client.part("name='" + name.replace("'", "''") + "'"),
                        "model_versions")
                .stream()
                .sorted(Comparator.comparingLong(
                        version -> version.path("version").asLong()))
                .toList();
        for (JsonNode version : versions) {
            long number = version.path("version").asLong();
            if (number <= last) {
                continue;
            }
            for (long gap = last + 1; gap < number; gap++) {
                gap(name, gap, version);
            }
            version(name, version);
            last = number;
        }
        model.path("aliases")
                .forEach(alias -> to.post(
                        API + "registered-models/alias",
                        Json.object()
                                .put("name", name)
                                .put("alias", alias.path("alias").asText())
                                .put("version", alias.path("version").asText())));
        counts.put("models", counts.path("models").asInt() + 1);
        screen.line("  model " + name + ": " + versions.size() + " versions");
    }

    /** The highest number that the model has here. */
    private long versions(String name) {
        long last = 0;
        JsonNode found = to.get(API + "model-versions/search?max_results=10000&filter="
                + Client.part("name='" + name.replace("'", "''") + "'"));
        for (JsonNode version : found.path("model_versions")) {
            last = Math.max(last, version.path("version").asLong());
        }
        return last;
    }

    /** A number that was deleted there stays unused here: it is given to the version that follows and taken away. */
    private void gap(String name, long number, JsonNode following) {
        create(body(name, following));
        to.send(
                "DELETE",
                API + "model-versions/delete",
                Json.object().put("name", name).put("version", Long.toString(number)));
    }

    private void version(String name, JsonNode version) {
        String number = create(body(name, version));
        String stage = version.path("current_stage").asText("None");
        if (!stage.equals("None")) {
            to.post(
                    API + "model-versions/transition-stage",
                    Json.object()
                            .put("name", name)
                            .put("version", number)
                            .put("stage", stage)
                            .put("archive_existing_versions", false));
        }
        counts.put("versions", counts.path("versions").asInt() + 1);
    }

    private static ObjectNode body(String name, JsonNode version) {
        ObjectNode body = Json.object().put("name", name);
        String model = version.path("model_id").asText("");
        body.put("source", model.isEmpty() ? version.path("source").asText() : "models:/" + model);
        for (String key : List.of("run_id", "run_link", "description", "model_id")) {
            if (!version.path(key).asText("").isEmpty()) {
                body.put(key, version.path(key).asText());
            }
        }
        body.set("tags", version.path("tags").isArray() ? version.path("tags") : Json.array());
        return body;
    }

    private String create(ObjectNode body) {
        return to.post(API + "model-versions/create", body)
                .path("model_version")
                .path("version")
                .asText();
    }
}

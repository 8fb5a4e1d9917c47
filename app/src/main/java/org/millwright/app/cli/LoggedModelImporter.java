package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;

/** Copies logged models in two goes: first they are made, so that runs can name them, then they get their files. */
final class LoggedModelImporter {
    private static final String API = "api/2.0/mlflow/";
    private static final int PAGE = 100;

    private final ForeignServer from;
    private final Client to;
    private final ObjectNode counts;
    private final FileImporter files;
    private final Set<String> known = new HashSet<>();
    private final List<Unfilled> unfilled = new ArrayList<>();

    LoggedModelImporter(ForeignServer from, Client to, ObjectNode counts, Screen screen) {
        this.from = from;
        this.to = to;
        this.counts = counts;
        this.files = new FileImporter(from, to, counts, screen);
    }

    /** A model without its files, and the folder for them. */
    private record Unfilled(JsonNode info, String target) {}

    /** Makes the models of an experiment, with its id there and its id here. */
    void make(String there, String here) {
        var asked = Json.object().put("max_results", PAGE);
        asked.putArray("experiment_ids").add(there);
        for (JsonNode model : from.all("logged-models/search", "models", asked)) {
            make(model, here);
        }
    }

    private void make(JsonNode model, String experiment) {
        JsonNode info = model.path("info");
        String id = info.path("model_id").asText();
        var body = Json.object()
                .put("from", from.address().toString())
                .put("id", id)
                .put("experiment", experiment)
                .put("name", info.path("name").asText())
                .put("type", info.path("model_type").asText(""))
                .put("status", info.path("status").asText())
                .put("run", info.path("source_run_id").asText(""))
                .put("created", info.path("creation_timestamp_ms").asLong())
                .put("updated", info.path("last_updated_timestamp_ms").asLong());
        body.set("tags", Json.tree(Importer.pairs(info.path("tags"))));
        body.set("params", Json.tree(Importer.pairs(model.path("data").path("params"))));
        body.set("metrics", Json.array().addAll(items(model.path("data").path("metrics"))));
        boolean made = to.post("api/1/imports/logged-models", body).path("made").asBoolean();
        known.add(id);
        if (made || !isDone(id)) {
            unfilled.add(new Unfilled(info, experiment + "/models/" + id + "/artifacts"));
        } else {
            Importer.count(counts, "skipped");
        }
    }

    /** A model that somebody deleted here stays so. */
    private boolean isDone(String id) {
        try {
            JsonNode info = to.get(API + "logged-models/" + id).path("model").path("info");
            return Importer.pairs(info.path("tags")).containsKey(Importer.DONE);
        } catch (Problem.NotFound e) {
            known.remove(id);
            return true;
        }
    }

    /** Notes which models a run read and wrote; those that were deleted there are left out. */
    void link(String run, JsonNode there) {
        link("runs/log-inputs", run, there.path("inputs").path("model_inputs"));
        link("runs/outputs", run, there.path("outputs").path("model_outputs"));
    }

    private void link(String path, String run, JsonNode models) {
        ArrayNode some = Json.array();
        for (JsonNode model : models) {
            if (known.contains(model.path("model_id").asText())) {
                some.addObject()
                        .put("model_id", model.path("model_id").asText())
                        .put("step", model.path("step").asLong());
            }
        }
        if (!some.isEmpty()) {
            to.post(API + path, Json.object().put("run_id", run).set("models", some));
        }
    }

    /** Copies the files of the models that were made. */
    void fill() {
        for (Unfilled model : unfilled) {
            String id = model.info().path("model_id").asText();
            files.ofModel(model.info(), model.target());
            ObjectNode done = Json.object().put("model_id", id);
            done.putArray("tags")
                    .addObject()
                    .put("key", Importer.DONE)
                    .put("value", from.address().toString());
            to.send("PATCH", API + "logged-models/" + id + "/tags", done);
            Importer.count(counts, "loggedModels");
        }
    }

    private static List<JsonNode> items(JsonNode list) {
        var items = new ArrayList<JsonNode>();
        list.forEach(items::add);
        return items;
    }
}

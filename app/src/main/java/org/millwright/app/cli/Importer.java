package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;

/**
 * Copies experiments, runs, models and files of another server into this one. Everything that it does twice comes to the
 * same, and a run or model that was copied whole carries a tag that says so.
 */
final class Importer {
    static final String DONE = "import.source";

    private static final String API = "api/2.0/mlflow/";
    private static final int BATCH = 1_000;
    private static final int SOME = 100;

    private final ForeignServer from;
    private final Client to;
    private final Screen screen;
    private final ObjectNode counts = Json.object();
    private final Map<String, String> experiments = new HashMap<>();

    Importer(ForeignServer from, Client to, Screen screen) {
        this.from = from;
        this.to = to;
        this.screen = screen;
    }

    /** @param names experiments to copy; all when empty */
    JsonNode run(List<String> names) {
        for (String kind : List.of("experiments", "runs", "loggedModels", "models", "versions", "files", "skipped")) {
            counts.put(kind, 0);
        }
        List<JsonNode> all =
                from.all("experiments/search", "experiments", Json.object().put("max_results", 1_000));
        for (JsonNode experiment : all) {
            if (names.isEmpty() || names.contains(experiment.path("name").asText())) {
                experiment(experiment);
            }
        }
        new RegistryImporter(from, to, counts, screen).run();
        screen.settle();
        return counts;
    }

    private void experiment(JsonNode experiment) {
        String id = experiment.path("experiment_id").asText();
        String here = here(experiment);
        experiments.put(id, here);
        count("experiments");
        List<JsonNode> runs = from.all(
                "runs/search",
                "runs",
                Json.object()
                        .put("max_results", 1_000)
                        .set("experiment_ids", Json.array().add(id)));
        int at = 0;
        for (JsonNode run : runs) {
            at++;
            screen.live(List.of(experiment.path("name").asText() + ": run " + at + " of " + runs.size()));
            run(run, here);
        }
        List<JsonNode> models = from.all(
                "logged-models/search",
                "models",
                Json.object()
                        .put("max_results", SOME)
                        .set("experiment_ids", Json.array().add(id)));
        for (JsonNode model : models) {
            loggedModel(model, here);
        }
        screen.line("  " + experiment.path("name").asText() + ": " + runs.size() + " runs, " + models.size()
                + " logged models");
    }

    /** The id of the experiment of that name here, made when there is none. */
    private String here(JsonNode experiment) {
        String name = experiment.path("name").asText();
        try {
            return to.get(API + "experiments/get-by-name?experiment_name=" + Client.part(name))
                    .path("experiment")
                    .path("experiment_id")
                    .asText();
        } catch (Problem.NotFound e) {
            ObjectNode body = Json.object().put("name", name);
            body.set("tags", experiment.path("tags").isArray() ? experiment.path("tags") : Json.array());
            return to.post(API + "experiments/create", body)
                    .path("experiment_id")
                    .asText();
        }
    }

    private void run(JsonNode run, String experiment) {
        JsonNode info = run.path("info");
        String id = info.path("run_id").asText();
        var tags = pairs(run.path("data").path("tags"));
        var body = Json.object()
                .put("from", from.address().toString())
                .put("id", id)
                .put("experiment", experiment)
                .put("name", info.path("run_name").asText(id))
                .put("user", info.path("user_id").asText(""))
                .put("status", info.path("status").asText())
                .put("start", info.path("start_time").asLong());
        if (info.hasNonNull("end_time")) {
            body.put("end", info.path("end_time").asLong());
        }
        body.set("tags", Json.tree(tags));
        boolean made = to.post("api/1/imports/runs", body).path("made").asBoolean();
        if (!made && isDone(id)) {
            count("skipped");
            return;
        }
        logged(id, run);
        files(
                "artifacts/list?run_id=" + id,
                "get-artifact?run_id=" + id + "&path=",
                experiment + "/" + id + "/artifacts");
        to.post(
                API + "runs/set-tag",
                Json.object()
                        .put("run_id", id)
                        .put("key", DONE)
                        .put("value", from.address().toString()));
        count("runs");
    }

    private boolean isDone(String run) {
        JsonNode tags =
                to.get(API + "runs/get?run_id=" + run).path("run").path("data").path("tags");
        return pairs(tags).containsKey(DONE);
    }

    private void logged(String id, JsonNode run) {
        JsonNode params = run.path("data").path("params");
        for (int i = 0; i < params.size(); i += SOME) {
            batch(id, "params", slice(params, i, SOME));
        }
        for (JsonNode latest : run.path("data").path("metrics")) {
            String key = latest.path("key").asText();
            List<JsonNode> points = from.all(
                    "metrics/get-history?run_id=" + id + "&max_results=25000&metric_key=" + Client.part(key),
                    "metrics");
            ArrayNode all = Json.array().addAll(points);
            for (int i = 0; i < all.size(); i += BATCH) {
                batch(id, "metrics", slice(all, i, BATCH));
            }
        }
        JsonNode datasets = run.path("inputs").path("dataset_inputs");
        if (!datasets.isEmpty()) {
            to.post(API + "runs/log-inputs", Json.object().put("run_id", id).set("datasets", datasets));
        }
    }

    private void batch(String run, String what, ArrayNode items) {
        to.post(API + "runs/log-batch", Json.object().put("run_id", run).set(what, items));
    }

    private void loggedModel(JsonNode model, String experiment) {
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
        body.set("tags", Json.tree(pairs(info.path("tags"))));
        body.set("params", Json.tree(pairs(model.path("data").path("params"))));
        boolean made = to.post("api/1/imports/logged-models", body).path("made").asBoolean();
        JsonNode there = to.get(API + "logged-models/" + id).path("model").path("info");
        if (!made && pairs(there.path("tags")).containsKey(DONE)) {
            count("skipped");
            return;
        }
        modelFiles(id, info.path("artifact_uri").asText(), experiment + "/models/" + id + "/artifacts");
        output(info.path("source_run_id").asText(""), id);
        ObjectNode done = Json.object().put("model_id", id);
        done.putArray("tags")
                .addObject()
                .put("key", DONE)
                .put("value", from.address().toString());
        to.send("PATCH", API + "logged-models/" + id + "/tags", done);
        count("loggedModels");
    }

    private void output(String run, String model) {
        if (!run.isEmpty()) {
            ObjectNode body = Json.object().put("run_id", run);
            body.putArray("models").addObject().put("model_id", model).put("step", 0);
            to.post(API + "runs/outputs", body);
        }
    }

    /** A logged model's files lie behind the artifact proxy, or are not to be had from outside. */
    private void modelFiles(String id, String root, String target) {
        if (root.startsWith("mlflow-artifacts:/")) {
            String path = root.replaceFirst("^mlflow-artifacts:/+", "");
            proxied(path, target, "");
        } else {
            screen.line("  ! the files of logged model " + id + " are at " + root + ": copy them by its own tools");
        }
    }

    private void proxied(String root, String target, String below) {
        String folder = below.isEmpty() ? root : root + "/" + below;
        String listing = "api/2.0/mlflow-artifacts/artifacts?path=" + Client.part(folder);
        Optional<InputStream> found = from.open(listing);
        if (found.isEmpty()) {
            return;
        }
        for (JsonNode file : read(found.get()).path("files")) {
            String path = below.isEmpty()
                    ? file.path("path").asText()
                    : below + "/" + file.path("path").asText();
            if (file.path("is_dir").asBoolean()) {
                proxied(root, target, path);
            } else {
                copy("api/2.0/mlflow-artifacts/artifacts/" + encoded(root + "/" + path), target, path);
            }
        }
    }

    private void files(String listing, String download, String target) {
        for (JsonNode file : from.all(listing, "files")) {
            String path = file.path("path").asText();
            if (file.path("is_dir").asBoolean()) {
                String base = listing.replaceFirst("&path=.*", "");
                files(base + "&path=" + Client.part(path), download, target);
            } else {
                copy(download + Client.part(path), target, path);
            }
        }
    }

    private void copy(String source, String target, String path) {
        InputStream bytes = from.open(source)
                .orElseThrow(() -> new Problem.Unavailable(
                        from.address() + " does not give the file " + path + " of " + target,
                        "Serve it there (mlflow server --serve-artifacts) and give the command again."));
        try (bytes) {
            to.upload(
                    "api/2.0/mlflow-artifacts/artifacts/" + encoded(target + "/" + path),
                    BodyPublishers.ofInputStream(() -> bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        count("files");
    }

    private static JsonNode read(InputStream body) {
        try (body) {
            return Json.parse(body.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String encoded(String path) {
        return String.join(
                "/", java.util.Arrays.stream(path.split("/")).map(Client::part).toList());
    }

    static Map<String, String> pairs(JsonNode list) {
        var pairs = new TreeMap<String, String>();
        list.forEach(
                pair -> pairs.put(pair.path("key").asText(), pair.path("value").asText("")));
        return pairs;
    }

    private static ArrayNode slice(JsonNode all, int at, int count) {
        ArrayNode some = Json.array();
        for (int i = at; i < Math.min(all.size(), at + count); i++) {
            some.add(all.get(i));
        }
        return some;
    }

    private void count(String what) {
        counts.put(what, counts.path(what).asInt() + 1);
    }
}

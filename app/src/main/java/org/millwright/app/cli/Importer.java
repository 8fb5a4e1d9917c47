package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;

/**
 * Copies experiments, runs, models and files of another server into this one. Everything that it does twice comes to the
 * same, and a run or model that was copied whole carries a tag that says so.
 */
final class Importer {
    static final String DONE = "import.source";

    private static final Set<String> ENDED = Set.of("FINISHED", "FAILED", "KILLED");
    private static final String API = "api/2.0/mlflow/";
    private static final int BATCH = 1_000;
    private static final int SOME = 100;

    private final ForeignServer from;
    private final Client to;
    private final Screen screen;
    private final ObjectNode counts = Json.object();
    private final FileImporter files;
    private final Map<String, String> experiments = new LinkedHashMap<>();

    Importer(ForeignServer from, Client to, Screen screen) {
        this.from = from;
        this.to = to;
        this.screen = screen;
        this.files = new FileImporter(from, to, counts, screen);
    }

    /** @param names experiments to copy; all when empty */
    JsonNode run(List<String> names) {
        for (String kind : List.of("experiments", "runs", "loggedModels", "models", "versions", "files", "skipped")) {
            counts.put(kind, 0);
        }
        List<JsonNode> all =
                from.all("experiments/search", "experiments", Json.object().put("max_results", 1_000));
        List<JsonNode> wanted = wanted(all, names);
        for (JsonNode experiment : wanted) {
            experiments.put(experiment.path("experiment_id").asText(), here(experiment));
            count("experiments");
        }
        // Runs name the models that they read and wrote, whatever experiment these are in: models are there first.
        var models = new LoggedModelImporter(from, to, counts, screen);
        experiments.forEach(models::make);
        wanted.forEach(experiment -> runs(experiment, models));
        models.fill();
        new RegistryImporter(from, to, counts, screen, experiments, names.isEmpty()).run();
        screen.settle();
        return counts;
    }

    private List<JsonNode> wanted(List<JsonNode> all, List<String> names) {
        List<String> there =
                all.stream().map(each -> each.path("name").asText()).toList();
        for (String name : names) {
            if (!there.contains(name)) {
                throw new Problem.NotFound(
                        from.address() + " has no experiment " + name + " (expected: one of " + there.size()
                                + ", such as " + there.stream().limit(5).toList() + ")",
                        "Correct --experiment, or leave it away to copy all.");
            }
        }
        return all.stream()
                .filter(each ->
                        names.isEmpty() || names.contains(each.path("name").asText()))
                .toList();
    }

    private void runs(JsonNode experiment, LoggedModelImporter models) {
        String id = experiment.path("experiment_id").asText();
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
            run(run, experiments.getOrDefault(id, ""), models);
        }
        screen.line("  " + experiment.path("name").asText() + ": " + runs.size() + " runs");
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

    private void run(JsonNode run, String experiment, LoggedModelImporter models) {
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
        // A search leaves out which models a run read.
        JsonNode whole = from.one("runs/get?run_id=" + id).path("run");
        logged(id, whole);
        models.link(id, whole);
        files.ofRun(id, experiment + "/" + id + "/artifacts");
        if (ENDED.contains(info.path("status").asText())) {
            to.post(
                    API + "runs/set-tag",
                    Json.object()
                            .put("run_id", id)
                            .put("key", DONE)
                            .put("value", from.address().toString()));
        }
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

    /** Tags or parameters; those that another Millwright set about itself say nothing here. */
    static Map<String, String> pairs(JsonNode list) {
        var pairs = new TreeMap<String, String>();
        for (JsonNode pair : list) {
            String key = pair.path("key").asText();
            if (!key.startsWith("millwright.")) {
                pairs.put(key, pair.path("value").asText(""));
            }
        }
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
        count(counts, what);
    }

    static void count(ObjectNode counts, String what) {
        counts.put(what, counts.path(what).asInt() + 1);
    }
}

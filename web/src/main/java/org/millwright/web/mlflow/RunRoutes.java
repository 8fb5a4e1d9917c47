package org.millwright.web.mlflow;

import static org.millwright.web.mlflow.MlflowJson.page;
import static org.millwright.web.mlflow.MlflowJson.wrap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.tracking.Batch;
import org.millwright.tracking.DatasetInput;
import org.millwright.tracking.Metric;
import org.millwright.tracking.NewRun;
import org.millwright.tracking.Run;
import org.millwright.tracking.RunStatus;
import org.millwright.tracking.Runs;

/** Endpoints of runs and what they log. */
final class RunRoutes {
    private static final String HISTORY_TAG = "mlflow.log-model.history";

    private final Runs runs;
    private final Clock clock;

    RunRoutes(Runs runs, Clock clock) {
        this.runs = runs;
        this.clock = clock;
    }

    void add(Endpoints endpoints) {
        endpoints.add("POST", "runs/create", this::create);
        endpoints.add("POST", "runs/update", this::update);
        endpoints.add(
                "GET",
                "runs/get",
                call -> wrap(
                        "run", RunJson.run(runs.get(call.by(), call.fields().runId()))));
        endpoints.add("POST", "runs/search", this::search);
        endpoints.act(
                "POST",
                "runs/delete",
                call -> runs.delete(call.by(), call.fields().runId()));
        endpoints.act(
                "POST",
                "runs/restore",
                call -> runs.restore(call.by(), call.fields().runId()));
        endpoints.act("POST", "runs/log-metric", this::logMetric);
        for (String path : List.of("runs/log-parameter", "runs/log-param")) {
            endpoints.act("POST", path, this::logParam);
        }
        endpoints.act("POST", "runs/set-tag", this::setTag);
        for (String method : List.of("POST", "DELETE")) {
            endpoints.act(
                    method,
                    "runs/delete-tag",
                    call -> runs.deleteTag(
                            call.by(), call.fields().runId(), call.fields().need("key")));
        }
        endpoints.act("POST", "runs/log-batch", this::logBatch);
        endpoints.act("POST", "runs/log-model", this::logModel);
        endpoints.act("POST", "runs/log-inputs", this::logInputs);
        endpoints.act("POST", "runs/outputs", this::logOutputs);
    }

    private JsonNode create(Call call) {
        Fields fields = call.fields();
        var run = new NewRun(
                fields.need("experiment_id"),
                fields.text("run_name").orElse(""),
                fields.text("user_id").orElse(""),
                fields.whole("start_time").orElseGet(clock::millis),
                fields.pairs("tags"));
        return wrap("run", RunJson.run(runs.create(call.by(), run)));
    }

    private JsonNode update(Call call) {
        Fields fields = call.fields();
        Run run = runs.update(
                call.by(),
                fields.runId(),
                fields.word("status").flatMap(RunStatus::of),
                fields.whole("end_time"),
                fields.text("run_name"));
        return wrap("run_info", RunJson.info(run));
    }

    private JsonNode search(Call call) {
        Fields fields = call.fields();
        var found = runs.search(
                call.by(),
                fields.texts("experiment_ids"),
                ExperimentRoutes.view(fields, "run_view_type"),
                fields.text("filter").orElse(""),
                fields.texts("order_by"),
                fields.count("max_results").orElse(1_000),
                fields.text("page_token").orElse(""));
        return page("runs", found, RunJson::run);
    }

    private void logMetric(Call call) {
        runs.logMetric(call.by(), call.fields().runId(), metric(call.fields()));
    }

    static Metric metric(Fields fields) {
        String key = fields.need("key");
        double value = fields.number("value").orElseThrow(() -> fields.missing("value"));
        long timestamp = fields.whole("timestamp").orElseThrow(() -> fields.missing("timestamp"));
        Optional<String> dataset = fields.text("dataset_name").filter(name -> !name.isEmpty());
        return new Metric(
                key,
                value,
                timestamp,
                fields.whole("step").orElse(0L),
                fields.text("model_id").filter(id -> !id.isEmpty()),
                dataset.map(name -> new Metric.DatasetRef(name, fields.text("dataset_digest"))));
    }

    private void logParam(Call call) {
        Fields fields = call.fields();
        runs.logParam(
                call.by(),
                fields.runId(),
                fields.need("key"),
                fields.text("value").orElse(""));
    }

    private void setTag(Call call) {
        Fields fields = call.fields();
        runs.setTag(
                call.by(),
                fields.runId(),
                fields.need("key"),
                fields.text("value").orElse(""));
    }

    private void logBatch(Call call) {
        Fields fields = call.fields();
        String run = fields.runId();
        var metrics = fields.all("metrics").stream().map(RunRoutes::metric).toList();
        runs.log(call.by(), run, new Batch(metrics, pairs(fields, "params"), pairs(fields, "tags")));
    }

    private static List<Batch.Pair> pairs(Fields fields, String name) {
        return fields.all(name).stream()
                .map(pair -> new Batch.Pair(pair.need("key"), pair.text("value").orElse("")))
                .toList();
    }

    /** Old clients' way to note a model: a list in a tag. */
    private void logModel(Call call) {
        String id = call.fields().runId();
        JsonNode model = Json.parse(call.fields().need("model_json"));
        var missing = List.of("artifact_path", "flavors", "utc_time_created", "run_id").stream()
                .filter(field -> !model.has(field))
                .toList();
        if (!(model instanceof ObjectNode) || !missing.isEmpty()) {
            throw new Problem.Invalid("Model json is missing mandatory fields: " + missing);
        }
        ArrayNode history = Json.array();
        String known = runs.get(call.by(), id).tags().getOrDefault(HISTORY_TAG, "");
        if (!known.isEmpty() && Json.parse(known) instanceof ArrayNode before) {
            history.addAll(before);
        }
        runs.setTag(call.by(), id, HISTORY_TAG, Json.write(history.add(model)));
    }

    private void logInputs(Call call) {
        var datasets =
                call.fields().all("datasets").stream().map(RunRoutes::dataset).toList();
        var models = call.fields().all("models").stream()
                .map(model -> model.need("model_id"))
                .toList();
        runs.logInputs(call.by(), call.fields().runId(), datasets, models);
    }

    private static DatasetInput dataset(Fields input) {
        Fields dataset = input.message("dataset").orElseThrow(() -> input.missing("dataset"));
        return new DatasetInput(
                dataset.need("name"),
                dataset.need("digest"),
                dataset.need("source_type"),
                dataset.need("source"),
                dataset.text("schema"),
                dataset.text("profile"),
                input.pairs("tags"));
    }

    private void logOutputs(Call call) {
        var outputs = call.fields().all("models").stream()
                .map(model -> new Run.ModelOutput(
                        model.need("model_id"), model.whole("step").orElse(0L)))
                .toList();
        runs.logOutputs(call.by(), call.fields().runId(), outputs);
    }
}

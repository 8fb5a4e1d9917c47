package org.millwright.web.mlflow;

import static org.millwright.web.mlflow.MlflowJson.page;
import static org.millwright.web.mlflow.MlflowJson.wrap;

import com.fasterxml.jackson.databind.JsonNode;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.tracking.Experiment;
import org.millwright.tracking.Experiments;
import org.millwright.tracking.View;

/** Endpoints of experiments. */
final class ExperimentRoutes {
    private final Experiments experiments;

    ExperimentRoutes(Experiments experiments) {
        this.experiments = experiments;
    }

    void add(Endpoints endpoints) {
        endpoints.add("POST", "experiments/create", this::create);
        endpoints.add("GET", "experiments/get", call -> experiment(experiments.get(call.by(), id(call))));
        endpoints.add("GET", "experiments/get-by-name", this::byName);
        endpoints.add("GET", "experiments/search", this::search);
        endpoints.add("POST", "experiments/search", this::search);
        endpoints.act("POST", "experiments/delete", call -> experiments.delete(call.by(), id(call)));
        endpoints.act("POST", "experiments/restore", call -> experiments.restore(call.by(), id(call)));
        endpoints.act(
                "POST",
                "experiments/update",
                call -> experiments.rename(call.by(), id(call), call.fields().need("new_name")));
        endpoints.act(
                "POST",
                "experiments/set-experiment-tag",
                call -> experiments.setTag(
                        call.by(),
                        id(call),
                        call.fields().need("key"),
                        call.fields().text("value").orElse("")));
        for (String method : new String[] {"POST", "DELETE"}) {
            endpoints.act(
                    method,
                    "experiments/delete-experiment-tag",
                    call -> experiments.deleteTag(
                            call.by(), id(call), call.fields().need("key")));
        }
        endpoints.add("POST", "experiments/search-datasets", this::datasets);
    }

    private JsonNode create(Call call) {
        Fields fields = call.fields();
        var experiment = experiments.create(
                call.by(), fields.need("name"), fields.text("artifact_location").orElse(""), fields.pairs("tags"));
        return Json.object().put("experiment_id", experiment.id());
    }

    private JsonNode byName(Call call) {
        String name = call.fields().need("experiment_name");
        var experiment = experiments
                .byName(call.by(), name)
                .orElseThrow(() -> new Problem.NotFound("Could not find experiment with name '" + name + "'"));
        return experiment(experiment);
    }

    private static JsonNode experiment(Experiment experiment) {
        return wrap("experiment", MlflowJson.experiment(experiment));
    }

    private JsonNode search(Call call) {
        Fields fields = call.fields();
        var found = experiments.search(
                call.by(),
                view(fields, "view_type"),
                fields.text("filter").orElse(""),
                fields.texts("order_by"),
                fields.count("max_results").orElse(0),
                fields.text("page_token").orElse(""));
        return page("experiments", found, MlflowJson::experiment);
    }

    private JsonNode datasets(Call call) {
        var node = Json.object();
        MlflowJson.list(
                node,
                "dataset_summaries",
                experiments.datasets(call.by(), call.fields().texts("experiment_ids")),
                summary -> MlflowJson.optional(
                        Json.object()
                                .put("experiment_id", summary.experimentId())
                                .put("name", summary.name())
                                .put("digest", summary.digest()),
                        "context",
                        summary.context()));
        return node;
    }

    /** ACTIVE_ONLY is 1 in the protocol. */
    static View view(Fields fields, String name) {
        return fields.word(name)
                .map(word -> switch (word) {
                    case "ACTIVE_ONLY", "1" -> View.ACTIVE_ONLY;
                    case "DELETED_ONLY", "2" -> View.DELETED_ONLY;
                    case "ALL", "3" -> View.ALL;
                    default ->
                        throw new Problem.Invalid("Invalid value " + Json.write(word) + " for parameter '" + name
                                + "' supplied: expected ACTIVE_ONLY, DELETED_ONLY or ALL");
                })
                .orElse(View.ACTIVE_ONLY);
    }

    private static String id(Call call) {
        return call.fields().need("experiment_id");
    }
}

package org.millwright.web.mlflow;

import static org.millwright.web.mlflow.MlflowJson.page;
import static org.millwright.web.mlflow.MlflowJson.wrap;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.millwright.identity.Resource;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.tracking.Experiment;
import org.millwright.tracking.Experiments;
import org.millwright.tracking.View;

/** Endpoints of experiments. */
final class ExperimentRoutes {
    private final Experiments experiments;
    private final Readers readers;

    ExperimentRoutes(Experiments experiments, Readers readers) {
        this.experiments = experiments;
        this.readers = readers;
    }

    void add(Endpoints endpoints) {
        endpoints.add("POST", "experiments/create", this::create);
        endpoints.add("GET", "experiments/get", call -> readable(call, experiments.get(id(call))));
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
                .byName(name)
                .orElseThrow(() -> new Problem.NotFound("Could not find experiment with name '" + name + "'"));
        return readable(call, experiment);
    }

    private JsonNode readable(Call call, Experiment experiment) {
        readers.requireExperiment(call.by(), experiment.id());
        return wrap("experiment", MlflowJson.experiment(experiment));
    }

    private JsonNode search(Call call) {
        Fields fields = call.fields();
        View view = view(fields, "view_type");
        String filter = fields.text("filter").orElse("");
        List<String> order = fields.texts("order_by");
        var found = readers.page(
                call.by(),
                Resource.Kind.EXPERIMENT,
                fields.count("max_results").orElse(0),
                fields.text("page_token").orElse(""),
                (limit, token) -> experiments.search(view, filter, order, limit, token),
                Experiment::id);
        return page("experiments", found, MlflowJson::experiment);
    }

    private JsonNode datasets(Call call) {
        var node = Json.object();
        MlflowJson.list(
                node,
                "dataset_summaries",
                experiments.datasets(readable(call)),
                summary -> MlflowJson.optional(
                        Json.object()
                                .put("experiment_id", summary.experimentId())
                                .put("name", summary.name())
                                .put("digest", summary.digest()),
                        "context",
                        summary.context()));
        return node;
    }

    private List<String> readable(Call call) {
        List<String> asked = call.fields().texts("experiment_ids");
        List<String> readable = readers.readable(call.by(), asked);
        asked.stream()
                .filter(id -> !readable.contains(id))
                .findFirst()
                .ifPresent(id -> readers.requireExperiment(call.by(), id));
        return readable;
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

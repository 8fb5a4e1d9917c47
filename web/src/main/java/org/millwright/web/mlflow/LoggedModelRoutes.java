package org.millwright.web.mlflow;

import static org.millwright.web.mlflow.MlflowJson.page;
import static org.millwright.web.mlflow.MlflowJson.wrap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.Objects;
import java.util.Optional;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.tracking.ArtifactTree;
import org.millwright.tracking.LoggedModel;
import org.millwright.tracking.LoggedModels;
import org.millwright.tracking.Metric;
import org.millwright.tracking.ModelSearch;

/** Endpoints of logged models. */
final class LoggedModelRoutes {
    private final LoggedModels models;
    private final ArtifactTree tree;

    LoggedModelRoutes(LoggedModels models, ArtifactTree tree) {
        this.models = models;
        this.tree = tree;
    }

    void add(Endpoints endpoints) {
        endpoints.add("POST", "logged-models", this::create);
        endpoints.add("POST", "logged-models/search", this::search);
        endpoints.add("GET", "logged-models/{id}", call -> model(readable(call)));
        endpoints.add("PATCH", "logged-models/{id}", this::finish);
        endpoints.act("DELETE", "logged-models/{id}", call -> models.delete(call.by(), id(call)));
        endpoints.add("PATCH", "logged-models/{id}/tags", this::setTags);
        endpoints.act(
                "DELETE",
                "logged-models/{id}/tags/{key}",
                call -> models.deleteTag(
                        call.by(), id(call), Objects.requireNonNull(call.path().get("key"))));
        endpoints.act(
                "POST",
                "logged-models/{id}/params",
                call -> models.logParams(call.by(), id(call), call.fields().pairs("params")));
        endpoints.add("GET", "logged-models/{id}/artifacts/directories", this::list);
        endpoints.add("GET", "logged-models/{id}/artifacts/files", this::file);
    }

    private JsonNode create(Call call) {
        Fields fields = call.fields();
        return model(models.create(
                call.by(),
                new LoggedModels.NewModel(
                        fields.need("experiment_id"),
                        fields.text("name").orElse(""),
                        fields.text("model_type").orElse(""),
                        fields.text("source_run_id").filter(id -> !id.isEmpty()),
                        fields.pairs("params"),
                        fields.pairs("tags"))));
    }

    private JsonNode finish(Call call) {
        String word =
                call.fields().word("status").orElseThrow(() -> call.fields().missing("status"));
        LoggedModel.Status status = LoggedModel.Status.of(word)
                .orElseThrow(() -> new Problem.Invalid("Invalid model status: " + Json.write(word)));
        return model(models.finish(call.by(), id(call), status));
    }

    private JsonNode setTags(Call call) {
        models.setTags(call.by(), id(call), call.fields().pairs("tags"));
        return model(readable(call));
    }

    private JsonNode search(Call call) {
        Fields fields = call.fields();
        if (fields.texts("experiment_ids").isEmpty()) {
            throw fields.missing("experiment_ids");
        }
        var datasets = fields.all("datasets").stream()
                .map(dataset -> new Metric.DatasetRef(dataset.need("dataset_name"), dataset.text("dataset_digest")))
                .toList();
        var orders =
                fields.all("order_by").stream().map(LoggedModelRoutes::order).toList();
        var found = models.search(
                call.by(),
                new ModelSearch(
                        fields.texts("experiment_ids"),
                        datasets,
                        fields.text("filter").orElse(""),
                        orders,
                        fields.count("max_results").orElse(100),
                        fields.text("page_token").orElse("")));
        return page("models", found, MlflowJson::loggedModel);
    }

    private static ModelSearch.Order order(Fields order) {
        Optional<String> dataset = order.text("dataset_name").filter(name -> !name.isEmpty());
        Optional<String> digest = order.text("dataset_digest").filter(text -> !text.isEmpty());
        if (dataset.isEmpty() && digest.isPresent()) {
            throw new Problem.Invalid("`dataset_digest` can only be specified if `dataset_name` is also specified.");
        }
        return new ModelSearch.Order(
                order.need("field_name"),
                order.flag("ascending", true),
                dataset.map(name -> new Metric.DatasetRef(name, digest)));
    }

    private JsonNode list(Call call) {
        LoggedModel model = readable(call);
        String below = call.fields().text("artifact_directory_path").orElse("");
        return ArtifactRoutes.listing(call.by(), tree, model.artifactUri(), below);
    }

    /** Answers by itself. */
    private JsonNode file(Call call) {
        LoggedModel model = readable(call);
        String path = call.fields().need("artifact_file_path");
        Downloads.send(
                call.request(),
                call.response(),
                tree,
                tree.file(call.by(), ArtifactRoutes.below(model.artifactUri(), path)));
        return MissingNode.getInstance();
    }

    private LoggedModel readable(Call call) {
        return models.get(call.by(), id(call));
    }

    private static JsonNode model(LoggedModel model) {
        return wrap("model", MlflowJson.loggedModel(model));
    }

    private static String id(Call call) {
        return call.path().getOrDefault("id", "");
    }
}

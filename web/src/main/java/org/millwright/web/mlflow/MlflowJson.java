package org.millwright.web.mlflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.millwright.kernel.Json;
import org.millwright.kernel.Page;
import org.millwright.registry.ModelVersion;
import org.millwright.registry.RegisteredModel;
import org.millwright.tracking.ArtifactFile;
import org.millwright.tracking.Experiment;
import org.millwright.tracking.LoggedModel;

/** Things as MLflow writes them: empty lists are left out, int64 are numbers, NaN and infinities are strings. */
final class MlflowJson {
    private MlflowJson() {}

    static ObjectNode wrap(String name, JsonNode value) {
        return Json.object().set(name, value);
    }

    /** A page as {@code {NAME: […], next_page_token}}. */
    static <T> ObjectNode page(String name, Page<T> page, Function<T, JsonNode> form) {
        ObjectNode node = Json.object();
        list(node, name, page.items(), form);
        page.next().ifPresent(token -> node.put("next_page_token", token));
        return node;
    }

    static <T> void list(ObjectNode node, String name, Collection<T> items, Function<T, JsonNode> form) {
        if (!items.isEmpty()) {
            ArrayNode list = node.putArray(name);
            items.forEach(item -> list.add(form.apply(item)));
        }
    }

    static ObjectNode experiment(Experiment experiment) {
        ObjectNode node = Json.object()
                .put("experiment_id", experiment.id())
                .put("name", experiment.name())
                .put("artifact_location", experiment.artifactLocation())
                .put("lifecycle_stage", stage(experiment.deleted()))
                .put("last_update_time", experiment.updatedAt())
                .put("creation_time", experiment.createdAt());
        pairs(node, "tags", experiment.tags());
        return node;
    }

    static ObjectNode loggedModel(LoggedModel model) {
        ObjectNode info = Json.object()
                .put("model_id", model.id())
                .put("experiment_id", model.experimentId())
                .put("name", model.name())
                .put("creation_timestamp_ms", model.createdAt())
                .put("last_updated_timestamp_ms", model.updatedAt())
                .put("artifact_uri", model.artifactUri())
                .put("status", model.status().name())
                .put("model_type", model.type())
                .put("source_run_id", model.sourceRunId().orElse(""));
        pairs(info, "tags", model.tags());
        ObjectNode data = Json.object();
        pairs(data, "params", model.params());
        list(data, "metrics", model.metrics(), value -> RunJson.metric(value.metric(), value.runId()));
        ObjectNode node = Json.object();
        node.set("info", info);
        return node.set("data", data);
    }

    static ObjectNode registeredModel(RegisteredModel model) {
        ObjectNode node = Json.object()
                .put("name", model.name())
                .put("creation_timestamp", model.createdAt())
                .put("last_updated_timestamp", model.updatedAt());
        model.description().ifPresent(text -> node.put("description", text));
        list(node, "latest_versions", model.latest(), version -> version(version, false));
        pairs(node, "tags", model.tags());
        list(
                node,
                "aliases",
                model.aliases().entrySet(),
                alias -> Json.object().put("alias", alias.getKey()).put("version", Long.toString(alias.getValue())));
        return node;
    }

    static ObjectNode version(ModelVersion version, boolean withAliases) {
        ObjectNode node = Json.object()
                .put("name", version.name())
                .put("version", Long.toString(version.version()))
                .put("creation_timestamp", version.createdAt())
                .put("last_updated_timestamp", version.updatedAt())
                .put("current_stage", version.stage().text())
                .put("description", version.description().orElse(""))
                .put("source", version.source())
                .put("run_id", version.runId().orElse(""))
                .put("status", "READY")
                .put("status_message", "")
                .put("run_link", version.runLink().orElse(""));
        version.modelId().ifPresent(model -> node.put("model_id", model));
        pairs(node, "tags", version.tags());
        if (withAliases && !version.aliases().isEmpty()) {
            version.aliases().forEach(node.withArray("aliases")::add);
        }
        return node;
    }

    /** A file of a listing; a folder has no size. */
    static ObjectNode file(ArtifactFile file, String path) {
        ObjectNode node = Json.object().put("path", path).put("is_dir", file.isFolder());
        return file.isFolder() ? node : node.put("file_size", file.size());
    }

    private static void pairs(ObjectNode node, String name, Map<String, String> pairs) {
        list(
                node,
                name,
                pairs.entrySet(),
                pair -> Json.object().put("key", pair.getKey()).put("value", pair.getValue()));
    }

    static ObjectNode optional(ObjectNode node, String name, Optional<String> value) {
        value.ifPresent(text -> node.put(name, text));
        return node;
    }

    static String stage(boolean deleted) {
        return deleted ? "deleted" : "active";
    }
}

package org.millwright.web.mlflow;

import static org.millwright.web.mlflow.MlflowJson.page;
import static org.millwright.web.mlflow.MlflowJson.wrap;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import org.millwright.kernel.Json;
import org.millwright.registry.ModelRules;
import org.millwright.registry.ModelVersion;
import org.millwright.registry.Models;
import org.millwright.registry.NewVersion;
import org.millwright.registry.Versions;

/** Endpoints of registered models, versions, stages and aliases. */
final class RegistryRoutes {
    private final Models models;
    private final Versions versions;

    RegistryRoutes(Models models, Versions versions) {
        this.models = models;
        this.versions = versions;
    }

    void add(Endpoints endpoints) {
        addModels(endpoints);
        addAliases(endpoints);
        addVersions(endpoints);
    }

    private void addModels(Endpoints endpoints) {
        endpoints.add("POST", "registered-models/create", this::create);
        endpoints.add(
                "GET",
                "registered-models/get",
                call -> wrap("registered_model", MlflowJson.registeredModel(models.get(call.by(), name(call)))));
        endpoints.add(
                "PATCH",
                "registered-models/update",
                call -> wrap(
                        "registered_model",
                        MlflowJson.registeredModel(models.describe(
                                call.by(), name(call), call.fields().text("description")))));
        endpoints.add(
                "POST",
                "registered-models/rename",
                call -> wrap(
                        "registered_model",
                        MlflowJson.registeredModel(models.rename(
                                call.by(), name(call), call.fields().need("new_name")))));
        endpoints.act("DELETE", "registered-models/delete", call -> models.delete(call.by(), name(call)));
        endpoints.add("GET", "registered-models/search", this::search);
        for (String method : List.of("GET", "POST")) {
            endpoints.add(method, "registered-models/get-latest-versions", this::latest);
        }
        endpoints.act(
                "POST",
                "registered-models/set-tag",
                call -> models.setTag(
                        call.by(),
                        name(call),
                        call.fields().need("key"),
                        call.fields().text("value").orElse("")));
        endpoints.act(
                "DELETE",
                "registered-models/delete-tag",
                call -> models.deleteTag(call.by(), name(call), call.fields().need("key")));
    }

    private void addAliases(Endpoints endpoints) {
        endpoints.act(
                "POST",
                "registered-models/alias",
                call -> models.setAlias(call.by(), name(call), call.fields().need("alias"), number(call)));
        endpoints.act(
                "DELETE",
                "registered-models/alias",
                call -> models.deleteAlias(call.by(), name(call), call.fields().need("alias")));
        endpoints.add(
                "GET",
                "registered-models/alias",
                call -> version(
                        models.byAlias(call.by(), name(call), call.fields().need("alias"))));
    }

    private void addVersions(Endpoints endpoints) {
        endpoints.add("POST", "model-versions/create", this::createVersion);
        endpoints.add("GET", "model-versions/get", call -> version(versions.get(call.by(), name(call), number(call))));
        endpoints.add(
                "PATCH",
                "model-versions/update",
                call -> version(versions.describe(
                        call.by(), name(call), number(call), call.fields().text("description"))));
        endpoints.add("POST", "model-versions/transition-stage", this::setStage);
        endpoints.act("DELETE", "model-versions/delete", call -> versions.delete(call.by(), name(call), number(call)));
        endpoints.add("GET", "model-versions/search", this::searchVersions);
        endpoints.add(
                "GET",
                "model-versions/get-download-uri",
                call -> Json.object()
                        .put(
                                "artifact_uri",
                                versions.get(call.by(), name(call), number(call))
                                        .location()));
        endpoints.act(
                "POST",
                "model-versions/set-tag",
                call -> versions.setTag(
                        call.by(),
                        name(call),
                        number(call),
                        call.fields().need("key"),
                        call.fields().text("value").orElse("")));
        endpoints.act(
                "DELETE",
                "model-versions/delete-tag",
                call -> versions.deleteTag(
                        call.by(), name(call), number(call), call.fields().need("key")));
    }

    private JsonNode create(Call call) {
        Fields fields = call.fields();
        var model = models.create(
                call.by(), name(call), fields.text("description"), fields.pairs("tags"), Optional.empty());
        return wrap("registered_model", MlflowJson.registeredModel(model));
    }

    private JsonNode search(Call call) {
        Fields fields = call.fields();
        var found = models.search(
                call.by(),
                fields.text("filter").orElse(""),
                fields.texts("order_by"),
                fields.count("max_results").orElse(100),
                fields.text("page_token").orElse(""));
        return page("registered_models", found, MlflowJson::registeredModel);
    }

    private JsonNode latest(Call call) {
        var node = Json.object();
        MlflowJson.list(
                node,
                "model_versions",
                versions.latest(call.by(), name(call), call.fields().texts("stages")),
                version -> MlflowJson.version(version, true));
        return node;
    }

    private JsonNode createVersion(Call call) {
        Fields fields = call.fields();
        return version(versions.add(
                call.by(),
                name(call),
                new NewVersion(
                        fields.need("source"),
                        fields.text("run_id").filter(id -> !id.isEmpty()),
                        fields.text("model_id").filter(id -> !id.isEmpty()),
                        fields.text("run_link").filter(link -> !link.isEmpty()),
                        fields.text("description").filter(text -> !text.isEmpty()),
                        fields.pairs("tags"))));
    }

    private JsonNode setStage(Call call) {
        return version(versions.setStage(
                call.by(),
                name(call),
                number(call),
                call.fields().need("stage"),
                call.fields().flag("archive_existing_versions", false)));
    }

    private JsonNode searchVersions(Call call) {
        Fields fields = call.fields();
        var found = versions.search(
                call.by(),
                fields.text("filter").orElse(""),
                fields.texts("order_by"),
                fields.count("max_results").orElse(200_000),
                fields.text("page_token").orElse(""));
        return page("model_versions", found, version -> MlflowJson.version(version, false));
    }

    private static JsonNode version(ModelVersion version) {
        return wrap("model_version", MlflowJson.version(version, true));
    }

    private static String name(Call call) {
        return call.fields().need("name");
    }

    private static long number(Call call) {
        return ModelRules.number(call.fields().need("version"));
    }
}

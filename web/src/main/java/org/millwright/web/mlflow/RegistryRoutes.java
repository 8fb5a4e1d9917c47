package org.millwright.web.mlflow;

import static org.millwright.web.mlflow.MlflowJson.page;
import static org.millwright.web.mlflow.MlflowJson.wrap;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import org.millwright.identity.Resource;
import org.millwright.kernel.Json;
import org.millwright.registry.ModelRules;
import org.millwright.registry.ModelVersion;
import org.millwright.registry.Models;
import org.millwright.registry.NewVersion;
import org.millwright.registry.RegisteredModel;

/** Endpoints of registered models, versions, stages and aliases. */
final class RegistryRoutes {
    private final Models models;
    private final Readers readers;

    RegistryRoutes(Models models, Readers readers) {
        this.models = models;
        this.readers = readers;
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
                call -> wrap("registered_model", MlflowJson.registeredModel(models.get(readable(call)))));
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
                call -> version(models.byAlias(readable(call), call.fields().need("alias"))));
    }

    private void addVersions(Endpoints endpoints) {
        endpoints.add("POST", "model-versions/create", this::createVersion);
        endpoints.add("GET", "model-versions/get", call -> version(models.version(readable(call), number(call))));
        endpoints.add(
                "PATCH",
                "model-versions/update",
                call -> version(models.describeVersion(
                        call.by(), name(call), number(call), call.fields().text("description"))));
        endpoints.add("POST", "model-versions/transition-stage", this::setStage);
        endpoints.act(
                "DELETE", "model-versions/delete", call -> models.deleteVersion(call.by(), name(call), number(call)));
        endpoints.add("GET", "model-versions/search", this::searchVersions);
        endpoints.add(
                "GET",
                "model-versions/get-download-uri",
                call -> Json.object()
                        .put(
                                "artifact_uri",
                                models.version(readable(call), number(call)).location()));
        endpoints.act(
                "POST",
                "model-versions/set-tag",
                call -> models.setVersionTag(
                        call.by(),
                        name(call),
                        number(call),
                        call.fields().need("key"),
                        call.fields().text("value").orElse("")));
        endpoints.act(
                "DELETE",
                "model-versions/delete-tag",
                call -> models.deleteVersionTag(
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
        String filter = fields.text("filter").orElse("");
        List<String> order = fields.texts("order_by");
        var found = readers.page(
                call.by(),
                Resource.Kind.REGISTERED_MODEL,
                fields.count("max_results").orElse(100),
                fields.text("page_token").orElse(""),
                (limit, token) -> models.search(filter, order, limit, token),
                RegisteredModel::name);
        return page("registered_models", found, MlflowJson::registeredModel);
    }

    private JsonNode latest(Call call) {
        var node = Json.object();
        MlflowJson.list(
                node,
                "model_versions",
                models.latest(readable(call), call.fields().texts("stages")),
                version -> MlflowJson.version(version, true));
        return node;
    }

    private JsonNode createVersion(Call call) {
        Fields fields = call.fields();
        return version(models.addVersion(
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
        return version(models.setStage(
                call.by(),
                name(call),
                number(call),
                call.fields().need("stage"),
                call.fields().flag("archive_existing_versions", false)));
    }

    private JsonNode searchVersions(Call call) {
        Fields fields = call.fields();
        String filter = fields.text("filter").orElse("");
        List<String> order = fields.texts("order_by");
        var found = readers.page(
                call.by(),
                Resource.Kind.REGISTERED_MODEL,
                fields.count("max_results").orElse(200_000),
                fields.text("page_token").orElse(""),
                (limit, token) -> models.searchVersions(filter, order, limit, token),
                ModelVersion::name);
        return page("model_versions", found, version -> MlflowJson.version(version, false));
    }

    private static JsonNode version(ModelVersion version) {
        return wrap("model_version", MlflowJson.version(version, true));
    }

    /** The name, when the caller may read what it names. */
    private String readable(Call call) {
        String name = name(call);
        readers.requireModel(call.by(), name);
        return name;
    }

    private static String name(Call call) {
        return call.fields().need("name");
    }

    private static long number(Call call) {
        return ModelRules.number(call.fields().need("version"));
    }
}

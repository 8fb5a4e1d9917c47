package org.millwright.web.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.millwright.governance.Releases;
import org.millwright.identity.Permission;
import org.millwright.identity.Users;
import org.millwright.kernel.Json;
import org.millwright.registry.ModelVersion;
import org.millwright.registry.Models;
import org.millwright.registry.RegisteredModel;
import org.millwright.web.Http;
import org.millwright.web.Routes;

/** Registered models and the evidence of their versions. */
public final class RegistryRoutes implements Routes {
    private static final int MOST = 1_000;

    private final Models models;
    private final Releases releases;
    private final Users users;

    public RegistryRoutes(Models models, Releases releases, Users users) {
        this.models = models;
        this.releases = releases;
        this.users = users;
    }

    @Override
    public void register(HttpRouting.Builder routing) {
        routing.get("/api/1/models", this::list);
        routing.get("/api/1/models/{name}", this::show);
        routing.get("/api/1/models/{name}/versions/{version}", this::version);
    }

    private void list(ServerRequest request, ServerResponse response) {
        var actor = Http.actor(request);
        var all = Json.array();
        models.search("", List.of(), MOST, "").items().stream()
                .filter(model -> users.access().allows(actor, Permission.READ, model.project()))
                .forEach(model -> all.add(summary(model)));
        Http.json(response, Json.object().set("models", all));
    }

    private void show(ServerRequest request, ServerResponse response) {
        RegisteredModel model = readable(request);
        ObjectNode json = summary(model);
        var versions = json.putArray("versions");
        models.versions(model.name()).forEach(version -> versions.add(json(version)));
        Http.json(response, json);
    }

    private void version(ServerRequest request, ServerResponse response) {
        RegisteredModel model = readable(request);
        ModelVersion version = models.version(model.name(), Http.path(request, "version"));
        Http.json(response, json(version));
    }

    private RegisteredModel readable(ServerRequest request) {
        RegisteredModel model = models.get(Http.path(request, "name"));
        if (model.project().isPresent()) {
            users.access()
                    .require(
                            Http.actor(request),
                            Permission.READ,
                            model.project().get());
        } else {
            users.access().require(Http.actor(request), Permission.READ);
        }
        return model;
    }

    private ObjectNode summary(RegisteredModel model) {
        ObjectNode json = Json.object()
                .put("name", model.name())
                .put("project", model.project().orElse(""))
                .put("description", model.description().orElse(""))
                .put("createdAt", model.createdAt())
                .put("updatedAt", model.updatedAt());
        models.versions(model.name()).stream().findFirst().ifPresent(newest -> json.put("latest", newest.version()));
        json.set("aliases", Json.tree(model.aliases()));
        return json;
    }

    private ObjectNode json(ModelVersion version) {
        ObjectNode json = Json.object()
                .put("ref", version.subject())
                .put("name", version.name())
                .put("version", version.version())
                .put("state", version.state().name().toLowerCase(Locale.ROOT))
                .put("run", version.runLink().orElse(""))
                .put("runId", version.runId().orElse(""))
                .put("loggedModel", version.modelId().orElse(""))
                .put("files", version.files())
                .put("madeBy", users.nameOf(version.madeBy()))
                .put("createdAt", version.createdAt());
        json.set("aliases", Json.tree(version.aliases()));
        version.bundle().ifPresent(bundle -> json.set("bundle", Json.tree(bundle)));
        version.handOff().ifPresent(handOff -> json.set("handOff", Json.tree(handOff)));
        version.certificate().ifPresent(certificate -> json.put("certificate", certificate));
        Optional.of(version)
                .flatMap(found -> releases.newest(found.name(), found.version()))
                .ifPresent(release -> json.putObject("release")
                        .put("id", release.id())
                        .put("state", release.state().name().toLowerCase(Locale.ROOT))
                        .put("note", release.note()));
        return json;
    }
}

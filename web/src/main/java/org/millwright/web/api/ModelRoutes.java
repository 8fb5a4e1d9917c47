package org.millwright.web.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.millwright.identity.Actor;
import org.millwright.identity.Users;
import org.millwright.kernel.Json;
import org.millwright.lineage.Certificates;
import org.millwright.lineage.Revoked;
import org.millwright.lineage.RevokedAssets;
import org.millwright.project.Projects;
import org.millwright.registry.ModelVersion;
import org.millwright.registry.Models;
import org.millwright.registry.Narrowings;
import org.millwright.registry.RegisteredModel;
import org.millwright.registry.Versions;
import org.millwright.reproduction.Reproduction;
import org.millwright.reproduction.Reproductions;
import org.millwright.serving.Renewals;
import org.millwright.web.Http;
import org.millwright.web.Routes;

/** Registered models and their versions, with the evidence of each. */
public final class ModelRoutes implements Routes {
    private static final int MOST = 1_000;

    private final Models models;
    private final Versions versions;
    private final Narrowings narrowings;
    private final Renewals renewals;
    private final Certificates certificates;
    private final RevokedAssets revoked;
    private final Projects projects;
    private final Reproductions reproductions;
    private final Users users;

    public ModelRoutes(
            Models models,
            Versions versions,
            Narrowings narrowings,
            Renewals renewals,
            Certificates certificates,
            RevokedAssets revoked,
            Projects projects,
            Reproductions reproductions,
            Users users) {
        this.models = models;
        this.versions = versions;
        this.narrowings = narrowings;
        this.renewals = renewals;
        this.certificates = certificates;
        this.revoked = revoked;
        this.projects = projects;
        this.reproductions = reproductions;
        this.users = users;
    }

    @Override
    public void register(HttpRouting.Builder routing) {
        routing.get("/api/1/models", this::list);
        routing.get("/api/1/models/{name}", this::show);
        routing.get("/api/1/models/{name}/versions/{version}", this::version);
        routing.post("/api/1/models/{name}/versions/{version}/narrow", this::narrow);
        routing.post("/api/1/models/{name}/versions/{version}/certify", this::certify);
        routing.post("/api/1/models/{name}/project", this::adopt);
    }

    private void adopt(ServerRequest request, ServerResponse response) {
        String project = Body.of(request, "project").text("project");
        projects.requireActive(project);
        models.adopt(Http.actor(request), Http.path(request, "name"), project);
        Http.json(response, json(models.get(Http.actor(request), Http.path(request, "name"))));
    }

    private void list(ServerRequest request, ServerResponse response) {
        var all = Json.array();
        models.search(Http.actor(request), "", List.of(), MOST, "").items().forEach(model -> all.add(json(model)));
        Http.json(response, Json.object().set("models", all));
    }

    private void show(ServerRequest request, ServerResponse response) {
        RegisteredModel model = models.get(Http.actor(request), Http.path(request, "name"));
        ObjectNode json = json(model);
        var all = json.putArray("versions");
        versions.all(Http.actor(request), model.name()).forEach(version -> all.add(json(version)));
        Http.json(response, json);
    }

    private void version(ServerRequest request, ServerResponse response) {
        answer(
                request,
                response,
                versions.get(Http.actor(request), Http.path(request, "name"), Http.path(request, "version")));
    }

    private void narrow(ServerRequest request, ServerResponse response) {
        String reason = Body.of(request, "reason").text("reason", "");
        ModelVersion version =
                versions.get(Http.actor(request), Http.path(request, "name"), Http.path(request, "version"));
        answer(request, response, narrowings.accept(Http.actor(request), version.name(), version.version(), reason));
    }

    /** With what came out when it was last made again; where nobody tried, that follows unless it is not wished. */
    private void certify(ServerRequest request, ServerResponse response) {
        boolean reproduce = Body.of(request, "reproduce").flag("reproduce", true);
        Actor actor = Http.actor(request);
        ModelVersion version = versions.get(actor, Http.path(request, "name"), Http.path(request, "version"));
        Optional<Reproduction> latest = reproductions.latest(version.subject());
        Map<String, JsonNode> also = latest.<Map<String, JsonNode>>map(
                        found -> Map.of("reproduction", ReproductionRoutes.json(found, users)))
                .orElse(Map.of());
        answer(
                request,
                response,
                renewals.renew(actor, version.name(), Long.toString(version.version()), also, reproduce));
    }

    private void answer(ServerRequest request, ServerResponse response, ModelVersion version) {
        ObjectNode json = json(version);
        narrowings
                .edges(Http.actor(request), version.name(), version.version())
                .ifPresent(edges -> json.set("edges", edges));
        certificates.validUntil(version.subject()).ifPresent(until -> json.put("validUntil", until.toEpochMilli()));
        List<Revoked> origins = revoked.above(version.subject());
        if (!origins.isEmpty()) {
            json.set("revokedOrigins", Json.tree(origins));
        }
        reproductions
                .latest(version.subject())
                .ifPresentOrElse(
                        latest -> json.set("reproduced", ReproductionRoutes.json(latest, users)),
                        () -> json.put("reproduction", reproductions.outlook(version.subject())));
        Http.json(response, json);
    }

    private static ObjectNode json(RegisteredModel model) {
        ObjectNode json = Json.object()
                .put("name", model.name())
                .put("project", model.project().orElse(""))
                .put("description", model.description().orElse(""))
                .put("createdAt", model.createdAt())
                .put("updatedAt", model.updatedAt());
        model.latest().stream()
                .mapToLong(ModelVersion::version)
                .max()
                .ifPresent(version -> json.put("latest", version));
        json.set("aliases", Json.tree(model.aliases()));
        return json;
    }

    private ObjectNode json(ModelVersion version) {
        ObjectNode json = (ObjectNode) Json.tree(version);
        return json.put("state", version.state().name().toLowerCase(Locale.ROOT))
                .put("ref", version.subject())
                .put("madeBy", users.nameOf(version.madeBy()));
    }
}

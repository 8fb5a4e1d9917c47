package org.millwright.web.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.List;
import org.millwright.factory.Continuing;
import org.millwright.identity.Actor;
import org.millwright.identity.Role;
import org.millwright.identity.Users;
import org.millwright.kernel.Json;
import org.millwright.monitor.Overviews;
import org.millwright.pipeline.PipelineRun;
import org.millwright.project.AgreementVersion;
import org.millwright.project.Agreements;
import org.millwright.web.Http;
import org.millwright.web.Routes;

/** What is agreed about models: propose, accept, refuse, and how production stands with it. */
public final class AgreementRoutes implements Routes {
    private final Agreements agreements;
    private final Overviews overviews;
    private final Continuing continuing;
    private final Users users;

    public AgreementRoutes(Agreements agreements, Overviews overviews, Continuing continuing, Users users) {
        this.agreements = agreements;
        this.overviews = overviews;
        this.continuing = continuing;
        this.users = users;
    }

    @Override
    public void register(HttpRouting.Builder routing) {
        routing.post("/api/1/agreements", this::propose);
        routing.get("/api/1/agreements/{model}", this::show);
        routing.post("/api/1/agreements/{model}/accept", this::accept);
        routing.post("/api/1/agreements/{model}/refuse", this::refuse);
        routing.get("/api/1/agreements/{model}/check", this::check);
        routing.post("/api/1/agreements/{model}/retrain", this::retrain);
    }

    private void propose(ServerRequest request, ServerResponse response) {
        Body body = Body.of(request, "file");
        Http.json(response, Status.CREATED_201, json(agreements.propose(Http.actor(request), body.text("file"))));
    }

    /** Body: {@code digest} of the text that was read, so that no other one is accepted. */
    private void accept(ServerRequest request, ServerResponse response) {
        Body body = Body.of(request, "digest");
        Http.json(
                response,
                json(agreements.accept(Http.actor(request), Http.path(request, "model"), body.find("digest"))));
    }

    private void refuse(ServerRequest request, ServerResponse response) {
        String reason = Body.of(request, "reason").text("reason", "");
        Http.json(response, json(agreements.refuse(Http.actor(request), Http.path(request, "model"), reason)));
    }

    /** All texts, the newest first. */
    private void show(ServerRequest request, ServerResponse response) {
        String model = Http.path(request, "model");
        ArrayNode versions = Json.array();
        agreements.versions(Http.actor(request), model).reversed().forEach(version -> versions.add(json(version)));
        Http.json(response, Json.object().put("model", model).set("versions", versions));
    }

    private void check(ServerRequest request, ServerResponse response) {
        Actor actor = Http.actor(request);
        String model = Http.path(request, "model");
        AgreementVersion inForce = agreements.get(actor, model);
        List<Overviews.Promise> promises = overviews.promises(actor, model);
        ArrayNode clauses = Json.array();
        promises.forEach(
                promise -> clauses.add(MonitorJson.of(promise.standing()).put("deployment", promise.deployment())));
        Http.json(
                response,
                ((ObjectNode) Json.object().put("model", model).set("agreement", json(inForce)))
                        .set("clauses", clauses));
    }

    private void retrain(ServerRequest request, ServerResponse response) {
        String reason = Body.of(request, "reason").text("reason", "");
        PipelineRun run = continuing.retrain(Http.actor(request), Http.path(request, "model"), reason);
        Http.json(
                response,
                Status.CREATED_201,
                Json.object()
                        .put("run", run.id())
                        .put("pipeline", run.pipeline())
                        .put("project", run.project())
                        .set("parameters", Json.tree(run.parameters())));
    }

    private ObjectNode json(AgreementVersion version) {
        ObjectNode json = Json.object()
                .put("ref", version.ref())
                .put("id", version.id())
                .put("model", version.model())
                .put("project", version.project())
                .put("state", version.state().text())
                .put("digest", version.digest())
                .put("proposedBy", users.nameOf(version.proposedBy()))
                .put("proposedAt", version.proposedAt());
        ArrayNode accepted = json.putArray("accepted");
        version.acceptances()
                .forEach(acceptance -> accepted.addObject()
                        .put("role", acceptance.role().text())
                        .put("by", users.nameOf(acceptance.by()))
                        .put("at", acceptance.at()));
        json.put("alone", version.isAcceptedAlone());
        json.set("missing", Json.tree(version.missing().stream().map(Role::text).toList()));
        version.settledBy().ifPresent(by -> json.put("settledBy", users.nameOf(by)));
        version.settledAt().ifPresent(at -> json.put("settledAt", at));
        return json.put("reason", version.reason()).put("text", version.text());
    }
}

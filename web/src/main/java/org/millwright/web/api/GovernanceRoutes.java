package org.millwright.web.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.Locale;
import java.util.Optional;
import org.millwright.approval.Approval;
import org.millwright.approval.Approvals;
import org.millwright.approval.Release;
import org.millwright.approval.Releases;
import org.millwright.certification.Revocations;
import org.millwright.gate.Gates;
import org.millwright.identity.Actor;
import org.millwright.identity.Permission;
import org.millwright.identity.Users;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.lineage.Revoked;
import org.millwright.web.Http;
import org.millwright.web.Routes;

/** Releases, and what gates decided. */
public final class GovernanceRoutes implements Routes {
    private final Approvals approvals;
    private final Gates gates;
    private final Releases releases;
    private final Revocations revocations;
    private final Users users;

    public GovernanceRoutes(Approvals approvals, Gates gates, Releases releases, Revocations revocations, Users users) {
        this.approvals = approvals;
        this.gates = gates;
        this.releases = releases;
        this.revocations = revocations;
        this.users = users;
    }

    @Override
    public void register(HttpRouting.Builder routing) {
        routing.get("/api/1/gates/{id}", this::gate);
        routing.get("/api/1/releases", this::releases);
        routing.post("/api/1/releases", this::release);
        routing.get("/api/1/releases/{id}", this::showRelease);
        routing.post("/api/1/models/{name}/versions/{version}/revoke", this::revoke);
        routing.post("/api/1/revocations", this::revokeAsset);
        routing.get("/api/1/revocations", this::revocations);
    }

    private void gate(ServerRequest request, ServerResponse response) {
        var judgement = gates.find(Http.path(request, "id"))
                .orElseThrow(() -> new Problem.NotFound("No gate decision " + Http.path(request, "id")));
        users.access().require(Http.actor(request), Permission.READ, judgement.project());
        ObjectNode json = (ObjectNode) Json.tree(judgement);
        json.set("document", gates.inputs(judgement));
        Http.json(response, json);
    }

    private void releases(ServerRequest request, ServerResponse response) {
        Actor actor = Http.actor(request);
        var all = Json.array();
        releases.list(Http.query(request, "limit", 50, 1_000)).stream()
                .filter(release -> users.access().allows(actor, Permission.READ, Optional.of(release.project())))
                .forEach(release -> all.add(json(release)));
        Http.json(response, Json.object().set("releases", all));
    }

    private void revoke(ServerRequest request, ServerResponse response) {
        String reason = Body.of(request, "reason").text("reason");
        String version = Http.path(request, "version");
        if (!version.matches("[0-9]{1,9}")) {
            throw new Problem.NotFound("No version '" + version + "' of model " + Http.path(request, "name"));
        }
        Http.json(
                response,
                Json.tree(revocations.revoke(
                        Http.actor(request), Http.path(request, "name"), Long.parseLong(version), reason)));
    }

    private void revokeAsset(ServerRequest request, ServerResponse response) {
        Body body = Body.of(request, "ref", "reason");
        Revoked revoked = revocations.revoke(Http.actor(request), body.text("ref"), body.text("reason"));
        ObjectNode json = json(revoked);
        json.set("models", Json.tree(revocations.marked(revoked.subject())));
        Http.json(response, json);
    }

    private void revocations(ServerRequest request, ServerResponse response) {
        String ref = Http.query(request, "ref")
                .orElseThrow(() -> new Problem.Invalid("ref is missing (expected: ?ref=dataset:NAME@PERIOD/NUMBER)"));
        var all = Json.array();
        revocations.about(Http.actor(request), ref).forEach(revoked -> all.add(json(revoked)));
        Http.json(response, Json.object().set("revocations", all));
    }

    private ObjectNode json(Revoked revoked) {
        return Json.object()
                .put("subject", revoked.subject())
                .put("reason", revoked.reason())
                .put("by", users.nameOf(revoked.by()))
                .put("at", revoked.at());
    }

    private void release(ServerRequest request, ServerResponse response) {
        Body body = Body.of(request, "model", "version", "deployment");
        Release release = releases.request(
                Http.actor(request),
                body.text("model"),
                body.number("version", 0),
                body.text("deployment", ""),
                Json.object());
        Http.json(response, Status.CREATED_201, json(release));
    }

    private void showRelease(ServerRequest request, ServerResponse response) {
        Release release = releases.get(Http.path(request, "id"));
        users.access().require(Http.actor(request), Permission.READ, release.project());
        ObjectNode json = json(release);
        var decisions = json.putArray("approvals");
        approvals.about(release.ref()).forEach(approval -> decisions.add(decided(approval)));
        releases.broken(release)
                .ifPresent(broken -> json.putObject("breakGlass")
                        .put("by", users.nameOf(broken.by()))
                        .put("reason", broken.reason())
                        .put("until", broken.until())
                        .put("state", broken.state().text()));
        Http.json(response, json);
    }

    private ObjectNode decided(Approval approval) {
        ObjectNode json = Json.object()
                .put("state", approval.state().name().toLowerCase(Locale.ROOT))
                .put("requestedBy", users.nameOf(approval.requestedBy()))
                .put("decidedBy", approval.decidedBy().map(users::nameOf).orElse(""))
                .put("reason", approval.reason())
                .put("needed", approval.needed())
                .put("dueAt", approval.expiresAt());
        json.set("digests", Json.tree(approval.digests()));
        json.set("votes", Votes.json(approval, users));
        return json;
    }

    private ObjectNode json(Release release) {
        ObjectNode json = Json.object();
        json.set("wouldNotPass", Json.tree(releases.today(release)));
        return json.put("id", release.id())
                .put("ref", release.ref())
                .put("project", release.project())
                .put("model", release.model())
                .put("version", release.version())
                .put("deployment", release.deployment())
                .put("state", release.state().name().toLowerCase(Locale.ROOT))
                .put("note", release.note())
                .put("requestedBy", users.nameOf(release.requestedBy()))
                .put("requestedAt", release.requestedAt())
                .put("changedAt", release.changedAt());
    }
}

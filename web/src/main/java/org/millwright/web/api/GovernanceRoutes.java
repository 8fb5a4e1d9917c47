package org.millwright.web.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import org.millwright.governance.Approvals;
import org.millwright.governance.Gates;
import org.millwright.identity.Permission;
import org.millwright.identity.Users;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.web.Http;
import org.millwright.web.Routes;

/** The inbox, decisions, and what gates decided. */
public final class GovernanceRoutes implements Routes {
    private final Approvals approvals;
    private final Gates gates;
    private final Users users;

    public GovernanceRoutes(Approvals approvals, Gates gates, Users users) {
        this.approvals = approvals;
        this.gates = gates;
        this.users = users;
    }

    @Override
    public void register(HttpRouting.Builder routing) {
        routing.get("/api/1/inbox", this::inbox);
        routing.post("/api/1/decisions", this::decide);
        routing.get("/api/1/gates/{id}", this::gate);
    }

    private void inbox(ServerRequest request, ServerResponse response) {
        var items = Json.array();
        approvals.inbox(Http.actor(request)).forEach(item -> {
            ObjectNode json = items.addObject()
                    .put("ref", item.ref())
                    .put("project", item.project())
                    .put("title", item.title())
                    .put("requestedBy", users.nameOf(item.requestedBy()))
                    .put("requestedAt", item.requestedAt());
            item.dueAt().ifPresent(due -> json.put("dueAt", due));
            json.set("shown", item.shown());
        });
        Http.json(response, Json.object().set("items", items));
    }

    private void decide(ServerRequest request, ServerResponse response) {
        Body body = Body.of(request, "ref", "granted", "reason");
        var decided = approvals.decide(
                Http.actor(request), body.text("ref"), body.flag("granted", true), body.text("reason", ""));
        Http.json(response, decided);
    }

    private void gate(ServerRequest request, ServerResponse response) {
        var judgement = gates.find(Http.path(request, "id"))
                .orElseThrow(() -> new Problem.NotFound("No gate decision " + Http.path(request, "id")));
        users.access().require(Http.actor(request), Permission.READ, judgement.project());
        ObjectNode json = (ObjectNode) Json.tree(judgement);
        json.set("document", gates.inputs(judgement));
        Http.json(response, json);
    }
}

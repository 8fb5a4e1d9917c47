package org.millwright.web.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.List;
import org.millwright.gate.Decision;
import org.millwright.gate.Decisions;
import org.millwright.identity.Actor;
import org.millwright.identity.GovernedAction;
import org.millwright.identity.Permission;
import org.millwright.identity.Users;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.policy.AppliesTo;
import org.millwright.policy.Policies;
import org.millwright.policy.Policy;
import org.millwright.policy.PolicyVersion;
import org.millwright.web.Http;
import org.millwright.web.Routes;

/** Policies: what is in force, what they decided, and what another one would have. */
public final class PolicyRoutes implements Routes {
    private final Policies policies;
    private final Decisions decisions;
    private final Users users;

    public PolicyRoutes(Policies policies, Decisions decisions, Users users) {
        this.policies = policies;
        this.decisions = decisions;
        this.users = users;
    }

    @Override
    public void register(HttpRouting.Builder routing) {
        routing.get("/api/1/policies", this::list);
        routing.post("/api/1/policies", this::publish);
        routing.post("/api/1/policies/dry-run", this::dryRun);
        routing.get("/api/1/policies/{name}", this::show);
        routing.post("/api/1/policies/{name}/activate", this::activate);
        routing.post("/api/1/policies/{name}/retire", this::retire);
        routing.get("/api/1/gates", this::decisions);
        routing.get("/api/1/gates/{id}/explain", this::explain);
    }

    private Actor reader(ServerRequest request) {
        Actor actor = Http.actor(request);
        users.access().require(actor, Permission.READ);
        return actor;
    }

    private void list(ServerRequest request, ServerResponse response) {
        reader(request);
        ArrayNode all = Json.array();
        policies.list().forEach(listed -> all.add(json(listed)));
        Http.json(response, Json.object().set("policies", all));
    }

    private void show(ServerRequest request, ServerResponse response) {
        reader(request);
        Policies.Listed listed = policies.get(Http.path(request, "name"));
        ObjectNode json = json(listed);
        String inForce = listed.inForce().map(Policy::digest).orElse("");
        ArrayNode versions = json.putArray("all");
        policies.versions(listed.name())
                .forEach(version -> versions.add(
                        json(version).put("inForce", version.digest().equals(inForce))));
        Http.json(response, json);
    }

    /** Body: {@code file}, the text of a policy. */
    private void publish(ServerRequest request, ServerResponse response) {
        Body body = Body.of(request, "file");
        Http.json(response, Status.CREATED_201, json(policies.publish(Http.actor(request), body.text("file"))));
    }

    private void activate(ServerRequest request, ServerResponse response) {
        Body body = Body.of(request, "digest", "reason");
        Http.json(
                response,
                json(policies.activate(
                        Http.actor(request),
                        Http.path(request, "name"),
                        body.text("digest", ""),
                        body.text("reason", ""))));
    }

    private void retire(ServerRequest request, ServerResponse response) {
        Body body = Body.of(request, "reason");
        policies.retire(Http.actor(request), Http.path(request, "name"), body.text("reason", ""));
        Http.json(response, Json.object().put("retired", Http.path(request, "name")));
    }

    /** Body: {@code file}, and {@code since} in milliseconds since the epoch as text. */
    private void dryRun(ServerRequest request, ServerResponse response) {
        Actor actor = reader(request);
        Body body = Body.of(request, "file", "since");
        Policy policy = Policy.parse(body.text("file"));
        ArrayNode tried = Json.array();
        decisions.dryRun(actor, policy, millis(body.text("since", "0"))).forEach(each -> {
            ObjectNode json = tried.addObject()
                    .put("ref", each.ref())
                    .put("basis", each.basis())
                    .put("action", each.action())
                    .put("subject", each.subject())
                    .put("target", each.target())
                    .put("then", each.then())
                    .put("at", each.at())
                    .put("stopped", each.isStopped());
            json.set("missing", findings(each.missing()));
        });
        Http.json(
                response,
                Json.object()
                        .put("policy", policy.name())
                        .put("digest", policy.digest())
                        .set("tried", tried));
    }

    private static long millis(String text) {
        if (!text.matches("[0-9]{1,15}")) {
            throw new Problem.Invalid("since: '" + text + "' (expected: milliseconds since 1970)");
        }
        return Long.parseLong(text);
    }

    private void decisions(ServerRequest request, ServerResponse response) {
        ArrayNode all = Json.array();
        decisions
                .list(Http.actor(request), Http.query(request, "policy"), Http.query(request, "limit", 50, 1_000))
                .forEach(decision -> all.add(json(decision)));
        Http.json(response, Json.object().set("decisions", all));
    }

    private void explain(ServerRequest request, ServerResponse response) {
        Decisions.Explained explained = decisions.explain(Http.actor(request), Http.path(request, "id"));
        ObjectNode json = json(explained.decision());
        json.put("same", explained.isSame());
        json.set("again", findings(explained.again()));
        json.set("document", explained.inputs());
        Http.json(response, json);
    }

    private ObjectNode json(Decision decision) {
        ObjectNode json = Json.object()
                .put("ref", decision.ref())
                .put("action", decision.action().text())
                .put("subject", decision.subject())
                .put("target", decision.target())
                .put("project", decision.project())
                .put("stage", decision.stage())
                .put("by", users.nameOf(decision.actor()))
                .put("outcome", decision.outcome().text())
                .put("inputs", decision.inputs())
                .put("at", decision.decidedAt());
        json.set("policies", Json.tree(decision.policies()));
        json.set("findings", findings(decision.findings()));
        return json;
    }

    private static ArrayNode findings(List<Decision.Finding> findings) {
        ArrayNode all = Json.array();
        findings.forEach(finding -> all.addObject()
                .put("policy", finding.policy())
                .put("requirement", finding.requirement())
                .put("check", finding.check())
                .put("outcome", finding.outcome())
                .put("detail", finding.detail())
                .put("remedy", finding.remedy()));
        return all;
    }

    private ObjectNode json(Policies.Listed listed) {
        ObjectNode json = Json.object()
                .put("name", listed.name())
                .put("ref", Policy.ref(listed.name()))
                .put("builtIn", listed.builtIn())
                .put("versions", listed.versions());
        listed.altered().ifPresent(what -> json.put("altered", what));
        if (listed.activatedAt() > 0) {
            json.put("activatedBy", users.nameOf(listed.activatedBy()))
                    .put("activatedAt", listed.activatedAt())
                    .put("reason", listed.reason());
        }
        listed.inForce().ifPresent(policy -> {
            AppliesTo to = policy.appliesTo();
            json.put("digest", policy.digest())
                    .put("description", policy.description())
                    .put("mode", policy.mode().text())
                    .put("scope", to.everywhere() ? "everywhere" : "named");
            json.set(
                    "actions",
                    Json.tree(
                            to.actions().stream().map(GovernedAction.Kind::text).toList()));
            json.set("stages", Json.tree(to.stages()));
            json.set("riskTiers", Json.tree(to.riskTiers()));
            ArrayNode requirements = json.putArray("requirements");
            policy.requirements()
                    .forEach(requirement -> requirements
                            .addObject()
                            .put("name", requirement.name())
                            .put("check", requirement.check())
                            .put("remedy", requirement.remedy()));
        });
        return json;
    }

    private ObjectNode json(PolicyVersion version) {
        ObjectNode json = Json.object()
                .put("name", version.name())
                .put("digest", version.digest())
                .put("publishedBy", users.nameOf(version.publishedBy()))
                .put("builtIn", version.builtIn())
                .put("text", version.text());
        return version.builtIn() ? json : json.put("publishedAt", version.publishedAt());
    }
}

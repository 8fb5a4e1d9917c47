package org.millwright.web.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import org.millwright.identity.Permission;
import org.millwright.identity.Users;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.project.RolloutPlan;
import org.millwright.project.RolloutReader;
import org.millwright.serving.Counts;
import org.millwright.serving.Deployment;
import org.millwright.serving.Deployments;
import org.millwright.serving.Rollout;
import org.millwright.serving.Scorer;
import org.millwright.web.Http;
import org.millwright.web.Routes;

/** Deployments: what is where, the steps of a roll-out, and the way back. */
public final class DeploymentRoutes implements Routes {
    private final Deployments deployments;
    private final Scorer scorer;
    private final Users users;

    public DeploymentRoutes(Deployments deployments, Scorer scorer, Users users) {
        this.deployments = deployments;
        this.scorer = scorer;
        this.users = users;
    }

    @Override
    public void register(HttpRouting.Builder routing) {
        routing.get("/api/1/deployments", this::list);
        routing.get("/api/1/deployments/{name}", this::show);
        routing.post("/api/1/deployments/{name}/canary", this::canary);
        routing.post("/api/1/deployments/{name}/rollout", this::rollOut);
        routing.post("/api/1/deployments/{name}/promote", this::promote);
        routing.post("/api/1/deployments/{name}/rollback", this::rollBack);
        routing.post("/api/1/deployments/{name}/stop", this::stop);
        routing.post("/api/1/deployments/{name}/resume", this::resume);
    }

    private void list(ServerRequest request, ServerResponse response) {
        var items = Json.array();
        deployments.list().stream()
                .filter(deployment ->
                        users.access().allows(Http.actor(request), Permission.READ, Optional.of(deployment.project())))
                .forEach(deployment -> items.add(json(deployment)));
        Http.json(response, Json.object().set("items", items));
    }

    private void show(ServerRequest request, ServerResponse response) {
        Deployment deployment = deployments.get(Http.path(request, "name"));
        users.access().require(Http.actor(request), Permission.READ, deployment.project());
        ObjectNode json = json(deployment);
        json.set("versions", Json.tree(deployments.versions(deployment.name())));
        deployments.standing(deployment).ifPresent(standing -> json.set("trial", Json.tree(standing)));
        scorer.shadowing(deployment.name())
                .ifPresent(shadow -> json.putObject("shadowing")
                        .put("rows", shadow.rows())
                        .put("meanDifference", shadow.rows() == 0 ? 0 : shadow.mean())
                        .put("largestDifference", shadow.largest())
                        .put("leftOut", shadow.left()));
        ObjectNode traffic = json.putObject("traffic");
        scorer.traffic(deployment.name()).forEach((version, seen) -> traffic.set(version, counts(seen.total())));
        Http.json(response, json);
    }

    private void canary(ServerRequest request, ServerResponse response) {
        Body body = Body.of(request, "percent", "minRequests");
        String name = Http.path(request, "name");
        Http.json(
                response,
                json(deployments.canary(
                        Http.actor(request), name, body.number("percent", 25), body.number("minRequests", 200))));
    }

    private void rollOut(ServerRequest request, ServerResponse response) {
        Body body = Body.of(request, "plan", "at");
        String name = Http.path(request, "name");
        RolloutPlan plan = RolloutReader.parse("plan", body.text("plan"));
        Optional<String> at = body.find("at");
        Deployment changed = at.isEmpty()
                ? deployments.begin(Http.actor(request), name, plan)
                : deployments.schedule(Http.actor(request), name, plan, time(at.get()));
        Http.json(response, json(changed));
    }

    private static long time(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant().toEpochMilli();
        } catch (DateTimeParseException e) {
            throw new Problem.Invalid("Field 'at' is '" + text + "' (expected: a time such as 2026-12-01T08:00Z)");
        }
    }

    private void promote(ServerRequest request, ServerResponse response) {
        Http.json(response, json(deployments.promote(Http.actor(request), Http.path(request, "name"))));
    }

    private void rollBack(ServerRequest request, ServerResponse response) {
        Body body = Body.of(request, "reason");
        Http.json(
                response,
                json(deployments.rollBack(Http.actor(request), Http.path(request, "name"), body.text("reason"))));
    }

    private void stop(ServerRequest request, ServerResponse response) {
        String reason = Body.of(request, "reason").text("reason");
        Http.json(response, json(deployments.stop(Http.actor(request), Http.path(request, "name"), reason)));
    }

    private void resume(ServerRequest request, ServerResponse response) {
        String reason = Body.of(request, "reason").text("reason");
        Http.json(response, json(deployments.resume(Http.actor(request), Http.path(request, "name"), reason)));
    }

    private ObjectNode json(Deployment deployment) {
        ObjectNode json = deployment.toJson().put("stage", deployments.stage(deployment));
        switch (deployment.rollout()) {
            case Rollout.None none -> {}
            case Rollout.Staged staged -> {
                ObjectNode node = json.putObject("staged").put("version", staged.version());
                staged.planned().ifPresent(planned -> node.put("at", planned.at()));
            }
            case Rollout.Trial trial -> trial(json.putObject(trial.isShadow() ? "shadow" : "canary"), trial);
        }
        deployments.validUntil(deployment).ifPresent(until -> json.put("validUntil", until.toEpochMilli()));
        deployment.halt().ifPresent(halt -> json.set("stopped", Json.tree(halt)));
        String fault = deployments.faults().get(deployment.name());
        return fault == null ? json : json.put("fault", fault);
    }

    private static void trial(ObjectNode json, Rollout.Trial trial) {
        json.put("version", trial.version())
                .put("percent", trial.current().percent())
                .put("minRequests", trial.current().minRequests())
                .put("step", trial.step() + 1)
                .put("steps", trial.plan().steps().size())
                .put("since", trial.since())
                .put("byHand", trial.current().byHand());
    }

    private static ObjectNode counts(Counts counts) {
        ObjectNode json = Json.object()
                .put("answered", counts.answered())
                .put("rows", counts.rows())
                .put("refused", counts.refused())
                .put("failed", counts.failed());
        return counts.answered() == 0
                ? json
                : json.put("p50Ms", rounded(counts.latency(0.5))).put("p99Ms", rounded(counts.latency(0.99)));
    }

    /** To microseconds: more the buckets do not know. */
    private static double rounded(double millis) {
        return Math.round(millis * 1000) / 1000.0;
    }
}

package org.millwright.web.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Duration;
import java.util.List;
import org.millwright.identity.Actor;
import org.millwright.identity.Users;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.reproduction.Reproduction;
import org.millwright.reproduction.Reproductions;
import org.millwright.web.Http;
import org.millwright.web.Routes;

/** Model versions made again, and what came out. */
public final class ReproductionRoutes implements Routes {
    private static final int MOST_WAIT = 10_000;

    private final Reproductions reproductions;
    private final Users users;

    public ReproductionRoutes(Reproductions reproductions, Users users) {
        this.reproductions = reproductions;
        this.users = users;
    }

    @Override
    public void register(HttpRouting.Builder routing) {
        routing.get("/api/1/reproductions", this::list);
        routing.post("/api/1/reproductions", this::askServed);
        routing.get("/api/1/reproductions/{id}", this::show);
        routing.post("/api/1/reproductions/{id}/cancel", this::cancel);
        routing.get("/api/1/models/{name}/versions/{version}/reproductions", this::ofVersion);
        routing.post("/api/1/models/{name}/versions/{version}/reproductions", this::ask);
    }

    private void list(ServerRequest request, ServerResponse response) {
        answer(response, reproductions.list(Http.actor(request), Http.query(request, "limit", 50, 1_000)));
    }

    private void ofVersion(ServerRequest request, ServerResponse response) {
        answer(response, reproductions.of(Http.actor(request), Http.path(request, "name"), version(request)));
    }

    private void askServed(ServerRequest request, ServerResponse response) {
        Body.of(request);
        answer(response, reproductions.requestServed(Http.actor(request)));
    }

    private void ask(ServerRequest request, ServerResponse response) {
        Body.of(request);
        Reproduction asked = reproductions.request(Http.actor(request), Http.path(request, "name"), version(request));
        Http.json(response, Status.CREATED_201, json(asked, users));
    }

    private void show(ServerRequest request, ServerResponse response) {
        Actor actor = Http.actor(request);
        String id = Http.path(request, "id");
        int wait = Http.query(request, "wait", 0, MOST_WAIT);
        Reproduction found = reproductions.get(actor, id);
        if (wait > 0 && !found.state().ended()) {
            reproductions.await(id, Duration.ofMillis(wait));
            found = reproductions.get(actor, id);
        }
        ObjectNode json = json(found, users);
        reproductions.progress(id).ifPresent(progress -> json.set("progress", Json.tree(progress)));
        reproductions.waitsFor(found).ifPresent(what -> json.put("waits", what));
        json.set("comparison", reproductions.report(found));
        Http.json(response, json);
    }

    private void cancel(ServerRequest request, ServerResponse response) {
        Body.of(request);
        Http.json(response, json(reproductions.cancel(Http.actor(request), Http.path(request, "id")), users));
    }

    private static long version(ServerRequest request) {
        String version = Http.path(request, "version");
        if (!version.matches("[0-9]{1,9}")) {
            throw new Problem.NotFound("No version '" + version + "' of model " + Http.path(request, "name"));
        }
        return Long.parseLong(version);
    }

    private void answer(ServerResponse response, List<Reproduction> found) {
        var all = Json.array();
        found.forEach(one -> all.add(json(one, users)));
        Http.json(response, Json.object().set("reproductions", all));
    }

    static ObjectNode json(Reproduction found, Users users) {
        ObjectNode json = Json.object()
                .put("id", found.id())
                .put("subject", found.subject())
                .put("project", found.project())
                .put("state", found.state().text())
                .put("cause", found.cause().name())
                .put("reason", found.reason())
                .put("by", users.nameOf(found.askedBy()))
                .put("occasion", found.occasion().text())
                .put("askedAt", found.askedAt());
        found.verdict()
                .ifPresent(verdict -> json.put("verdict", verdict.name()).put("reproduces", verdict.reproduces()));
        found.endedAt().ifPresent(at -> json.put("endedAt", at));
        found.report().ifPresent(report -> json.put("report", report));
        return json;
    }
}

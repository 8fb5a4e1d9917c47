package org.millwright.web.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import org.millwright.environment.Environment;
import org.millwright.environment.Environments;
import org.millwright.environment.Lock;
import org.millwright.identity.Permission;
import org.millwright.identity.Users;
import org.millwright.kernel.Json;
import org.millwright.web.Http;
import org.millwright.web.Routes;

/** Environments: lock requirements, build, look at what is there. */
public final class EnvironmentRoutes implements Routes {
    private final Environments environments;
    private final Users users;

    public EnvironmentRoutes(Environments environments, Users users) {
        this.environments = environments;
        this.users = users;
    }

    @Override
    public void register(HttpRouting.Builder routing) {
        routing.get("/api/1/environments", this::list);
        routing.get("/api/1/environments/{id}", this::show);
        routing.post("/api/1/projects/{name}/environments", this::build);
        routing.post("/api/1/projects/{name}/locks", this::lock);
    }

    private void list(ServerRequest request, ServerResponse response) {
        users.access().require(Http.actor(request), Permission.READ);
        var all = Json.array();
        environments.list().forEach(environment -> all.add(summary(environment)));
        Http.json(response, Json.object().set("environments", all));
    }

    private void show(ServerRequest request, ServerResponse response) {
        users.access().require(Http.actor(request), Permission.READ);
        Environment environment = environments.get(Http.path(request, "id"));
        ObjectNode json = summary(environment);
        json.set("description", environment.description());
        Http.json(response, json);
    }

    private void build(ServerRequest request, ServerResponse response) {
        Body body = Body.of(request, "lock", "python");
        Http.json(
                response,
                summary(environments.ensure(
                        Http.actor(request),
                        Http.path(request, "name"),
                        new Lock(body.text("lock")),
                        body.text("python", "3.11"),
                        progress -> {})));
    }

    private void lock(ServerRequest request, ServerResponse response) {
        Body body = Body.of(request, "requirements", "python");
        Lock lock = environments.lock(
                Http.actor(request),
                Http.path(request, "name"),
                body.text("requirements"),
                body.text("python", "3.11"),
                progress -> {});
        Http.json(
                response,
                Json.object()
                        .put("sha256", lock.sha256())
                        .put("packages", lock.packages())
                        .put("lock", lock.text()));
    }

    private static ObjectNode summary(Environment environment) {
        return Json.object()
                .put("id", environment.id())
                .put("state", environment.state().name().toLowerCase(java.util.Locale.ROOT))
                .put("python", environment.python())
                .put("platform", environment.platform())
                .put("packages", environment.packages())
                .put("lock", environment.lockSha256())
                .put("failure", environment.failure().orElse(""))
                .put("createdAt", environment.createdAt())
                .put("usedAt", environment.usedAt());
    }
}

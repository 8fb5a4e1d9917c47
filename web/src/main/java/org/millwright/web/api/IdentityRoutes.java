package org.millwright.web.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Locale;
import org.millwright.identity.Actor;
import org.millwright.identity.Permission;
import org.millwright.identity.Role;
import org.millwright.identity.User;
import org.millwright.identity.Users;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.web.Http;
import org.millwright.web.Routes;

/** People, machine users, their roles and tokens. */
public final class IdentityRoutes implements Routes {
    private final Users users;

    public IdentityRoutes(Users users) {
        this.users = users;
    }

    @Override
    public void register(HttpRouting.Builder routing) {
        routing.get("/api/1/me", this::me);
        routing.get("/api/1/users", this::list);
        routing.post("/api/1/users", this::add);
        routing.post("/api/1/users/{name}/roles", this::grant);
        routing.delete("/api/1/users/{name}/roles/{role}", this::revoke);
        routing.post("/api/1/users/{name}/erasure", this::forget);
        routing.post("/api/1/users/{name}/tokens", this::token);
        routing.delete("/api/1/users/{name}/tokens/{id}", this::revokeToken);
        routing.post("/api/1/users/{name}/person", this::link);
    }

    private void me(ServerRequest request, ServerResponse response) {
        Actor actor = Http.actor(request);
        ObjectNode json = Json.object()
                .put("id", actor.id())
                .put("name", actor.name())
                .put("kind", actor.kind().name().toLowerCase(Locale.ROOT))
                .put("authenticated", actor.authenticated());
        json.set(
                "roles",
                Json.tree(actor.roles().stream().map(Role::text).sorted().toList()));
        Http.json(response, json);
    }

    private void list(ServerRequest request, ServerResponse response) {
        users.access().require(Http.actor(request), Permission.READ);
        var all = Json.array();
        users.list().forEach(user -> all.add(user(user)));
        Http.json(response, Json.object().set("users", all));
    }

    private void add(ServerRequest request, ServerResponse response) {
        users.access().require(Http.actor(request), Permission.MANAGE_USERS);
        Body body = Body.of(request, "name", "display", "kind", "roles", "password", "owner");
        var roles = new LinkedHashSet<Role>();
        body.texts("roles").forEach(role -> roles.add(users.roles().of(role)));
        User user = users.add(
                Http.actor(request),
                new Users.NewUser(
                        body.text("name"),
                        body.text("display", ""),
                        kind(body.text("kind", "person")),
                        roles,
                        body.find("owner")),
                body.find("password").orElse(null));
        Http.json(response, Status.CREATED_201, user(user));
    }

    private static Actor.Kind kind(String text) {
        return switch (text) {
            case "person" -> Actor.Kind.PERSON;
            case "machine" -> Actor.Kind.MACHINE;
            default -> throw new Problem.Invalid("kind: '" + text + "' (expected: person or machine)");
        };
    }

    /** Removes someone and erases what names them beside the ledger. */
    private void forget(ServerRequest request, ServerResponse response) {
        String name = Http.path(request, "name");
        int texts = users.forget(Http.actor(request), name);
        Http.json(response, Json.object().put("name", name).put("texts", texts));
    }

    private void grant(ServerRequest request, ServerResponse response) {
        users.access().require(Http.actor(request), Permission.MANAGE_USERS);
        Body body = Body.of(request, "role", "project");
        String name = Http.path(request, "name");
        users.grant(Http.actor(request), name, users.roles().of(body.text("role")), body.find("project"));
        Http.json(response, user(users.get(name)));
    }

    private void revoke(ServerRequest request, ServerResponse response) {
        String name = Http.path(request, "name");
        users.revoke(Http.actor(request), name, Role.named(Http.path(request, "role")));
        Http.json(response, user(users.get(name)));
    }

    private void link(ServerRequest request, ServerResponse response) {
        users.access().require(Http.actor(request), Permission.MANAGE_USERS);
        Body body = Body.of(request, "person", "reason");
        String name = Http.path(request, "name");
        User user = body.find("person")
                .map(person -> users.link(Http.actor(request), name, person))
                .orElseGet(() -> users.unlink(Http.actor(request), name, body.text("reason", "")));
        Http.json(response, user(user));
    }

    private void revokeToken(ServerRequest request, ServerResponse response) {
        String id = Http.path(request, "id");
        users.revokeToken(Http.actor(request), Http.path(request, "name"), id);
        Http.json(response, Json.object().put("revoked", id));
    }

    private void token(ServerRequest request, ServerResponse response) {
        Body body = Body.of(request, "label", "days");
        String token = users.issueToken(
                Http.actor(request),
                Http.path(request, "name"),
                body.text("label", "command line"),
                Duration.ofDays(body.number("days", 90)));
        Http.json(response, Status.CREATED_201, Json.object().put("token", token));
    }

    private ObjectNode user(User user) {
        ObjectNode json = Json.object()
                .put("name", user.name())
                .put("display", user.display())
                .put("kind", user.kind().name().toLowerCase(Locale.ROOT))
                .put("id", user.id());
        json.set(
                "roles",
                Json.tree(user.roles().stream().map(Role::text).sorted().toList()));
        user.owner().ifPresent(owner -> json.put("person", users.nameOf(owner)));
        return json.put("createdAt", user.createdAt());
    }
}

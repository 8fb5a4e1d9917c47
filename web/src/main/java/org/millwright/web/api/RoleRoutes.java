package org.millwright.web.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.LinkedHashSet;
import org.millwright.identity.Permission;
import org.millwright.identity.Role;
import org.millwright.identity.Roles;
import org.millwright.identity.Users;
import org.millwright.kernel.Json;
import org.millwright.web.Http;
import org.millwright.web.Routes;

/** The roles that there are, and those that the installation adds. */
public final class RoleRoutes implements Routes {
    private final Users users;

    public RoleRoutes(Users users) {
        this.users = users;
    }

    @Override
    public void register(HttpRouting.Builder routing) {
        routing.get("/api/1/roles", this::list);
        routing.post("/api/1/roles", this::add);
        routing.delete("/api/1/roles/{name}", this::remove);
    }

    private void list(ServerRequest request, ServerResponse response) {
        users.access().require(Http.actor(request), Permission.READ);
        var all = Json.array();
        Role.BUILT_IN.stream()
                .filter(role -> !role.equals(Role.LOCAL_OWNER))
                .forEach(role -> all.add(role(role).put("builtIn", true)));
        users.roles().custom().forEach(custom -> all.add(custom(custom)));
        Http.json(response, Json.object().set("roles", all));
    }

    private void add(ServerRequest request, ServerResponse response) {
        users.access().require(Http.actor(request), Permission.MANAGE_USERS);
        Body body = Body.of(request, "name", "description", "permissions");
        var permissions = new LinkedHashSet<Permission>();
        body.texts("permissions").forEach(text -> permissions.add(Permission.of(text)));
        Roles.Custom added =
                users.roles().add(Http.actor(request), body.text("name"), body.text("description", ""), permissions);
        Http.json(response, Status.CREATED_201, custom(added));
    }

    private void remove(ServerRequest request, ServerResponse response) {
        String name = Http.path(request, "name");
        users.roles().remove(Http.actor(request), name);
        Http.json(response, Json.object().put("name", name).put("removed", true));
    }

    private ObjectNode custom(Roles.Custom custom) {
        return role(custom.role())
                .put("builtIn", false)
                .put("description", custom.description())
                .put("by", users.nameOf(custom.by()))
                .put("at", custom.at());
    }

    private static ObjectNode role(Role role) {
        ObjectNode json = Json.object().put("name", role.text());
        json.set(
                "permissions",
                Json.tree(role.permissions().stream()
                        .map(Permission::text)
                        .sorted()
                        .toList()));
        return json;
    }
}

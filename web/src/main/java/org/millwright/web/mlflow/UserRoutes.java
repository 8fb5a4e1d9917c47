package org.millwright.web.mlflow;

import static org.millwright.web.mlflow.MlflowJson.wrap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.millwright.identity.Actor;
import org.millwright.identity.Grants;
import org.millwright.identity.Level;
import org.millwright.identity.Permission;
import org.millwright.identity.Resource;
import org.millwright.identity.Role;
import org.millwright.identity.User;
import org.millwright.identity.Users;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;

/** Endpoints of users and of what they may do with experiments and registered models. */
final class UserRoutes {
    /** Kinds of MLflow's GenAI part, which its client wants to see. */
    private static final List<String> OTHER_KINDS = List.of(
            "scorer_permissions",
            "gateway_secret_permissions",
            "gateway_endpoint_permissions",
            "gateway_model_definition_permissions");

    private final Users users;
    private final Grants grants;

    UserRoutes(Users users) {
        this.users = users;
        this.grants = users.access().grants();
    }

    void add(Endpoints endpoints) {
        endpoints.add("POST", "users/create", this::create);
        endpoints.add("GET", "users/get", call -> wrap("user", whole(readable(call))));
        endpoints.add("GET", "users/current", this::current);
        endpoints.add("GET", "users/list", this::list);
        endpoints.act(
                "PATCH",
                "users/update-password",
                call -> users.setPassword(
                        call.by(),
                        name(call),
                        call.fields().need("password"),
                        call.fields().text("current_password").orElse("")));
        endpoints.act("PATCH", "users/update-admin", this::setAdmin);
        endpoints.act("DELETE", "users/delete", call -> {
            requireManager(call.by());
            known(call);
            users.remove(call.by(), name(call));
        });
        addPermissions(
                endpoints,
                "experiments/permissions/",
                "experiment_permission",
                "experiment_id",
                Resource.Kind.EXPERIMENT);
        addPermissions(
                endpoints,
                "registered-models/permissions/",
                "registered_model_permission",
                "name",
                Resource.Kind.REGISTERED_MODEL);
    }

    private void addPermissions(Endpoints endpoints, String path, String wrapper, String field, Resource.Kind kind) {
        endpoints.add(
                "POST",
                path + "create",
                call -> wrap(
                        wrapper,
                        json(
                                field,
                                grants.create(
                                        call.by(),
                                        resource(call, field, kind),
                                        user(call, field, kind),
                                        level(call)))));
        endpoints.add(
                "GET",
                path + "get",
                call -> wrap(
                        wrapper,
                        json(field, grants.get(call.by(), resource(call, field, kind), user(call, field, kind)))));
        endpoints.act(
                "PATCH",
                path + "update",
                call -> grants.update(call.by(), resource(call, field, kind), user(call, field, kind), level(call)));
        endpoints.act(
                "DELETE",
                path + "delete",
                call -> grants.delete(call.by(), resource(call, field, kind), user(call, field, kind)));
    }

    /** The user, whom only those learn about who may manage the resource. */
    private User user(Call call, String field, Resource.Kind kind) {
        grants.require(call.by(), resource(call, field, kind), Level.MANAGE);
        return known(call);
    }

    private static Resource resource(Call call, String field, Resource.Kind kind) {
        return new Resource(kind, call.fields().need(field));
    }

    private static Level level(Call call) {
        return Level.of(call.fields().need("permission"));
    }

    private JsonNode create(Call call) {
        requireManager(call.by());
        String name = name(call);
        String password = call.fields().need("password");
        if (users.find(name).isPresent()) {
            throw new Problem.Conflict("User (username=" + name + ") already exists.", "");
        }
        User user = users.add(call.by(), name, "", Actor.Kind.PERSON, Set.of(Role.DATA_SCIENTIST), password);
        return wrap("user", whole(user));
    }

    private JsonNode current(Call call) {
        return wrap(
                "user",
                Json.object()
                        .put("id", call.by().id())
                        .put("username", call.by().name())
                        .put("is_admin", isAdmin(call.by().roles())));
    }

    private JsonNode list(Call call) {
        requireManager(call.by());
        ObjectNode node = Json.object();
        MlflowJson.list(node, "users", users.list(), UserRoutes::head);
        return node;
    }

    private void setAdmin(Call call) {
        requireManager(call.by());
        String name = name(call);
        known(call);
        if (call.fields().flag("is_admin", false)) {
            users.grant(call.by(), name, Role.ADMIN, Optional.empty());
        } else {
            users.revoke(call.by(), name, Role.ADMIN);
        }
    }

    private void requireManager(Actor by) {
        users.access().require(by, Permission.MANAGE_USERS);
    }

    /** The named user, for the user and for administrators. */
    private User readable(Call call) {
        if (!call.by().name().equals(name(call))) {
            requireManager(call.by());
        }
        return known(call);
    }

    private User known(Call call) {
        String name = name(call);
        return users.find(name).orElseThrow(() -> new Problem.NotFound("User with username=" + name + " not found"));
    }

    private static String name(Call call) {
        return call.fields().need("username");
    }

    private ObjectNode whole(User user) {
        ObjectNode node = head(user);
        node.set("experiment_permissions", permissions(user, Resource.Kind.EXPERIMENT, "experiment_id"));
        node.set("registered_model_permissions", permissions(user, Resource.Kind.REGISTERED_MODEL, "name"));
        for (String other : OTHER_KINDS) {
            node.set(other, Json.array());
        }
        return node;
    }

    private ArrayNode permissions(User user, Resource.Kind kind, String field) {
        ArrayNode all = Json.array();
        new TreeMap<>(grants.of(user, kind))
                .forEach((id, level) ->
                        all.add(json(field, new Grants.Grant(new Resource(kind, id), user.id(), level))));
        return all;
    }

    private static ObjectNode json(String field, Grants.Grant grant) {
        ObjectNode node = Json.object()
                .put(field, grant.resource().id())
                .put("user_id", grant.personId())
                .put("permission", grant.level().name());
        return grant.resource().kind() == Resource.Kind.REGISTERED_MODEL ? node.put("workspace", "default") : node;
    }

    private static ObjectNode head(User user) {
        return Json.object().put("id", user.id()).put("username", user.name()).put("is_admin", isAdmin(user.roles()));
    }

    private static boolean isAdmin(Set<Role> roles) {
        return roles.contains(Role.ADMIN) || roles.contains(Role.LOCAL_OWNER);
    }
}

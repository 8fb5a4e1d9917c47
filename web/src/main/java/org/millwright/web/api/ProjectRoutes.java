package org.millwright.web.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.Locale;
import java.util.Optional;
import org.millwright.identity.Access;
import org.millwright.identity.Permission;
import org.millwright.identity.Users;
import org.millwright.kernel.Json;
import org.millwright.project.Project;
import org.millwright.project.ProjectVersion;
import org.millwright.project.Projects;
import org.millwright.web.Http;
import org.millwright.web.Routes;

/** Projects: request, look at, pause, retire; decisions are taken at {@code /api/1/decisions}. */
public final class ProjectRoutes implements Routes {
    private final Projects projects;
    private final Users users;
    private final Access access;

    public ProjectRoutes(Projects projects, Users users) {
        this.projects = projects;
        this.users = users;
        this.access = users.access();
    }

    @Override
    public void register(HttpRouting.Builder routing) {
        routing.get("/api/1/projects", this::list);
        routing.post("/api/1/projects", this::request);
        routing.get("/api/1/projects/{name}", this::show);
        routing.post("/api/1/projects/{name}/state", this::move);
    }

    private void list(ServerRequest request, ServerResponse response) {
        var all = Json.array();
        projects.list().stream()
                .filter(project -> access.allows(Http.actor(request), Permission.READ, Optional.of(project.name())))
                .forEach(project -> all.add(summary(project)));
        Http.json(response, Json.object().set("projects", all));
    }

    private void request(ServerRequest request, ServerResponse response) {
        Body body = Body.of(request, "file");
        Project project = projects.request(Http.actor(request), body.text("file"));
        Http.json(response, Status.CREATED_201, summary(project));
    }

    private void show(ServerRequest request, ServerResponse response) {
        String name = Http.path(request, "name");
        access.require(Http.actor(request), Permission.READ, name);
        ObjectNode json = summary(projects.get(name));
        var versions = json.putArray("versions");
        projects.versions(name).forEach(version -> versions.add(version(version)));
        var members = json.putArray("members");
        users.members(name)
                .forEach(member -> members.addObject()
                        .put("name", member.name())
                        .put("role", member.role().text()));
        Http.json(response, json);
    }

    private void move(ServerRequest request, ServerResponse response) {
        Body body = Body.of(request, "action", "reason");
        String name = Http.path(request, "name");
        var actor = Http.actor(request);
        String reason = body.text("reason", "");
        Project project = switch (body.text("action")) {
            case "pause" -> projects.pause(actor, name, reason);
            case "resume" -> projects.resume(actor, name, reason);
            case "retire" -> projects.retire(actor, name, reason);
            default ->
                throw new org.millwright.kernel.Problem.Invalid(
                        "action: '" + body.text("action") + "' (expected: pause, resume or retire)");
        };
        Http.json(response, summary(project));
    }

    private ObjectNode summary(Project project) {
        ObjectNode json = Json.object()
                .put("name", project.name())
                .put("state", project.state().name().toLowerCase(Locale.ROOT))
                .put("waiting", project.proposed().isPresent());
        projects.file(project.name())
                .or(() -> projects.proposal(project.name()).map(ProjectVersion::file))
                .ifPresent(file -> json.put("purpose", file.purpose())
                        .put("owner", file.owner())
                        .put("riskTier", file.riskTier().text())
                        .put("model", file.model().name()));
        return json.put("file", project.approved().orElse(""))
                .put("reason", project.reason())
                .put("createdAt", project.createdAt())
                .put("changedAt", project.changedAt());
    }

    private ObjectNode version(ProjectVersion version) {
        ObjectNode json = Json.object()
                .put("digest", version.digest())
                .put("state", version.state().name().toLowerCase(Locale.ROOT))
                .put("requestedBy", users.nameOf(version.requestedBy()))
                .put("requestedAt", version.requestedAt());
        version.decidedBy().ifPresent(by -> json.put("decidedBy", users.nameOf(by)));
        version.decidedAt().ifPresent(at -> json.put("decidedAt", at));
        return json.put("reason", version.reason()).put("text", version.text());
    }
}

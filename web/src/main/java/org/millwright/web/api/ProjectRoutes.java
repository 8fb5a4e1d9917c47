package org.millwright.web.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
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
import org.millwright.pipeline.PipelineRuns;
import org.millwright.project.Project;
import org.millwright.project.ProjectMembers;
import org.millwright.project.ProjectNote;
import org.millwright.project.ProjectReviews;
import org.millwright.project.ProjectVersion;
import org.millwright.project.Projects;
import org.millwright.web.Http;
import org.millwright.web.Routes;

/** Projects: request, look at, pause, retire; decisions are taken at {@code /api/1/decisions}. */
public final class ProjectRoutes implements Routes {
    private final Projects projects;
    private final ProjectMembers members;
    private final ProjectReviews reviews;
    private final PipelineRuns runs;
    private final Users users;
    private final Access access;

    public ProjectRoutes(
            Projects projects, ProjectMembers members, ProjectReviews reviews, PipelineRuns runs, Users users) {
        this.projects = projects;
        this.members = members;
        this.reviews = reviews;
        this.runs = runs;
        this.users = users;
        this.access = users.access();
    }

    @Override
    public void register(HttpRouting.Builder routing) {
        routing.get("/api/1/projects", this::list);
        routing.post("/api/1/projects", this::request);
        routing.get("/api/1/projects/{name}", this::show);
        routing.post("/api/1/projects/{name}/state", this::move);
        routing.get("/api/1/intake", this::intake);
        routing.post("/api/1/projects/{name}/send-back", this::sendBack);
        routing.post("/api/1/projects/{name}/questions", this::ask);
        routing.post("/api/1/projects/{name}/answers", this::answer);
        routing.post("/api/1/projects/{name}/reviews", this::review);
        routing.get("/api/1/projects/{name}/members", this::listMembers);
        routing.post("/api/1/projects/{name}/members", this::addMember);
        routing.delete("/api/1/projects/{name}/members/{user}/{role}", this::removeMember);
    }

    private void list(ServerRequest request, ServerResponse response) {
        var all = Json.array();
        projects.list().stream()
                .filter(project -> access.allows(Http.actor(request), Permission.READ, Optional.of(project.name())))
                .forEach(project -> all.add(summary(project)));
        Http.json(response, Json.object().set("projects", all));
    }

    private void request(ServerRequest request, ServerResponse response) {
        access.requireSomewhere(Http.actor(request), Permission.REQUEST_PROJECT);
        Body body = Body.of(request, "file");
        Project project = projects.request(Http.actor(request), body.text("file"));
        Http.json(response, Status.CREATED_201, summary(project));
    }

    private void show(ServerRequest request, ServerResponse response) {
        String name = Http.path(request, "name");
        access.require(Http.actor(request), Permission.READ, name);
        Project project = projects.get(name);
        ObjectNode json = summary(project);
        var versions = json.putArray("versions");
        projects.versions(name).forEach(version -> versions.add(version(version)));
        json.set("members", memberList(name));
        new ProjectJson(projects, reviews, runs, users).addTo(json, project);
        Http.json(response, json);
    }

    private ArrayNode memberList(String name) {
        ArrayNode all = Json.array();
        users.members(name)
                .forEach(member -> all.addObject()
                        .put("name", member.name())
                        .put("role", member.role().text()));
        return all;
    }

    private void intake(ServerRequest request, ServerResponse response) {
        Http.json(response, ProjectJson.questionnaire(projects.questionnaire()));
    }

    private void sendBack(ServerRequest request, ServerResponse response) {
        String name = Http.path(request, "name");
        requireReviewer(request, name);
        String comment = Body.of(request, "comment").text("comment");
        Http.json(response, summary(projects.sendBack(Http.actor(request), name, comment)));
    }

    /** Says no before it looks at the body; the room says who exactly may. */
    private void requireReviewer(ServerRequest request, String name) {
        projects.requireTalk(Http.actor(request), name);
    }

    private void ask(ServerRequest request, ServerResponse response) {
        String name = Http.path(request, "name");
        requireReviewer(request, name);
        ProjectNote note =
                projects.ask(Http.actor(request), name, Body.of(request, "text").text("text"));
        Http.json(response, Status.CREATED_201, ProjectJson.note(note, users));
    }

    private void answer(ServerRequest request, ServerResponse response) {
        String name = Http.path(request, "name");
        requireReviewer(request, name);
        Body body = Body.of(request, "text", "question");
        ProjectNote note = projects.answer(Http.actor(request), name, body.find("question"), body.text("text"));
        Http.json(response, Status.CREATED_201, ProjectJson.note(note, users));
    }

    private void review(ServerRequest request, ServerResponse response) {
        String name = Http.path(request, "name");
        reviews.requireMay(Http.actor(request), name);
        var review = reviews.review(
                Http.actor(request), name, Body.of(request, "note").text("note"));
        Http.json(response, ProjectJson.review(review, users));
    }

    private void listMembers(ServerRequest request, ServerResponse response) {
        String name = Http.path(request, "name");
        members.list(Http.actor(request), name);
        Http.json(response, Json.object().set("members", memberList(name)));
    }

    private void addMember(ServerRequest request, ServerResponse response) {
        String name = Http.path(request, "name");
        members.requireMay(Http.actor(request), name);
        Body body = Body.of(request, "user", "role");
        members.add(Http.actor(request), name, body.text("user"), body.text("role"));
        Http.json(response, Status.CREATED_201, Json.object().set("members", memberList(name)));
    }

    private void removeMember(ServerRequest request, ServerResponse response) {
        String name = Http.path(request, "name");
        members.remove(Http.actor(request), name, Http.path(request, "user"), Http.path(request, "role"));
        Http.json(response, Json.object().set("members", memberList(name)));
    }

    private void move(ServerRequest request, ServerResponse response) {
        String name = Http.path(request, "name");
        var actor = Http.actor(request);
        access.require(actor, Permission.DEPLOY, name);
        Body body = Body.of(request, "action", "reason");
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
                .put("state", project.stateText())
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
                .put("state", version.state().name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .put("requestedBy", users.nameOf(version.requestedBy()))
                .put("requestedAt", version.requestedAt());
        version.decidedBy().ifPresent(by -> json.put("decidedBy", users.nameOf(by)));
        version.decidedAt().ifPresent(at -> json.put("decidedAt", at));
        return json.put("reason", version.reason()).put("text", version.text());
    }
}

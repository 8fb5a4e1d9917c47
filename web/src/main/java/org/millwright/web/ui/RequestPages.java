package org.millwright.web.ui;

import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.millwright.identity.Actor;
import org.millwright.identity.Permission;
import org.millwright.identity.Users;
import org.millwright.kernel.Problem;
import org.millwright.pipeline.PipelineRuns;
import org.millwright.project.Assessment;
import org.millwright.project.Consent;
import org.millwright.project.Project;
import org.millwright.project.ProjectFile;
import org.millwright.project.ProjectNote;
import org.millwright.project.ProjectReviews;
import org.millwright.project.ProjectVersion;
import org.millwright.project.Projects;
import org.millwright.web.Http;
import org.millwright.web.Routes;

/** A project's request, as it is decided on and printed: what it is for, what its answers mean, what was asked about it. */
public final class RequestPages implements Routes {
    private final Ui ui;
    private final Projects projects;
    private final ProjectReviews reviews;
    private final PipelineRuns runs;
    private final Users users;
    private final Forms forms;
    private final Clock clock;

    public RequestPages(
            Ui ui,
            Projects projects,
            ProjectReviews reviews,
            PipelineRuns runs,
            Users users,
            Forms forms,
            Clock clock) {
        this.ui = ui;
        this.projects = projects;
        this.reviews = reviews;
        this.runs = runs;
        this.users = users;
        this.forms = forms;
        this.clock = clock;
    }

    /**
     * What the page shows of one file.
     *
     * @param deciders who may decide about it now; empty once it is decided
     */
    public record Shown(
            Project project,
            ProjectVersion version,
            ProjectFile file,
            Optional<Assessment> assessment,
            List<Consent> consents,
            List<String> deciders,
            List<ProjectNote> notes,
            Optional<ProjectReviews.Review> review,
            long used) {

        public boolean waits() {
            return version.state() == ProjectVersion.State.PROPOSED;
        }

        /** Questions without an answer. */
        public long open() {
            return notes.stream()
                    .filter(note -> note.kind() == ProjectNote.Kind.QUESTION)
                    .filter(note ->
                            notes.stream().noneMatch(other -> other.question().equals(Optional.of(note.id()))))
                    .count();
        }
    }

    @Override
    public void register(HttpRouting.Builder routing) {
        routing.get("/projects/{name}/request", this::show);
        routing.post("/projects/{name}/request", this::talk);
    }

    private void show(ServerRequest request, ServerResponse response) {
        String name = Http.path(request, "name");
        Actor actor = Http.actor(request);
        users.access().require(actor, Permission.READ, name);
        var model = new HashMap<String, Object>();
        model.put("shown", shown(name));
        model.put("token", forms.token(actor));
        model.put("people", new Names(users));
        model.put("now", clock.millis());
        ui.page(request, response, "project/request.jte", "Request of " + name, "Projects", model);
    }

    private Shown shown(String name) {
        Project project = projects.get(name);
        ProjectVersion version = projects.proposal(name)
                .or(() -> projects.versions(name).stream().reduce((older, newer) -> newer))
                .orElseThrow(() -> new Problem.NotFound("Project " + name + " has no file"));
        ProjectFile file = version.file();
        boolean waits = version.state() == ProjectVersion.State.PROPOSED;
        return new Shown(
                project,
                version,
                file,
                projects.assessment(name, version.digest()),
                projects.consents(name, version.digest()),
                waits ? projects.deciders(version) : List.of(),
                projects.notes(name),
                reviews.of(name),
                runs.computeSeconds(name));
    }

    private void talk(ServerRequest request, ServerResponse response) {
        Actor actor = Http.actor(request);
        String name = Http.path(request, "name");
        projects.requireTalk(actor, name);
        Map<String, String> fields = forms.read(request, actor);
        String text = fields.getOrDefault("text", "");
        switch (fields.getOrDefault("do", "")) {
            case "ask" -> projects.ask(actor, name, text);
            case "answer" -> projects.answer(actor, name, Optional.empty(), text);
            case "send-back" -> projects.sendBack(actor, name, text);
            case "review" -> reviews.review(actor, name, text);
            default -> throw new Problem.Invalid("do: expected ask, answer, send-back or review");
        }
        Ui.redirect(response, "/projects/" + Links.segment(name) + "/request");
    }
}

package org.millwright.web.ui;

import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.millwright.approval.Approvals;
import org.millwright.identity.Permission;
import org.millwright.identity.Users;
import org.millwright.insight.Insights;
import org.millwright.insight.ProjectStory;
import org.millwright.pipeline.PipelineRuns;
import org.millwright.project.ProjectFile;
import org.millwright.project.ProjectReviews;
import org.millwright.project.Projects;
import org.millwright.serving.Deployments;
import org.millwright.web.Http;
import org.millwright.web.Routes;

/** A project: where it stands in a sentence, its line, its runs, decisions, people and agreement. */
public final class ProjectPages implements Routes {
    private static final int RUNS = 30;

    private final Ui ui;
    private final Insights insights;
    private final Projects projects;
    private final PipelineRuns runs;
    private final Approvals approvals;
    private final Deployments deployments;
    private final Watches watches;
    private final ProjectReviews reviews;
    private final Users users;
    private final Clock clock;

    public ProjectPages(
            Ui ui,
            Insights insights,
            Projects projects,
            PipelineRuns runs,
            Approvals approvals,
            Deployments deployments,
            Watches watches,
            ProjectReviews reviews,
            Users users,
            Clock clock) {
        this.ui = ui;
        this.insights = insights;
        this.projects = projects;
        this.runs = runs;
        this.approvals = approvals;
        this.deployments = deployments;
        this.watches = watches;
        this.reviews = reviews;
        this.users = users;
        this.clock = clock;
    }

    @Override
    public void register(HttpRouting.Builder routing) {
        routing.get("/projects/{name}", this::show);
        routing.get("/projects/{name}/line", this::line);
    }

    private void show(ServerRequest request, ServerResponse response) {
        String name = Http.path(request, "name");
        users.access().require(Http.actor(request), Permission.READ, name);
        ProjectStory story = insights.story(name);
        Optional<ProjectFile> file =
                projects.file(name).or(() -> projects.proposal(name).map(org.millwright.project.ProjectVersion::file));
        var model = new HashMap<String, Object>();
        model.put("story", story);
        model.put("file", file);
        model.put("runs", runs.list(Optional.of(name), Optional.empty(), RUNS));
        model.put("decisions", approvals.ofProject(name));
        model.put("versions", projects.versions(name).reversed());
        model.put("members", users.members(name));
        model.put("review", reviews.of(name));
        model.put("used", runs.computeSeconds(name));
        model.put("assessment", file.flatMap(found -> projects.assessment(name, found.digest())));
        model.put("people", new Names(users));
        model.put(
                "agreed",
                watches.agreed(
                        Http.actor(request),
                        name,
                        file.map(found -> found.model().name()).orElse(name)));
        model.put(
                "watch",
                deployments.list().stream()
                        .filter(deployment -> deployment.project().equals(name))
                        .findFirst()
                        .flatMap(deployment -> watches.of(Http.actor(request), deployment.name())));
        model.put("now", clock.millis());
        ui.page(request, response, "project/show.jte", name, "Projects", model);
    }

    private void line(ServerRequest request, ServerResponse response) {
        String name = Http.path(request, "name");
        users.access().require(Http.actor(request), Permission.READ, name);
        ui.part(response, "project/line.jte", Map.of("story", insights.story(name), "now", clock.millis()));
    }
}

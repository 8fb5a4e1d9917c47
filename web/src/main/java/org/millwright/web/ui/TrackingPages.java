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
import org.millwright.identity.Level;
import org.millwright.identity.Permission;
import org.millwright.identity.Resource;
import org.millwright.identity.Users;
import org.millwright.kernel.Problem;
import org.millwright.tracking.Experiment;
import org.millwright.tracking.Experiments;
import org.millwright.tracking.LoggedModels;
import org.millwright.tracking.Run;
import org.millwright.tracking.RunStatus;
import org.millwright.tracking.Runs;
import org.millwright.tracking.View;
import org.millwright.web.Http;
import org.millwright.web.Routes;

/** One run that an MLflow client logged: how well it did, what it was given, what came out. */
public final class TrackingPages implements Routes {
    private static final int CHILDREN = 100;
    private static final String PARENT = "mlflow.parentRunId";

    private final Ui ui;
    private final Experiments experiments;
    private final Runs runs;
    private final LoggedModels models;
    private final RunMetrics metrics;
    private final Released released;
    private final FileTree files;
    private final Users users;
    private final Forms forms;
    private final Clock clock;

    public TrackingPages(
            Ui ui,
            Experiments experiments,
            Runs runs,
            LoggedModels models,
            RunMetrics metrics,
            Released released,
            FileTree files,
            Users users,
            Forms forms,
            Clock clock) {
        this.ui = ui;
        this.experiments = experiments;
        this.runs = runs;
        this.models = models;
        this.metrics = metrics;
        this.released = released;
        this.files = files;
        this.users = users;
        this.forms = forms;
        this.clock = clock;
    }

    @Override
    public void register(HttpRouting.Builder routing) {
        routing.get("/experiments/{experiment}/runs/{id}", this::show);
        routing.get("/experiments/{experiment}/runs/{id}/metrics", this::metrics);
        routing.get("/experiments/{experiment}/runs/{id}/metric", this::metric);
        routing.post("/experiments/{experiment}/runs/{id}/note", this::note);
        routing.post("/experiments/{experiment}/runs/{id}/restore", this::restore);
    }

    /** Leads from a run's id alone to its page. */
    void lead(ServerRequest request, ServerResponse response, String id) {
        Run run = runs.find(id)
                .orElseThrow(() -> new Problem.NotFound(
                        "No run has the id " + id, "See all pipeline runs on /runs, all others on /experiments."));
        require(users, request, run);
        Ui.redirect(response, Links.run(run));
    }

    private void show(ServerRequest request, ServerResponse response) {
        Run run = require(request);
        if (!run.experimentId().equals(Http.path(request, "experiment"))) {
            Ui.redirect(response, Links.run(run));
            return;
        }
        show(request, response, run, "", run.tags().getOrDefault(ExperimentPages.NOTE, ""));
    }

    private void show(ServerRequest request, ServerResponse response, Run run, String refused, String note) {
        Experiment experiment = experiments.get(run.experimentId());
        boolean others = seesOthers(request, run);
        var model = new HashMap<>(live(experiment, run, others));
        model.put(
                "versions", released.of(Http.actor(request), List.of(run.id())).getOrDefault(run.id(), List.of()));
        model.put("models", models.ofRun(run.id()));
        model.put("files", files.tree(run.artifactUri(), ""));
        model.put("total", files.total(run.artifactUri()));
        model.put("parent", Optional.ofNullable(run.tags().get(PARENT)).flatMap(runs::find));
        model.put("children", others ? children(run) : List.of());
        model.put("note", note);
        model.put("refused", refused);
        model.put("token", forms.token(Http.actor(request)));
        ui.page(request, response, "experiment/run.jte", run.name(), "Experiments", model);
    }

    private List<Run> children(Run run) {
        return runs.search(List.of(run.experimentId()), View.ACTIVE_ONLY, inside(run), List.of(), CHILDREN, "")
                .items();
    }

    private static String inside(Run run) {
        return "tags.`" + PARENT + "` = '" + run.id() + "'";
    }

    /** Where the runs inside a run are compared. */
    public static String childrenPage(Run run) {
        return "/experiments/" + Links.segment(run.experimentId()) + "/compare"
                + new Query().add("filter", inside(run)).text();
    }

    private Map<String, Object> live(Experiment experiment, Run run, boolean others) {
        List<RunMetrics.Row> rows = metrics.rows(experiment, run, others);
        return Map.of(
                "run",
                run,
                "experiment",
                experiment,
                "metrics",
                rows,
                "lead",
                metrics.lead(experiment, rows),
                "running",
                run.status() == RunStatus.RUNNING && !run.deleted(),
                "now",
                clock.millis());
    }

    /** State and metrics alone, for a page that watches a run. */
    private void metrics(ServerRequest request, ServerResponse response) {
        Run run = require(request);
        ui.part(
                response,
                "experiment/metrics.jte",
                live(experiments.get(run.experimentId()), run, seesOthers(request, run)));
    }

    /** One metric's row, drawn however long its history is. */
    private void metric(ServerRequest request, ServerResponse response) {
        Run run = require(request);
        String key = Http.query(request, "key").orElse("");
        RunMetrics.Row row = metrics.row(experiments.get(run.experimentId()), run, key, seesOthers(request, run))
                .orElseThrow(() -> new Problem.NotFound("The run has no metric " + key));
        ui.part(response, "experiment/metric.jte", Map.of("run", run, "row", row, "running", false));
    }

    private void note(ServerRequest request, ServerResponse response) {
        Run run = require(request);
        Actor actor = Http.actor(request);
        String text = forms.read(request, actor).getOrDefault("note", "").strip();
        try {
            if (!text.isEmpty()) {
                runs.setTag(actor, run.id(), ExperimentPages.NOTE, text);
            } else if (run.tags().containsKey(ExperimentPages.NOTE)) {
                runs.deleteTag(actor, run.id(), ExperimentPages.NOTE);
            }
        } catch (Problem.Invalid e) {
            show(request, response, run, String.valueOf(e.getMessage()), text);
            return;
        }
        Ui.redirect(response, Links.run(run) + "#notes");
    }

    private void restore(ServerRequest request, ServerResponse response) {
        Run run = require(request);
        Actor actor = Http.actor(request);
        forms.read(request, actor);
        runs.restore(actor, run.id());
        Ui.redirect(response, Links.run(run));
    }

    /** The page of the step that a tag {@code run/step} names. */
    public static String stepPage(String tag) {
        int slash = tag.indexOf('/');
        return slash < 0
                ? "/runs/" + Links.segment(tag)
                : "/runs/" + Links.segment(tag.substring(0, slash)) + "/steps/"
                        + Links.segment(tag.substring(slash + 1));
    }

    private Run require(ServerRequest request) {
        Run run = runs.get(Http.path(request, "id"));
        require(users, request, run);
        return run;
    }

    /** Refuses whoever may not read the run. */
    static void require(Users users, ServerRequest request, Run run) {
        run.project()
                .ifPresentOrElse(
                        project -> users.access().require(Http.actor(request), Permission.READ, project),
                        () -> requireExperiment(users, request, run.experimentId()));
    }

    /** Refuses whoever may not read an experiment. */
    static void requireExperiment(Users users, ServerRequest request, String id) {
        users.access().require(Http.actor(request), Permission.READ);
        users.access().grants().require(Http.actor(request), Resource.experiment(id), Level.READ);
    }

    /** Whether the caller, who may read a run, may read the other runs of its experiment as well. */
    private boolean seesOthers(ServerRequest request, Run run) {
        Actor actor = Http.actor(request);
        return users.access().allows(actor, Permission.READ, Optional.empty())
                && users.access()
                        .grants()
                        .level(actor, Resource.experiment(run.experimentId()))
                        .allows(Level.READ);
    }
}

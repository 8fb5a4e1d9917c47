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
            Forms forms,
            Clock clock) {
        this.ui = ui;
        this.experiments = experiments;
        this.runs = runs;
        this.models = models;
        this.metrics = metrics;
        this.released = released;
        this.files = files;
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
        Run run = runs.find(Http.actor(request), id)
                .orElseThrow(() -> new Problem.NotFound(
                        "No run has the id " + id, "See all pipeline runs on /runs, all others on /experiments."));
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
        Actor actor = Http.actor(request);
        var model = new HashMap<>(live(actor, run));
        model.put("versions", released.of(actor, List.of(run.id())).getOrDefault(run.id(), List.of()));
        model.put("models", models.ofRun(actor, run.id()));
        model.put("files", files.tree(actor, run.artifactUri(), ""));
        model.put("total", files.total(actor, run.artifactUri()));
        model.put("parent", Optional.ofNullable(run.tags().get(PARENT)).flatMap(id -> runs.find(actor, id)));
        model.put("children", children(actor, run));
        model.put("note", note);
        model.put("refused", refused);
        model.put("token", forms.token(actor));
        ui.page(request, response, "experiment/run.jte", run.name(), "Experiments", model);
    }

    private List<Run> children(Actor by, Run run) {
        return runs.search(by, List.of(run.experimentId()), View.ACTIVE_ONLY, inside(run), List.of(), CHILDREN, "")
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

    private Map<String, Object> live(Actor by, Run run) {
        Experiment experiment = experiments.of(by, run);
        List<RunMetrics.Row> rows = metrics.rows(by, experiment, run, seesOthers(by, run));
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
        ui.part(response, "experiment/metrics.jte", live(Http.actor(request), run));
    }

    /** One metric's row, drawn however long its history is. */
    private void metric(ServerRequest request, ServerResponse response) {
        Run run = require(request);
        String key = Http.query(request, "key").orElse("");
        Actor actor = Http.actor(request);
        RunMetrics.Row row = metrics.row(actor, experiments.of(actor, run), run, key, seesOthers(actor, run))
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
        return runs.get(Http.actor(request), Http.path(request, "id"));
    }

    /** Whether the caller, who may read a run, may read the other runs of its experiment as well. */
    private boolean seesOthers(Actor by, Run run) {
        return experiments.mayRead(by, run.experimentId());
    }
}

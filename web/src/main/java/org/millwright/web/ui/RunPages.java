package org.millwright.web.ui;

import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.millwright.identity.Permission;
import org.millwright.identity.Users;
import org.millwright.kernel.Problem;
import org.millwright.lineage.Certificates;
import org.millwright.pipeline.LogLine;
import org.millwright.pipeline.Output;
import org.millwright.pipeline.Pipeline;
import org.millwright.pipeline.PipelineRun;
import org.millwright.pipeline.PipelineRuns;
import org.millwright.pipeline.Step;
import org.millwright.pipeline.StepAttempt;
import org.millwright.pipeline.StepStatus;
import org.millwright.reproduction.Reproduction;
import org.millwright.reproduction.Reproductions;
import org.millwright.web.Http;
import org.millwright.web.Routes;

/** Runs of pipelines: their steps, what came out, why each ran or did not, and the end of its log. */
public final class RunPages implements Routes {
    private static final int LIST = 100;
    private static final int TAIL = 30;
    private static final int LOG = 500;

    private final Ui ui;
    private final PipelineRuns runs;
    private final TrackingPages tracking;
    private final Reproductions reproductions;
    private final Certificates certificates;
    private final Users users;
    private final Clock clock;

    public RunPages(
            Ui ui,
            PipelineRuns runs,
            TrackingPages tracking,
            Reproductions reproductions,
            Certificates certificates,
            Users users,
            Clock clock) {
        this.ui = ui;
        this.runs = runs;
        this.tracking = tracking;
        this.reproductions = reproductions;
        this.certificates = certificates;
        this.users = users;
        this.clock = clock;
    }

    /**
     * A step of a run as shown.
     *
     * @param took milliseconds so far, -1 before it started
     * @param progress what a running step says of itself
     * @param tail last lines of its log, of steps that failed or run
     */
    public record Row(
            String id,
            String kind,
            StepStatus status,
            Optional<StepAttempt> attempt,
            long took,
            Optional<LogLine.Progress> progress,
            List<LogLine> tail,
            List<String> needs) {}

    @Override
    public void register(HttpRouting.Builder routing) {
        routing.get("/runs", this::list);
        routing.get("/runs/{id}", this::show);
        routing.get("/runs/{id}/steps", this::steps);
        routing.get("/runs/{id}/steps/{step}", this::step);
    }

    private void list(ServerRequest request, ServerResponse response) {
        users.access().require(Http.actor(request), Permission.READ);
        Optional<String> project = Http.query(request, "project").filter(text -> !text.isBlank());
        ui.page(
                request,
                response,
                "run/list.jte",
                "Runs",
                "Runs",
                Map.of(
                        "runs",
                        runs.list(project, Optional.empty(), LIST),
                        "project",
                        project.orElse(""),
                        "people",
                        new Names(users),
                        "now",
                        clock.millis()));
    }

    private void show(ServerRequest request, ServerResponse response) {
        String id = Http.path(request, "id");
        Optional<PipelineRun> found = runs.find(id);
        if (found.isEmpty()) {
            tracking.lead(request, response, id);
            return;
        }
        PipelineRun run = found.get();
        users.access().require(Http.actor(request), Permission.READ, run.project());
        Map<String, Object> model = model(run);
        model.put("provable", Provable.of(certificates, run.ref(), run.status().ended() ? "" : "it still runs"));
        ui.page(request, response, "run/show.jte", run.pipeline() + " " + run.id(), "Runs", model);
    }

    private void steps(ServerRequest request, ServerResponse response) {
        PipelineRun run = require(request);
        ui.part(response, "run/steps.jte", model(run));
    }

    private Map<String, Object> model(PipelineRun run) {
        List<Row> rows = rows(run);
        var model = new HashMap<String, Object>();
        model.put("run", run);
        model.put("rows", rows);
        model.put("graph", graph(run, rows));
        model.put("source", runs.source(run));
        model.put("people", new Names(users));
        model.put("now", clock.millis());
        return model;
    }

    private List<Row> rows(PipelineRun run) {
        Pipeline pipeline = runs.pipeline(run);
        Map<String, StepAttempt> newest = runs.newest(run.id());
        long now = clock.millis();
        var rows = new ArrayList<Row>();
        for (Step step : pipeline.steps()) {
            Optional<StepAttempt> attempt = Optional.ofNullable(newest.get(step.id()));
            StepStatus status = attempt.map(StepAttempt::status).orElse(StepStatus.WAITING);
            boolean telling = status == StepStatus.RUNNING || Tones.of(status).equals("bad");
            rows.add(new Row(
                    step.id(),
                    step.kind(),
                    status,
                    attempt,
                    attempt.flatMap(a -> a.startedAt().map(start -> a.endedAt().orElse(now) - start))
                            .orElse(-1L),
                    status == StepStatus.RUNNING ? runs.progress(run.id(), step.id()) : Optional.empty(),
                    telling
                            ? runs.tail(
                                    run.id(), step.id(), attempt.orElseThrow().attempt(), TAIL)
                            : List.of(),
                    step.needs()));
        }
        return rows;
    }

    private static String graph(PipelineRun run, List<Row> rows) {
        var graph = new Graph();
        for (Row row : rows) {
            String result = row.status().text() + (row.took() > 0 ? " · " + Text.duration(row.took()) : "");
            String page = row.attempt().isEmpty() ? "#" + row.id() : "/runs/" + run.id() + "/steps/" + row.id();
            graph.add(new Graph.Node(row.id(), result, Tones.of(row.status()), page, row.needs()));
        }
        return graph.svg();
    }

    private void step(ServerRequest request, ServerResponse response) {
        if (runs.find(Http.path(request, "id")).isEmpty()) {
            reproduced(request, response);
            return;
        }
        PipelineRun run = require(request);
        String id = Http.path(request, "step");
        Step step = runs.pipeline(run).step(id);
        List<StepAttempt> attempts = runs.attempts(run.id()).stream()
                .filter(attempt -> attempt.step().equals(id))
                .toList();
        if (attempts.isEmpty()) {
            Ui.redirect(response, "/runs/" + run.id() + "#" + step.id());
            return;
        }
        StepAttempt attempt = attempts.getLast();
        var model = new HashMap<String, Object>();
        model.put("run", run);
        model.put("step", step);
        model.put("attempt", attempt);
        model.put("earlier", attempts.subList(0, attempts.size() - 1).reversed());
        model.put(
                "explanation",
                attempt.cacheKey().isEmpty() ? Optional.empty() : Optional.of(runs.explain(run.id(), id)));
        model.put("log", runs.tail(run.id(), id, attempt.attempt(), LOG));
        model.put(
                "made",
                attempt.outputs().stream()
                        .map(output -> new Made(output, provable(output)))
                        .toList());
        model.put("now", clock.millis());
        ui.page(request, response, "run/step.jte", id + " of " + run.pipeline(), "Runs", model);
    }

    /** A step that a reproduction does again names that as its run: the page of the version tells of it. */
    private void reproduced(ServerRequest request, ServerResponse response) {
        String id = Http.path(request, "id");
        Reproduction found;
        try {
            found = reproductions.get(Http.actor(request), id);
        } catch (Problem.NotFound e) {
            throw new Problem.NotFound("No run has the id " + id, "See all pipeline runs on /runs.");
        }
        Ui.redirect(response, Links.of(found.subject()) + "#reproduced");
    }

    /** An output of a step; what has a page of its own tells there what vouches for it. */
    public record Made(Output output, Optional<Provable> provable) {}

    private Optional<Provable> provable(Output output) {
        return switch (output.type()) {
            case DIR, FILE, TABLE, JSON -> Optional.of(Provable.of(certificates, "artifact:" + output.digest(), ""));
            case DATASET, MLFLOW_MODEL, MODEL_VERSION, RELEASE -> Optional.empty();
        };
    }

    /** The run of a step attempt's reference {@code run/step/attempt}. */
    public static String runOf(String attempt) {
        int slash = attempt.indexOf('/');
        return slash < 0 ? attempt : attempt.substring(0, slash);
    }

    private PipelineRun require(ServerRequest request) {
        PipelineRun run = runs.get(Http.path(request, "id"));
        users.access().require(Http.actor(request), Permission.READ, run.project());
        return run;
    }
}

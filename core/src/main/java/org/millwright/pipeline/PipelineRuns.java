package org.millwright.pipeline;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.millwright.identity.Actor;
import org.millwright.identity.Permission;
import org.millwright.identity.User;
import org.millwright.identity.Users;
import org.millwright.kernel.Database;
import org.millwright.kernel.Ids;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Ledger;
import org.millwright.lineage.Edges;
import org.millwright.pipeline.RunMachine.Command;
import org.millwright.pipeline.RunMachine.Event;
import org.millwright.project.ProjectFile;
import org.millwright.project.Projects;
import org.millwright.trace.Tracing;

/**
 * Starts, resumes and cancels runs of pipelines, and tells about them.
 *
 * <p>Every step of a run's way is one transaction that moves the stored state by {@link RunMachine} and appends to the
 * ledger; what is to do comes after it. So a server that was killed finds each run where it stood.
 */
public final class PipelineRuns implements AutoCloseable {
    private final Database database;
    private final Ledger ledger;
    private final Users users;
    private final Projects projects;
    private final Sources sources;
    private final Clock clock;
    private final Ids ids;
    private final RunStore store;
    private final RunProgress progress;
    private final Interrupted interrupted;
    private final Definitions definitions;
    private final StepExecutor executor;
    private final Budgets budgets;
    private final RunSpans spans = new RunSpans();
    private final Changes changes = new Changes();

    /**
     * @param folder where steps work and log
     * @param together how many steps may work at the same time
     */
    public PipelineRuns(
            Database database,
            Ledger ledger,
            Users users,
            Projects projects,
            Edges edges,
            Sources sources,
            StepKinds kinds,
            Path folder,
            Clock clock,
            Ids ids,
            int together) {
        this.database = database;
        this.ledger = ledger;
        this.users = users;
        this.projects = projects;
        this.sources = sources;
        this.clock = clock;
        this.ids = ids;
        this.store = new RunStore(database);
        this.budgets = new Budgets(database, store, clock);
        this.progress = new RunProgress(store, ledger, edges, clock);
        this.interrupted = new Interrupted(database, ledger, users, store, kinds, clock);
        this.definitions = new Definitions(sources, kinds);
        this.executor = new StepExecutor(database, store, kinds, folder, clock, together, this::ended, spans);
    }

    /** Where the spans of runs and steps go from now on. */
    public void traceBy(Tracing tracing) {
        spans.traceBy(tracing);
    }

    /**
     * What to run.
     *
     * @param fresh whether outputs of earlier steps may not be reused
     * @param cause reference of what started it, "" for a person
     */
    public record Request(
            String project,
            String pipeline,
            Map<String, String> parameters,
            String sourceId,
            boolean fresh,
            String cause) {}

    /** Starts a run; everything is checked first, so that nothing starts from a malformed file. */
    public PipelineRun start(Actor by, Request request) {
        users.access().require(by, Permission.RUN, request.project());
        ProjectFile project = projects.requireActive(request.project());
        budgets.require(project);
        Definitions.Known known = definitions.get(request.sourceId());
        requireSame(project, known.source());
        Pipeline pipeline = known.file().get(request.pipeline());
        Map<String, String> parameters = pipeline.values(request.parameters());
        var run = new PipelineRun(
                ids.next(),
                project.name(),
                pipeline.name(),
                parameters,
                known.source().id(),
                project.digest(),
                request.fresh(),
                request.cause(),
                RunStatus.RUNNING,
                "",
                by.id(),
                clock.millis(),
                Optional.empty());
        List<Command> commands = database.write(() -> {
            store.insert(run);
            ledger.append(by, "pipeline-run.started", run.subjects(), started(run, known.source()));
            RunState fresh = RunState.fresh(pipeline.graph());
            var decision = RunMachine.apply(fresh, new Event.Begun());
            progress.save(run, pipeline, Optional.empty(), decision.state());
            return progress.finish(run, decision);
        });
        perform(run, commands);
        return run;
    }

    private static ObjectNode started(PipelineRun run, Source source) {
        return Json.object()
                .put("pipeline", run.pipeline())
                .put("source", source.id())
                .put("commit", source.commit())
                .put("dirty", source.dirty())
                .put("projectFile", run.projectFile())
                .put("cause", run.cause())
                .set("parameters", Json.tree(run.parameters()));
    }

    private void requireSame(ProjectFile inForce, Source source) {
        if (!source.project().equals(inForce.name())) {
            throw new Problem.Invalid("Source " + source.id() + " is of project " + source.project());
        }
        ProjectFile sent = ProjectFile.kept(sources.text(source, ProjectFile.FILE));
        if (!sent.digest().equals(inForce.digest())) {
            throw new Problem.Conflict(
                    ProjectFile.FILE + " differs from the one that was approved for " + inForce.name(),
                    "Have the change approved: mw project request, then mw approve project:" + inForce.name());
        }
    }

    /** Goes on with a run that failed, was refused or cancelled; with {@code from}, that step and what follows run again. */
    public PipelineRun resume(Actor by, String id, Optional<String> from) {
        PipelineRun run = get(id);
        users.access().require(by, Permission.RUN, run.project());
        budgets.require(projects.requireActive(run.project()));
        Pipeline pipeline = pipeline(run);
        from.ifPresent(pipeline::step);
        if (!run.status().ended() || run.status() == RunStatus.SUCCEEDED && from.isEmpty()) {
            throw new Problem.Conflict(
                    "Run " + id + " is " + run.status().text() + ": there is nothing to go on with",
                    "mw resume " + id + " --from STEP runs a step and what follows again.");
        }
        happen(run, new Event.Resumed(from), () -> {
            store.setStatus(id, RunStatus.RUNNING, "", null);
            ledger.append(by, "pipeline-run.resumed", run.ref(), Json.object().put("from", from.orElse("")));
        });
        return get(id);
    }

    /** Stops a run and its steps. */
    public PipelineRun cancel(Actor by, String id, String reason) {
        PipelineRun run = get(id);
        users.access().require(by, Permission.RUN, run.project());
        if (run.status().ended()) {
            throw new Problem.Conflict(
                    "Run " + id + " has ended: " + run.status().text(), "mw run show " + id);
        }
        happen(
                run,
                new Event.Cancelled(),
                () -> ledger.append(
                        by, "pipeline-run.cancelled", run.ref(), Json.object().put("reason", reason)));
        return get(id);
    }

    /** Takes up the runs that the last stop of the server interrupted; once, before anything else starts. */
    public int recover() {
        List<PipelineRun> open = interrupted.runs();
        for (PipelineRun run : open) {
            for (StepAttempt attempt : interrupted.attempts(run)) {
                interrupted.release(attempt);
                happen(run, new Event.Lost(attempt.step(), attempt.attempt()), () -> interrupted.note(run, attempt));
            }
        }
        return open.size();
    }

    /** An attempt came to its end: called by the executor, on the attempt's thread. */
    private void ended(StepContext context, StepExecutor.Ending ending) {
        PipelineRun run = context.run();
        String step = context.step().id();
        int attempt = context.attempt();
        Event event = switch (ending) {
            case StepExecutor.Ending.Made made -> new Event.Succeeded(step, attempt, false);
            case StepExecutor.Ending.Reused reused -> new Event.Succeeded(step, attempt, true);
            case StepExecutor.Ending.Broke broke -> new Event.Failed(step, attempt, broke.refused());
        };
        happen(run, event, () -> progress.ended(context, ending));
    }

    /** Moves the stored run by the event; {@code alongside} is written with it unless the event came too late. */
    private void happen(PipelineRun run, Event event, Runnable alongside) {
        Pipeline pipeline = pipeline(run);
        List<Command> commands = database.write(() -> {
            PipelineRun now = store.lock(run.id()).orElseThrow();
            RunState before = progress.state(now, pipeline);
            var decision = RunMachine.apply(before, event);
            if (decision.state().equals(before)) {
                return List.<Command>of();
            }
            alongside.run();
            progress.save(run, pipeline, Optional.of(before), decision.state());
            return progress.finish(run, decision);
        });
        perform(run, commands);
    }

    private void perform(PipelineRun run, List<Command> commands) {
        changes.note(run.id());
        for (Command command : commands) {
            switch (command) {
                case Command.Start start -> {
                    Definitions.Known known = definitions.get(run.sourceId());
                    ProjectFile project = projects.file(run.project(), run.projectFile());
                    executor.start(run, actor(run), project, known, start.step(), start.attempt());
                }
                case Command.Stop stop -> executor.stop(run.id(), stop.step());
                case Command.Finish finish -> {
                    spans.ended(run, finish.status());
                    executor.forget(run.id());
                    changes.forget(run.id());
                }
            }
        }
    }

    /** Who the run works for, with the roles that they have now. */
    private Actor actor(PipelineRun run) {
        return actor(run.startedBy());
    }

    /** Who has the id, with the roles that they have now. */
    public Actor actor(String id) {
        if (id.equals(Actor.LOCAL.id())) {
            return Actor.LOCAL;
        }
        if (id.equals(Actor.SYSTEM.id())) {
            return Actor.SYSTEM;
        }
        User user = users.get(users.nameOf(id));
        return new Actor(user.id(), user.name(), user.kind(), true, user.roles(), Optional.empty());
    }

    /** What each run of every project took of the machine, by ended steps. */
    public List<Spent> spent() {
        return database.read(store::spent);
    }

    public Optional<PipelineRun> find(String id) {
        return database.read(() -> store.find(id));
    }

    public PipelineRun get(String id) {
        return find(id).orElseThrow(() -> new Problem.NotFound("No run " + id, "mw run list"));
    }

    /** Seconds that steps of the project worked in this calendar month (UTC), which its budget limits. */
    public long computeSeconds(String project) {
        return budgets.used(project);
    }

    /** How often the run has moved in this process; 0 once it has ended. */
    public int moves(String id) {
        return changes.count(id);
    }

    /** Waits until the run has moved since that count, at most for the time. */
    public void awaitMove(String id, int seen, Duration atMost) {
        changes.await(id, seen, atMost);
    }

    /** How many there are in each state; none is not told. */
    public Map<RunStatus, Integer> counts() {
        return database.read(store::counts);
    }

    /** Newest runs first. */
    public List<PipelineRun> list(Optional<String> project, Optional<String> pipeline, int limit) {
        return database.read(() -> store.list(project, pipeline, limit));
    }

    /** The run that a cause started in a project, if it did. */
    public Optional<PipelineRun> byCause(String project, String cause) {
        return database.read(() -> store.byCause(project, cause));
    }

    /** Every attempt of every step, in the order of the pipeline. */
    public List<StepAttempt> attempts(String runId) {
        return database.read(() -> store.attempts(runId));
    }

    /** The newest attempt of each step, by step. */
    public Map<String, StepAttempt> newest(String runId) {
        return database.read(() -> store.newest(runId));
    }

    /** The pipeline as it was when the run began. */
    public Pipeline pipeline(PipelineRun run) {
        return definitions.get(run.sourceId()).file().get(run.pipeline());
    }

    public Source source(PipelineRun run) {
        return sources.get(run.sourceId());
    }

    /** Checks a kept source's pipelines; {@link Problem.Invalid} names every mistake. */
    public PipelineFile check(String sourceId) {
        return definitions.get(sourceId).file();
    }

    /** How far a running step says it is. */
    public Optional<LogLine.Progress> progress(String runId, String step) {
        return executor.progress(runId, step);
    }

    /** Lines of an attempt's log from a byte offset on. */
    public StepLog.Part log(String runId, String step, int attempt, long offset) {
        pipeline(get(runId)).step(step);
        return StepLog.read(executor.logFile(runId, step, attempt), offset, 512 * 1024);
    }

    /** The stored file of an output that is one file, as its step's newest attempt left it. */
    public Path file(String runId, String step, String output) {
        Output found = Optional.ofNullable(newest(runId).get(step))
                .flatMap(attempt -> attempt.output(output))
                .filter(made -> made.type().isPath())
                .orElseThrow(() -> new Problem.NotFound(
                        "Step " + step + " of run " + runId + " has no file " + output, "mw run show " + runId));
        return sources.trees().single(found.digest());
    }

    /** The last lines of an attempt's log. */
    public List<LogLine> tail(String runId, String step, int attempt, int lines) {
        pipeline(get(runId)).step(step);
        return StepLog.tail(executor.logFile(runId, step, attempt), lines);
    }

    /** Why a step ran, or why it did not; {@link Problem.Conflict} before it has started. */
    public Explanation explain(String runId, String stepId) {
        PipelineRun run = get(runId);
        pipeline(run).step(stepId);
        return database.read(() -> Explanation.of(store, run, stepId));
    }

    /** Stops the steps that work; the next start takes their runs up again. */
    @Override
    public void close() {
        executor.close();
    }
}

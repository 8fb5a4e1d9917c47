package org.millwright.factory;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.millwright.dataset.Datasets;
import org.millwright.dataset.Period;
import org.millwright.identity.Actor;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Entry;
import org.millwright.pipeline.PipelineRun;
import org.millwright.pipeline.PipelineRuns;
import org.millwright.pipeline.Push;
import org.millwright.pipeline.RunStatus;
import org.millwright.pipeline.Sources;
import org.millwright.pipeline.StepStatus;
import org.millwright.project.Agreement;
import org.millwright.project.Project;
import org.millwright.project.ProjectFile;
import org.millwright.project.Projects;
import org.millwright.project.TrainingData;
import org.millwright.retraining.Retraining;
import org.millwright.retraining.Retrainings;
import org.millwright.retraining.Retrainings.Question;
import org.millwright.turn.Turns;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From what an agreement names (a broken clause, a time, new data, labels or files) to training again.
 *
 * <p>The run {@linkplain Repeats repeats} an earlier one. Its cause is the occasion, by which it is found again after a crash,
 * so that one occasion never starts two. The calendar is looked at once a minute by one thread.
 */
public final class Continuing implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Continuing.class);
    private static final Duration TURN = Duration.ofMinutes(1);
    private static final String TRIGGER = "trigger:";
    private static final int LOOKED_AT = 200;
    private final Retrainings retrainings;
    private final PipelineRuns runs;
    private final Sources sources;
    private final Repeats repeats;
    private final Function<String, List<Retraining.Arrived>> data;
    private final Projects projects;
    private final Function<String, Optional<String>> champions;
    private final Clock clock;
    private final Instant watching;
    /** Held by who asks and answers: entries of the ledger and the calendar come from threads of their own. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Turns turns = new Turns("triggers", TURN, this::turn);

    /**
     * Continues what agreements say.
     *
     * @param data what is in the data sets of a project, see {@link #arrived}
     * @param champions the version that a deployment has in production
     */
    public Continuing(
            Retrainings retrainings,
            PipelineRuns runs,
            Sources sources,
            Function<String, List<Retraining.Arrived>> data,
            Projects projects,
            Function<String, Optional<String>> champions,
            Clock clock) {
        this.retrainings = retrainings;
        this.runs = runs;
        this.sources = sources;
        this.repeats = new Repeats(runs, sources, projects);
        this.data = data;
        this.projects = projects;
        this.champions = champions;
        this.clock = clock;
        this.watching = clock.instant();
    }

    /** Names the reactions of this file. */
    public void register(Outbox outbox) {
        outbox.on("window.judged", this::judged)
                .on("alert.raised", this::consider)
                .on("dataset.version-accepted", this::consider)
                .on("source.pushed", this::consider)
                .on("pipeline-run.ended", this::ended);
    }

    /** From now on looks at the calendar by itself. */
    public void start() {
        turns.start();
    }

    /** Looks at every project now. */
    public void turn() {
        for (Project project : projects.list()) {
            if (project.state() == Project.State.ACTIVE) {
                try {
                    consider(project.name());
                } catch (RuntimeException e) {
                    LOG.warn("The triggers of {} cannot be looked at; it will be tried again", project.ref(), e);
                }
            }
        }
    }

    /** A further broken window under an open alert asks the question anew. */
    private void judged(Entry entry) {
        if (entry.details().path("verdict").asText().equals("broken")
                && entry.details().path("leading").asBoolean()) {
            consider(entry);
        }
    }

    private void consider(Entry entry) {
        entry.about("project:").ifPresent(this::consider);
    }

    private void consider(String project) {
        lock.lock();
        try {
            projects.agreement(project).ifPresent(agreement -> {
                for (String deployment : deployments(project)) {
                    while (startsAny(project, deployment, agreement)) {
                        // What was started may be the answer to the other questions, too.
                    }
                }
            });
        } finally {
            lock.unlock();
        }
    }

    private boolean startsAny(String project, String deployment, Agreement agreement) {
        String pipeline = agreement.retrain().map(Agreement.Retrain::pipeline).orElse("");
        List<PipelineRun> known = known(project, pipeline);
        for (Question asked : around(project, deployment, known)) {
            if (starts(asked, known)) {
                return true;
            }
        }
        return false;
    }

    /** Those that answered something; before that the model's own name. */
    private List<String> deployments(String project) {
        List<String> watched = retrainings.deployments(project);
        return watched.isEmpty()
                ? projects.file(project).map(file -> file.model().name()).stream()
                        .toList()
                : watched;
    }

    private List<PipelineRun> known(String project, String pipeline) {
        return pipeline.isEmpty() ? List.of() : runs.list(Optional.of(project), Optional.of(pipeline), LOOKED_AT);
    }

    private List<Question> around(String project, String deployment, List<PipelineRun> known) {
        return retrainings.questions(
                project,
                deployment,
                new Retrainings.Surroundings(
                        champions.apply(deployment),
                        watching,
                        data.apply(project),
                        sources.pushed(project).map(Continuing::arrived),
                        known.stream().map(Continuing::past).toList()));
    }

    private static Retraining.Past past(PipelineRun run) {
        return new Retraining.Past(
                Instant.ofEpochMilli(run.createdAt()),
                run.endedAt().map(Instant::ofEpochMilli),
                !run.cause().isEmpty(),
                run.status() == RunStatus.FAILED);
    }

    /** What data sets of a project took in. */
    public static List<Retraining.Arrived> arrived(Datasets datasets, String project) {
        return datasets.arrivals(project).stream()
                .map(arrival -> new Retraining.Arrived(
                        arrival.dataset(),
                        arrival.ref(),
                        Instant.ofEpochMilli(arrival.createdAt()),
                        Period.end(arrival.period()).map(Instant::toEpochMilli).orElse(0L)))
                .toList();
    }

    private static Retraining.Arrived arrived(Push push) {
        String commit = push.commit().isEmpty() ? "files" : push.commit();
        return new Retraining.Arrived(commit, "push:" + push.sourceId(), Instant.ofEpochMilli(push.at()), 0);
    }

    /** Answers the question; returns whether a run was started for it. */
    private boolean starts(Question asked, List<PipelineRun> known) {
        if (foundAgain(asked, known)) {
            return false;
        }
        return switch (asked.decide()) {
            case Retraining.Decision.Idle idle -> false;
            case Retraining.Decision.Wait wait -> {
                retrainings.decided(
                        Actor.SYSTEM,
                        asked,
                        wait.event(),
                        asked.dataEnd(),
                        wait.code(),
                        wait.reason(),
                        Optional.empty());
                yield false;
            }
            case Retraining.Decision.Train train -> trains(asked, train, known);
        };
    }

    /** A run that was started before a kill, and whose decision was not kept. */
    private boolean foundAgain(Question asked, List<PipelineRun> known) {
        if (asked.alert().isPresent()) {
            String cause = asked.alert().get().ref();
            int decided = asked.asked().map(Retraining.Broken::trained).orElse(0);
            List<PipelineRun> ofAlert =
                    known.stream().filter(run -> run.cause().equals(cause)).toList();
            Optional<PipelineRun> started =
                    ofAlert.size() > decided ? Optional.of(ofAlert.getFirst()) : Optional.empty();
            started.ifPresent(run -> retrainings.decided(
                    Actor.SYSTEM,
                    asked,
                    cause,
                    asked.dataEnd(),
                    Retrainings.TRAIN,
                    "the agreement's rule",
                    Optional.of(run.id())));
            return started.isPresent();
        }
        String prefix = TRIGGER + asked.deployment() + "/";
        known.stream().filter(run -> run.cause().startsWith(prefix)).findFirst().ifPresent(run -> {
            String event = run.cause().substring(prefix.length());
            retrainings.decided(
                    Actor.SYSTEM,
                    asked,
                    event,
                    end(run),
                    Retrainings.TRAIN,
                    "the agreement's rule",
                    Optional.of(run.id()));
        });
        return false;
    }

    private static long end(PipelineRun run) {
        String through = run.parameters().getOrDefault(Repeats.THROUGH, "");
        return Period.end(through).map(Instant::toEpochMilli).orElse(0L);
    }

    private boolean trains(Question asked, Retraining.Decision.Train train, List<PipelineRun> known) {
        String cause = asked.alert().isPresent() ? train.event() : TRIGGER + asked.deployment() + "/" + train.event();
        try {
            Map<String, String> rows = asked.rows(train.dataEnd());
            Optional<PipelineRun> run =
                    repeats.start(Actor.SYSTEM, asked.project(), train.pipeline(), train.dataEnd(), rows, cause, known);
            retrainings.decided(
                    Actor.SYSTEM,
                    asked,
                    train.event(),
                    train.dataEnd(),
                    run.isPresent() ? Retrainings.TRAIN : "no-run",
                    run.isPresent()
                            ? train.reason() + learning(rows)
                            : "Pipeline " + train.pipeline() + " has no run under the approved " + ProjectFile.FILE
                                    + " to repeat on newer data",
                    run.map(PipelineRun::id));
            return run.isPresent();
        } catch (Problem.Conflict | Problem.Invalid | Problem.Denied | Problem.NotFound e) {
            retrainings.decided(
                    Actor.SYSTEM,
                    asked,
                    train.event(),
                    train.dataEnd(),
                    "refused",
                    String.valueOf(e.getMessage()),
                    Optional.empty());
            return false;
        }
    }

    private static String learning(Map<String, String> rows) {
        return rows.isEmpty() ? "" : "; " + TrainingData.text(rows);
    }

    /** Starts the agreed pipeline because a person says so; nothing holds it back but a run that goes on. */
    public PipelineRun retrain(Actor by, String model, String reason) {
        ProjectFile file = projects.ofModel(model)
                .orElseThrow(() -> new Problem.NotFound(
                        "No approved project makes a model named '" + model + "'", "mw model list"));
        Agreement agreement = projects.agreement(file.name())
                .filter(found -> found.retrain().isPresent())
                .orElseThrow(() -> new Problem.Conflict(
                        "Nothing is agreed about training " + model + " again",
                        "mw run PIPELINE starts any pipeline."));
        if (reason.isBlank()) {
            throw new Problem.Invalid("Say why", "mw agreement retrain " + model + " --reason …");
        }
        lock.lock();
        try {
            String pipeline = agreement.retrain().orElseThrow().pipeline();
            List<PipelineRun> known = known(file.name(), pipeline);
            if (known.stream().anyMatch(run -> !run.status().ended())) {
                throw new Problem.Conflict("A run of " + pipeline + " is already running", "mw run list");
            }
            Question asked = around(file.name(), deployments(file.name()).getFirst(), known)
                    .getLast();
            long dataEnd = asked.facts().known();
            Map<String, String> rows = asked.rows(dataEnd);
            PipelineRun run = repeats.start(by, file.name(), pipeline, dataEnd, rows, "", known)
                    .orElseThrow(() -> new Problem.Conflict(
                            "Pipeline " + pipeline + " has no run to repeat", "mw run " + pipeline));
            retrainings.decided(
                    by,
                    asked,
                    "manual@" + clock.instant(),
                    dataEnd,
                    Retrainings.TRAIN,
                    reason + learning(rows),
                    Optional.of(run.id()));
            return run;
        } finally {
            lock.unlock();
        }
    }

    /** Tells of a run that came to nothing although nobody was there to see it, and asks anew what waited for its end. */
    private void ended(Entry entry) {
        Optional<PipelineRun> ended = entry.about("run:").flatMap(runs::find);
        Optional<String> agreed = ended.flatMap(run -> projects.agreement(run.project()))
                .flatMap(Agreement::retrain)
                .map(Agreement.Retrain::pipeline);
        if (ended.isEmpty() || !agreed.equals(Optional.of(ended.get().pipeline()))) {
            return;
        }
        PipelineRun run = ended.get();
        for (String deployment : deployments(run.project())) {
            boolean failed = run.status() == RunStatus.FAILED;
            if (!run.cause().isEmpty() && (failed || isRefusedForGood(run))) {
                String model = projects.file(run.project())
                        .map(file -> file.model().name())
                        .orElse("");
                retrainings.failed(
                        run.project(),
                        model,
                        deployment,
                        champions.apply(deployment).orElse(""),
                        "Training again " + (failed ? "failed" : "came to nothing") + " (" + run.ref() + ", started by "
                                + run.cause() + "): " + run.error());
            } else if (Repeats.COMPLETE.contains(run.status())) {
                retrainings.succeeded(deployment, run.ref() + " came to its end");
            }
        }
        consider(run.project());
    }

    /** Whether something else than a gate said no, such as a contract or a release: nothing goes on before a person does. */
    private boolean isRefusedForGood(PipelineRun run) {
        return run.status() == RunStatus.REFUSED
                && runs.newest(run.id()).values().stream()
                        .anyMatch(step -> step.status() == StepStatus.REFUSED
                                && !step.kind().equals("gate"));
    }

    @Override
    public void close() {
        turns.close();
    }
}

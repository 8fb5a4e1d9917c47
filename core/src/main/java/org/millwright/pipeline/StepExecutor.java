package org.millwright.pipeline;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import org.millwright.identity.Actor;
import org.millwright.kernel.Database;
import org.millwright.kernel.Problem;
import org.millwright.project.ProjectFile;
import org.millwright.scoring.ModelFailure;
import org.millwright.trace.Span;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Works on attempts of steps, a few at a time, each on a virtual thread, and says how each ended. */
final class StepExecutor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StepExecutor.class);

    private final Database database;
    private final RunStore store;
    private final StepKinds kinds;
    private final Path folder;
    private final Clock clock;
    private final Semaphore places;
    private final BiConsumer<StepContext, Ending> ended;
    private final RunSpans spans;
    private final Map<String, Active> active = new ConcurrentHashMap<>();
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("step-timeouts").daemon().factory());
    private volatile boolean stopping;

    StepExecutor(
            Database database,
            RunStore store,
            StepKinds kinds,
            Path folder,
            Clock clock,
            int together,
            BiConsumer<StepContext, Ending> ended,
            RunSpans spans) {
        this.database = database;
        this.store = store;
        this.kinds = kinds;
        this.folder = folder;
        this.clock = clock;
        this.places = new Semaphore(together, true);
        this.ended = ended;
        this.spans = spans;
        timer.setRemoveOnCancelPolicy(true);
    }

    /** How an attempt ended. */
    sealed interface Ending {
        record Made(List<Output> outputs, String summary) implements Ending {}

        record Reused(StepAttempt from) implements Ending {}

        record Broke(boolean refused, String error) implements Ending {}
    }

    /** An attempt that is being worked on. */
    private record Active(StepLog log, Cancellation cancellation, Thread thread) {}

    void start(PipelineRun run, Actor actor, ProjectFile project, Definitions.Known known, String stepId, int attempt) {
        if (stopping) {
            return;
        }
        Pipeline pipeline = known.file().get(run.pipeline());
        kinds.prepare(pipeline.steps().stream().map(Step::kind).toList());
        Step step = pipeline.step(stepId);
        Path attemptFolder = folder(run.id(), stepId, attempt);
        var log = new StepLog(attemptFolder.resolve("log"), clock);
        var cancellation = new Cancellation();
        Map<String, Map<String, Output>> upstream = upstream(run, known, step);
        var context = new StepContext(
                run,
                actor,
                project,
                known.source(),
                step,
                attempt,
                run.parameters(),
                inputs(step, upstream),
                upstream,
                attemptFolder,
                log,
                tracking -> database.write(() -> store.setTracking(run.id(), stepId, attempt, tracking)),
                cancellation);
        Thread thread = Thread.ofVirtual()
                .name("step " + run.id() + "/" + stepId)
                .unstarted(() -> work(context, known.files()));
        active.put(key(run.id(), stepId), new Active(log, cancellation, thread));
        thread.start();
    }

    private Map<String, Map<String, Output>> upstream(PipelineRun run, Definitions.Known known, Step step) {
        Pipeline pipeline = known.file().get(run.pipeline());
        var before = pipeline.graph().upstream(step.id());
        var newest = database.read(() -> store.newest(run.id()));
        var upstream = new LinkedHashMap<String, Map<String, Output>>();
        for (Step earlier : pipeline.steps()) {
            StepAttempt attempt = newest.get(earlier.id());
            if (before.contains(earlier.id()) && attempt != null) {
                var outputs = new LinkedHashMap<String, Output>();
                attempt.outputs().forEach(output -> outputs.put(output.name(), output));
                upstream.put(earlier.id(), outputs);
            }
        }
        return upstream;
    }

    private static Map<String, Output> inputs(Step step, Map<String, Map<String, Output>> upstream) {
        var inputs = new LinkedHashMap<String, Output>();
        step.inputs()
                .forEach((name, reference) -> Optional.ofNullable(upstream.get(reference.step()))
                        .map(outputs -> outputs.get(reference.output()))
                        .ifPresent(output -> inputs.put(name, output)));
        return inputs;
    }

    private void work(StepContext context, Map<String, String> files) {
        var timedOut = new AtomicBoolean();
        var timeout = timer.schedule(
                () -> {
                    timedOut.set(true);
                    context.cancellation().cancel();
                },
                context.step().timeout().toMillis(),
                TimeUnit.MILLISECONDS);
        Ending ending;
        Thread worker = Thread.currentThread();
        try (var listening = context.cancellation().onCancel(worker::interrupt)) {
            ending = traced(context, files);
        } catch (Problem.Refused e) {
            context.log().say("refused: " + e.getMessage());
            ending = new Ending.Broke(true, words(e));
        } catch (Exception | LinkageError | StackOverflowError | OutOfMemoryError e) {
            ending = broke(context, e, timedOut.get());
        }
        timeout.cancel(false);
        Thread.interrupted();
        try {
            if (!stopping) {
                ended.accept(context, ending);
            }
        } catch (RuntimeException e) {
            LOG.error("The end of {} could not be kept; a restart takes it up again", context.ref(), e);
        } finally {
            active.computeIfPresent(
                    key(context.run().id(), context.step().id()),
                    (key, mine) -> mine.log() == context.log() ? null : mine);
            context.log().close();
            if (!(ending instanceof Ending.Broke)) {
                clear(context.folder());
            }
        }
    }

    private Ending traced(StepContext context, Map<String, String> files) throws Exception {
        Span span = spans.step(context);
        return span.around(() -> {
            Ending ending = attempt(context, files);
            span.put("millwright.step.outcome", ending instanceof Ending.Reused ? "reused" : "made");
            return ending;
        });
    }

    private Ending attempt(StepContext context, Map<String, String> files) throws Exception {
        StepRunner runner = kinds.get(context.step().kind());
        CacheKey key = CacheKey.of(context, runner, files);
        PipelineRun run = context.run();
        boolean mayReuse = runner.kind().cacheable() && context.step().cache() && !run.fresh();
        Optional<StepAttempt> made = database.write(() -> {
            store.setKey(run.id(), context.step().id(), context.attempt(), key);
            return mayReuse ? store.made(run.project(), key.digest()) : Optional.<StepAttempt>empty();
        });
        if (made.isPresent()) {
            context.log().say("reused from " + made.get().ref());
            return new Ending.Reused(made.get());
        }
        places.acquire();
        try {
            if (context.cancellation().isCancelled()) {
                return new Ending.Broke(false, "Cancelled before it began");
            }
            StepRunner.Result result = runner.run(context);
            context.log().say(result.summary());
            return new Ending.Made(result.outputs(), result.summary());
        } finally {
            places.release();
        }
    }

    private static Ending broke(StepContext context, Throwable e, boolean timedOut) {
        String error = timedOut
                ? "Timed out after " + context.step().timeout().toSeconds() + " s"
                : e instanceof Problem problem
                        ? words(problem)
                        : e instanceof ModelFailure ? String.valueOf(e.getMessage()) : e.toString();
        if (!(e instanceof Problem)) {
            LOG.warn("{} broke", context.ref(), e);
        }
        context.log().say("failed: " + error);
        return new Ending.Broke(false, error);
    }

    private static String words(Problem problem) {
        return problem.next().isEmpty()
                ? String.valueOf(problem.getMessage())
                : problem.getMessage()
                        + (String.valueOf(problem.getMessage()).matches("(?s).*[.:!?]") ? " " : ". ")
                        + problem.next();
    }

    void stop(String runId, String step) {
        Active found = active.get(key(runId, step));
        if (found != null) {
            found.cancellation().cancel();
        }
    }

    /** The run ended: nothing of it is worked on any more. */
    void forget(String runId) {
        active.forEach((key, attempt) -> {
            if (key.startsWith(runId + "/")) {
                attempt.cancellation().cancel();
            }
        });
    }

    Optional<LogLine.Progress> progress(String runId, String step) {
        return Optional.ofNullable(active.get(key(runId, step)))
                .flatMap(found -> found.log().progress());
    }

    Path logFile(String runId, String step, int attempt) {
        return folder(runId, step, attempt).resolve("log");
    }

    private Path folder(String runId, String step, int attempt) {
        return folder.resolve(runId).resolve(step).resolve(Integer.toString(attempt));
    }

    private static String key(String runId, String step) {
        return runId + "/" + step;
    }

    /** Removes everything but the log. */
    private static void clear(Path folder) {
        try (var files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .filter(file -> !file.equals(folder) && !file.equals(folder.resolve("log")))
                    .forEach(StepExecutor::delete);
        } catch (IOException | UncheckedIOException e) {
            LOG.warn("Could not clear {}: {}", folder, e.getMessage());
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Stops all work and waits for it a little; what was running counts as lost at the next start. */
    @Override
    public void close() {
        stopping = true;
        timer.shutdownNow();
        active.values().forEach(attempt -> attempt.cancellation().cancel());
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);
        for (Active attempt : active.values()) {
            try {
                long left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
                attempt.thread().join(java.time.Duration.ofMillis(Math.max(1, left)));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}

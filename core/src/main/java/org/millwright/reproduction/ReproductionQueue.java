package org.millwright.reproduction;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.millwright.identity.Actor;
import org.millwright.kernel.Database;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Ledger;
import org.millwright.pipeline.Cancellation;
import org.millwright.registry.ModelVersion;
import org.millwright.registry.Versions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Works on what was asked for, the oldest first and one at a time. */
final class ReproductionQueue implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ReproductionQueue.class);
    private static final Duration TURN = Duration.ofMinutes(10);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(10);

    private final Database database;
    private final ReproductionStore store;
    private final Versions versions;
    private final ReproductionBench bench;
    private final ReproductionSettings settings;
    private final Turns turns;
    private final ReproductionRecords records;
    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Thread thread = Thread.ofVirtual().name("reproductions").unstarted(this::loop);
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("reproduction-limit").daemon().factory());
    private @Nullable Active active;
    private long moves;
    private volatile boolean closed;

    /** The one that is worked on. */
    private static final class Active {
        private final String id;
        private final Cancellation cancellation = new Cancellation();
        private volatile Reproductions.Progress progress = new Reproductions.Progress(0, "reading what was recorded");
        private volatile boolean timedOut;

        Active(String id) {
            this.id = id;
        }
    }

    ReproductionQueue(
            Database database,
            Ledger ledger,
            ReproductionStore store,
            Versions versions,
            ReproductionBench bench,
            ReproductionSettings settings,
            Clock clock) {
        this.database = database;
        this.store = store;
        this.versions = versions;
        this.bench = bench;
        this.settings = settings;
        this.turns = new Turns(database, store, bench.rooms(), clock);
        this.records = new ReproductionRecords(database, ledger, store, bench.artifacts(), clock);
        this.clock = clock;
        timer.setRemoveOnCancelPolicy(true);
    }

    ReproductionBench bench() {
        return bench;
    }

    ReproductionSettings settings() {
        return settings;
    }

    Turns turns() {
        return turns;
    }

    void start() {
        delete(bench.folder());
        thread.start();
    }

    void wake() {
        signal(() -> {});
    }

    Optional<Reproductions.Progress> progress(String id) {
        lock.lock();
        try {
            return Optional.ofNullable(active)
                    .filter(working -> working.id.equals(id))
                    .map(working -> working.progress);
        } finally {
            lock.unlock();
        }
    }

    void await(String id, Duration atMost) {
        lock.lock();
        try {
            long seen = moves;
            long left = atMost.toNanos();
            while (left > 0 && moves == seen && !closed && isOpen(id)) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    private boolean isOpen(String id) {
        return database.read(() -> store.get(id))
                .filter(found -> !found.state().ended())
                .isPresent();
    }

    /** Ends one that waits at once; one that is worked on ends itself. */
    void cancel(Actor by, Reproduction found) {
        lock.lock();
        try {
            if (active != null && active.id.equals(found.id())) {
                active.cancellation.cancel();
                return;
            }
        } finally {
            lock.unlock();
        }
        end(by, found, Reproduction.State.CANCELLED, "It was cancelled before it began");
    }

    private void loop() {
        while (!closed) {
            try {
                Optional<Reproduction> next = turns.next();
                if (next.isPresent()) {
                    work(next.get());
                } else {
                    bench.look(settings);
                    idle();
                }
            } catch (RuntimeException e) {
                LOG.warn("Reproducing models failed; it will be tried again", e);
                pause(AFTER_FAILURE);
            }
        }
    }

    private void idle() {
        lock.lock();
        try {
            if (!closed && turns.next().isEmpty()) {
                pause(TURN);
            }
        } finally {
            lock.unlock();
        }
    }

    private void pause(Duration atMost) {
        lock.lock();
        try {
            if (!closed) {
                changed.awaitNanos(atMost.toNanos());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            closed = true;
        } finally {
            lock.unlock();
        }
    }

    private void work(Reproduction waiting) {
        if (waiting.starts() >= Reproductions.MOST_STARTS) {
            forget(waiting);
            String stops = "The server stopped " + waiting.starts() + " times while it ran";
            end(Actor.SYSTEM, waiting, Reproduction.State.FAILED, stops);
            return;
        }
        forget(waiting);
        Reproduction begun = records.begin(waiting);
        var working = new Active(begun.id());
        signal(() -> active = working);
        var limit = timer.schedule(
                () -> {
                    working.timedOut = true;
                    working.cancellation.cancel();
                },
                settings.timeLimit().toMillis(),
                TimeUnit.MILLISECONDS);
        Runnable record = tried(begun, working);
        limit.cancel(false);
        Thread.interrupted();
        // What a stop leaves behind, the next start removes: it must not meet this one at it.
        if (!closed) {
            forget(database.read(() -> store.get(begun.id())).orElse(begun));
            bench.environments().discard(begun.id());
            delete(bench.folder().resolve(begun.id()));
            record.run();
        }
        signal(() -> active = null);
    }

    /** Does the work; returns what is to be recorded of it once it is cleared up. */
    private Runnable tried(Reproduction begun, Active working) {
        Thread worker = Thread.currentThread();
        try (var listening = working.cancellation.onCancel(worker::interrupt)) {
            Attempt.Outcome outcome = attempt(begun, working, bench.folder().resolve(begun.id()));
            return () -> records.done(begun, outcome);
        } catch (CannotRerun e) {
            return () ->
                    records.done(begun, new Attempt.Outcome(Verdict.CANNOT_RERUN, e.why(), said(e), Json.object()));
        } catch (Exception | LinkageError | OutOfMemoryError e) {
            return () -> failed(begun, working, e);
        }
    }

    private Attempt.Outcome attempt(Reproduction begun, Active working, Path folder) throws Exception {
        ModelVersion version = versions.get(Actor.SYSTEM, begun.model(), begun.version());
        Recording recording = Recording.of(version, bench.rooms(), bench.kinds());
        boolean byItself = begun.occasion().isByItself();
        String who = byItself ? recording.run().startedBy() : begun.askedBy();
        Actor actor = bench.rooms().runs().actor(who);
        return new Attempt(
                        begun,
                        recording,
                        bench.tools(clock),
                        actor,
                        folder,
                        working.cancellation,
                        (share, text) -> signal(() -> working.progress = new Reproductions.Progress(share, text)),
                        run -> database.write(() -> store.add(begun.id(), run)))
                .run();
    }

    private void failed(Reproduction begun, Active working, Throwable e) {
        if (working.timedOut) {
            String late = "It took longer than " + ReproductionSettings.text(settings.timeLimit());
            end(Actor.SYSTEM, begun, Reproduction.State.FAILED, late);
        } else if (working.cancellation.isCancelled()) {
            end(Actor.SYSTEM, begun, Reproduction.State.CANCELLED, "It was cancelled");
        } else {
            if (!(e instanceof Problem)) {
                LOG.warn("{} broke", begun.ref(), e);
            }
            end(Actor.SYSTEM, begun, Reproduction.State.FAILED, said(e));
        }
    }

    private static String said(Throwable e) {
        return e instanceof CannotRerun || e instanceof Problem ? String.valueOf(e.getMessage()) : e.toString();
    }

    private void end(Actor by, Reproduction open, Reproduction.State state, String reason) {
        records.end(by, open, state, reason);
        signal(() -> {});
    }

    /** What its steps logged is nobody's result. */
    private void forget(Reproduction of) {
        for (String run : of.runs()) {
            try {
                bench.workbench().forget(run);
            } catch (RuntimeException e) {
                LOG.warn("MLflow run {} of {} could not be taken from view", run, of.ref(), e);
            }
        }
    }

    private void signal(Runnable change) {
        lock.lock();
        try {
            change.run();
            moves++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private static void delete(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | UncheckedIOException e) {
            LOG.warn("Could not clear {}: {}", folder, e.getMessage());
        }
    }

    @Override
    public void close() {
        signal(() -> {
            closed = true;
            if (active != null) {
                active.cancellation.cancel();
            }
        });
        timer.shutdownNow();
        if (thread.getState() == Thread.State.NEW) {
            return;
        }
        try {
            thread.join(Duration.ofSeconds(3));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

package org.millwright.scorer;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.millwright.scoring.Frame;
import org.millwright.scoring.FrameBuilder;
import org.millwright.scoring.InvalidInput;
import org.millwright.scoring.ModelFailure;
import org.millwright.scoring.remote.Pace;
import org.millwright.scoring.remote.ProfileReports;
import org.millwright.scoring.remote.Recorder;

/**
 * Scores in this process with a model that Millwright keeps. Safe for many threads.
 *
 * <p>In the background it looks for another version; one that is as it was signed, needs no more columns and predicts its
 * recorded rows takes over at once, while calls in flight finish on the one before. What was scored is sent to the server as
 * profiles, never as rows.
 */
public final class Scorer implements AutoCloseable {
    private static final int THREADS = 3;
    private static final long DRAIN_MILLIS = 100;
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration LAST_PATIENCE = Duration.ofSeconds(2);

    private final AtomicReference<@Nullable Loaded> current = new AtomicReference<>();
    private final Updates updates;
    private final Cache cache;
    private final boolean temporary;
    private final Clock clock;
    private final @Nullable Recorder recorder;
    private final Optional<ProfileReports> profiles;
    private final ScheduledExecutorService scheduler;
    private final boolean ownScheduler;
    private volatile boolean closed;

    private Scorer(ScorerBuilder set, Source source, Cache cache, HttpClient http) {
        this.cache = cache;
        this.temporary = set.isTemporary();
        this.clock = set.clock;
        this.updates = new Updates(set.uri, source, cache, set.keys, clock, current);
        this.recorder = set.isWatched() ? new Recorder(set.waitingRows) : null;
        this.profiles = recorder == null ? Optional.empty() : set.profiles(http, recorder);
        this.ownScheduler = set.scheduler == null;
        this.scheduler = set.scheduler == null ? threads() : set.scheduler;
    }

    /**
     * Starts to set up a scorer.
     *
     * @param model {@code models:/NAME@ALIAS} or {@code models:/NAME/VERSION}
     */
    public static ScorerBuilder of(String model) {
        return new ScorerBuilder(ModelUri.parse(model));
    }

    static Scorer open(ScorerBuilder set, Source source, Path folder, HttpClient http) {
        Cache cache;
        try {
            cache = new Cache(folder);
        } catch (IOException e) {
            throw new ScorerException("the folder " + folder + " cannot be used: " + e, e);
        }
        var scorer = new Scorer(set, source, cache, http);
        scorer.updates.restore();
        scorer.updates.look();
        if (scorer.current.get() == null) {
            String reason = scorer.updates.reason();
            scorer.close();
            throw new ScorerException(set.uri + " cannot be loaded: " + reason);
        }
        scorer.begin(set);
        return scorer;
    }

    private static ScheduledExecutorService threads() {
        var threads = new ScheduledThreadPoolExecutor(THREADS, work -> {
            Thread thread = new Thread(work, "millwright-scorer");
            thread.setDaemon(true);
            return thread;
        });
        threads.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        return threads;
    }

    private void begin(ScorerBuilder set) {
        var looks = new Pace(set.every, new Random());
        again(() -> looks.millis(updates.failures()), updates::look);
        profiles.ifPresent(sender -> {
            var reports = new Pace(set.report, new Random());
            again(() -> reports.millis(sender.failures()), () -> sender.send(PATIENCE));
            again(() -> DRAIN_MILLIS, () -> sender.drain(LAST_PATIENCE));
        });
    }

    private void again(LongSupplier delay, Runnable work) {
        if (closed) {
            return;
        }
        try {
            scheduler.schedule(
                    () -> {
                        try {
                            if (!closed) {
                                work.run();
                            }
                        } finally {
                            again(delay, work);
                        }
                    },
                    delay.getAsLong(),
                    TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            // Whoever owns the scheduler has stopped it.
        }
    }

    /**
     * Scores one row: a record by its components' names, an object by its getters, or a Map.
     *
     * @throws InvalidInput with column and row when it does not fit the model
     * @throws ModelFailure when the model fails
     */
    public Prediction score(Object row) {
        return scoreAll(List.of(row)).row(0);
    }

    /** Scores rows of the kinds that {@link #score(Object)} takes. */
    public Predictions scoreAll(List<?> rows) {
        return with(loaded -> predict(loaded, frame(loaded, rows)));
    }

    /** Scores a columnar batch; columns that the model does not take are ignored. Its arrays must not change afterwards. */
    public Predictions score(Frame batch) {
        return with(loaded -> predict(loaded, loaded.signature().conform(batch).frame()));
    }

    private interface Use {
        Predictions apply(Loaded loaded);
    }

    private Predictions with(Use use) {
        for (Loaded loaded = current.get(); loaded != null; loaded = current.get()) {
            if (loaded.acquire()) {
                try {
                    return use.apply(loaded);
                } finally {
                    loaded.release();
                }
            }
        }
        throw new ScorerException("the scorer was closed");
    }

    private Predictions predict(Loaded loaded, Frame inputs) {
        Frame outputs = loaded.model().predict(inputs);
        if (recorder != null) {
            recorder.record(loaded.by(), inputs, outputs, clock.millis());
        }
        return new Predictions(loaded.version(), outputs);
    }

    @SuppressWarnings("unchecked")
    private static Frame frame(Loaded loaded, List<?> rows) {
        var frame = new FrameBuilder(loaded.signature(), rows.size());
        for (Object row : rows) {
            frame.addRow(row instanceof Map<?, ?> map ? (Map<String, @Nullable Object>) map : Fields.of(row));
        }
        return frame.build();
    }

    /** Looks for another version now, as the background does by itself; returns how the scorer is doing then. */
    public ScorerState refresh() {
        updates.look();
        return state();
    }

    /** Sends the profiles that wait now, as the background does by itself; returns how the scorer is doing then. */
    public ScorerState report() {
        profiles.ifPresent(sender -> sender.send(PATIENCE));
        return state();
    }

    public ScorerState state() {
        Loaded loaded = current.get();
        if (loaded == null) {
            throw new ScorerException("the scorer was closed");
        }
        return updates.state(
                loaded,
                profiles.map(sender -> ScorerState.Profiles.of(sender.state())).orElse(ScorerState.Profiles.NONE));
    }

    /** Stops: calls in flight finish, profiles that wait are sent if the server is there. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (ownScheduler) {
            scheduler.shutdownNow();
        }
        profiles.ifPresent(sender -> sender.send(LAST_PATIENCE));
        updates.close();
        if (temporary) {
            cache.delete();
        }
    }
}

package org.millwright.bench;

import java.lang.reflect.Field;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import org.millwright.identity.Actor;
import org.millwright.identity.Users;
import org.millwright.kernel.Database;
import org.millwright.kernel.Ids;
import org.millwright.kernel.Tx;
import org.millwright.ledger.Ledger;
import org.millwright.ledger.NoteKey;
import org.millwright.ledger.Witness;
import org.millwright.tracking.Batch;
import org.millwright.tracking.Experiment;
import org.millwright.tracking.Experiments;
import org.millwright.tracking.Metric;
import org.millwright.tracking.NewRun;
import org.millwright.tracking.Run;
import org.millwright.tracking.RunStatus;
import org.millwright.tracking.Runs;

/** The tracking room on SQLite, whose changes enter the ledger or, to compare, do not. */
final class TrackedRuns implements AutoCloseable {
    private static final int BATCHES = 20;
    private static final int METRICS = 100;
    private static final int CLIENTS = 8;

    private final Clock clock = Clock.systemUTC();
    private final Database database;
    private final Runs runs;

    TrackedRuns(Path folder, boolean recorded) {
        var ids = new Ids(clock);
        database = Database.sqlite(folder.resolve("millwright.db"));
        var ledger = new Ledger(
                database,
                clock,
                ids,
                NoteKey.open(folder.resolve("ledger.key"), "millwright"),
                new Witness(folder.resolve("ledger.checkpoint")));
        if (!recorded) {
            silence(ledger);
        }
        var access = new Users(database, ledger, clock, ids).access();
        runs = new Runs(database, ledger, clock, ids, access, new Experiments(database, ledger, clock, access));
    }

    /** Takes the hook away that writes entries before a commit; the product has no way to do so. */
    private static void silence(Ledger ledger) {
        try {
            Field hook = Ledger.class.getDeclaredField("hook");
            hook.setAccessible(true);
            hook.set(ledger, (Tx.CommitHook<Object>) items -> {});
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Tracks runs by several clients at once: each creates a run, logs batches of metrics, and ends it. */
    void track(int count) {
        try (var clients = Executors.newFixedThreadPool(CLIENTS)) {
            for (int i = 0; i < count; i++) {
                int number = i;
                clients.submit(() -> track("run-" + number, number));
            }
        }
    }

    private void track(String name, int number) {
        Run run = runs.create(
                Actor.LOCAL, new NewRun(Experiment.DEFAULT, name, "bench", clock.millis(), Map.of("kind", "bench")));
        for (int batch = 0; batch < BATCHES; batch++) {
            List<Metric> metrics = new ArrayList<>();
            for (int i = 0; i < METRICS; i++) {
                metrics.add(new Metric(
                        "m" + i, number + i / 100.0, clock.millis(), batch, Optional.empty(), Optional.empty()));
            }
            runs.log(Actor.LOCAL, run.id(), new Batch(metrics, List.of(), List.of()));
        }
        runs.update(
                Actor.LOCAL, run.id(), Optional.of(RunStatus.FINISHED), Optional.of(clock.millis()), Optional.empty());
    }

    @Override
    public void close() {
        database.close();
    }
}

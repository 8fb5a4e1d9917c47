package org.millwright.window;

import static org.millwright.schema.Tables.MONITOR_BATCH;
import static org.millwright.schema.Tables.MONITOR_DEPLOYMENT;
import static org.millwright.schema.Tables.MONITOR_WINDOW;

import java.util.List;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;
import org.millwright.alert.Window;
import org.millwright.kernel.Database;

/** Watched deployments, their windows, and which batches of predictions are in them. */
public final class WindowStore {
    private final Database database;

    public WindowStore(Database database) {
        this.database = database;
    }

    public void watch(String deployment, String project, String model, long now) {
        database.dsl()
                .insertInto(MONITOR_DEPLOYMENT)
                .set(MONITOR_DEPLOYMENT.NAME, deployment)
                .set(MONITOR_DEPLOYMENT.PROJECT, project)
                .set(MONITOR_DEPLOYMENT.MODEL, model)
                .set(MONITOR_DEPLOYMENT.WATERMARK, 0L)
                .set(MONITOR_DEPLOYMENT.LABEL_WATERMARK, 0L)
                .set(MONITOR_DEPLOYMENT.DROPPED, 0L)
                .set(MONITOR_DEPLOYMENT.DUPLICATES, 0L)
                .set(MONITOR_DEPLOYMENT.SKEWED, 0L)
                .set(MONITOR_DEPLOYMENT.CREATED_AT, now)
                .onConflict(MONITOR_DEPLOYMENT.NAME)
                .doNothing()
                .execute();
    }

    public Optional<Watched> find(String deployment) {
        return database.dsl()
                .selectFrom(MONITOR_DEPLOYMENT)
                .where(MONITOR_DEPLOYMENT.NAME.eq(deployment))
                .fetchOptional(WindowStore::watched);
    }

    /** The deployment, held until the end of the transaction: changes of one deployment follow each other. */
    public Watched lock(String deployment) {
        var query = database.dsl().selectFrom(MONITOR_DEPLOYMENT).where(MONITOR_DEPLOYMENT.NAME.eq(deployment));
        return watched(
                database.isSqlite() ? query.fetchSingle() : query.forUpdate().fetchSingle());
    }

    public List<Watched> all() {
        return database.dsl()
                .selectFrom(MONITOR_DEPLOYMENT)
                .orderBy(MONITOR_DEPLOYMENT.NAME)
                .fetch(WindowStore::watched);
    }

    /** Adds to the counters of rows that are in no profile. */
    public void count(String deployment, long dropped, long duplicates, long skewed) {
        database.dsl()
                .update(MONITOR_DEPLOYMENT)
                .set(MONITOR_DEPLOYMENT.DROPPED, MONITOR_DEPLOYMENT.DROPPED.plus(dropped))
                .set(MONITOR_DEPLOYMENT.DUPLICATES, MONITOR_DEPLOYMENT.DUPLICATES.plus(duplicates))
                .set(MONITOR_DEPLOYMENT.SKEWED, MONITOR_DEPLOYMENT.SKEWED.plus(skewed))
                .where(MONITOR_DEPLOYMENT.NAME.eq(deployment))
                .execute();
    }

    public void setWatermarks(String deployment, long predictions, long labels) {
        database.dsl()
                .update(MONITOR_DEPLOYMENT)
                .set(MONITOR_DEPLOYMENT.WATERMARK, predictions)
                .set(MONITOR_DEPLOYMENT.LABEL_WATERMARK, labels)
                .where(MONITOR_DEPLOYMENT.NAME.eq(deployment))
                .execute();
    }

    /** The last batch of the replica that is in the windows, 0 when none is. */
    public long sequence(String deployment, String replica) {
        return database.dsl()
                .select(MONITOR_BATCH.SEQUENCE)
                .from(MONITOR_BATCH)
                .where(MONITOR_BATCH.DEPLOYMENT.eq(deployment).and(MONITOR_BATCH.REPLICA.eq(replica)))
                .fetchOptional(MONITOR_BATCH.SEQUENCE)
                .orElse(0L);
    }

    public void setSequence(String deployment, String replica, long sequence) {
        database.dsl()
                .insertInto(MONITOR_BATCH)
                .set(MONITOR_BATCH.DEPLOYMENT, deployment)
                .set(MONITOR_BATCH.REPLICA, replica)
                .set(MONITOR_BATCH.SEQUENCE, sequence)
                .onConflict(MONITOR_BATCH.DEPLOYMENT, MONITOR_BATCH.REPLICA)
                .doUpdate()
                .set(MONITOR_BATCH.SEQUENCE, sequence)
                .execute();
    }

    public List<WindowState> windows(String deployment) {
        return database.dsl()
                .select(
                        MONITOR_WINDOW.DEPLOYMENT,
                        MONITOR_WINDOW.VERSION,
                        MONITOR_WINDOW.WINDOW_START,
                        MONITOR_WINDOW.WINDOW_END,
                        MONITOR_WINDOW.ROW_COUNT,
                        MONITOR_WINDOW.LATE_COUNT,
                        MONITOR_WINDOW.LAST_EVENT,
                        MONITOR_WINDOW.LABEL_COUNT,
                        MONITOR_WINDOW.REVISION)
                .from(MONITOR_WINDOW)
                .where(MONITOR_WINDOW.DEPLOYMENT.eq(deployment))
                .orderBy(MONITOR_WINDOW.WINDOW_START, MONITOR_WINDOW.WINDOW_END, MONITOR_WINDOW.VERSION)
                .fetch(WindowStore::window);
    }

    public Optional<WindowState> window(String deployment, String version, Window window) {
        return database.dsl()
                .selectFrom(MONITOR_WINDOW)
                .where(key(deployment, version, window))
                .fetchOptional(WindowStore::window);
    }

    public Optional<String> profile(String deployment, String version, Window window) {
        return database.dsl()
                .select(MONITOR_WINDOW.PROFILE)
                .from(MONITOR_WINDOW)
                .where(key(deployment, version, window))
                .fetchOptional(MONITOR_WINDOW.PROFILE);
    }

    /** Saves a window's rows and profile; false when it is no longer at the revision before this one. */
    public boolean save(WindowState state, @Nullable String profile) {
        if (state.revision() == 1) {
            return insert(state, profile);
        }
        return database.dsl()
                        .update(MONITOR_WINDOW)
                        .set(MONITOR_WINDOW.ROW_COUNT, state.rows())
                        .set(MONITOR_WINDOW.LATE_COUNT, state.late())
                        .set(MONITOR_WINDOW.LAST_EVENT, state.lastEvent())
                        .set(MONITOR_WINDOW.PROFILE, profile)
                        .set(MONITOR_WINDOW.REVISION, state.revision())
                        .where(key(state.deployment(), state.version(), state.window()))
                        .and(MONITOR_WINDOW.REVISION.eq(state.revision() - 1))
                        .execute()
                == 1;
    }

    private boolean insert(WindowState state, @Nullable String profile) {
        return database.dsl()
                        .insertInto(MONITOR_WINDOW)
                        .set(MONITOR_WINDOW.DEPLOYMENT, state.deployment())
                        .set(MONITOR_WINDOW.VERSION, state.version())
                        .set(MONITOR_WINDOW.WINDOW_START, state.window().start())
                        .set(MONITOR_WINDOW.WINDOW_END, state.window().end())
                        .set(MONITOR_WINDOW.ROW_COUNT, state.rows())
                        .set(MONITOR_WINDOW.LATE_COUNT, state.late())
                        .set(MONITOR_WINDOW.LAST_EVENT, state.lastEvent())
                        .set(MONITOR_WINDOW.LABEL_COUNT, state.labels())
                        .set(MONITOR_WINDOW.PROFILE, profile)
                        .set(MONITOR_WINDOW.REVISION, state.revision())
                        .onConflict(
                                MONITOR_WINDOW.DEPLOYMENT,
                                MONITOR_WINDOW.WINDOW_START,
                                MONITOR_WINDOW.WINDOW_END,
                                MONITOR_WINDOW.VERSION)
                        .doNothing()
                        .execute()
                == 1;
    }

    public void addLabels(String deployment, String version, Window window, long labels) {
        database.dsl()
                .update(MONITOR_WINDOW)
                .set(MONITOR_WINDOW.LABEL_COUNT, MONITOR_WINDOW.LABEL_COUNT.plus(labels))
                .set(MONITOR_WINDOW.REVISION, MONITOR_WINDOW.REVISION.plus(1))
                .where(key(deployment, version, window))
                .execute();
    }

    /** The performance measured when the window's single predictions were given up, if they were. */
    public Optional<String> performance(String deployment, String version, Window window) {
        return database.dsl()
                .select(MONITOR_WINDOW.PERFORMANCE)
                .from(MONITOR_WINDOW)
                .where(key(deployment, version, window))
                .fetchOptional(MONITOR_WINDOW.PERFORMANCE);
    }

    public void setPerformance(String deployment, String version, Window window, String performance) {
        database.dsl()
                .update(MONITOR_WINDOW)
                .set(MONITOR_WINDOW.PERFORMANCE, performance)
                .where(key(deployment, version, window))
                .execute();
    }

    private static Condition key(String deployment, String version, Window window) {
        return MONITOR_WINDOW
                .DEPLOYMENT
                .eq(deployment)
                .and(MONITOR_WINDOW.WINDOW_START.eq(window.start()))
                .and(MONITOR_WINDOW.WINDOW_END.eq(window.end()))
                .and(MONITOR_WINDOW.VERSION.eq(version));
    }

    private static Watched watched(Record row) {
        return new Watched(
                row.get(MONITOR_DEPLOYMENT.NAME),
                row.get(MONITOR_DEPLOYMENT.PROJECT),
                row.get(MONITOR_DEPLOYMENT.MODEL),
                row.get(MONITOR_DEPLOYMENT.WATERMARK),
                row.get(MONITOR_DEPLOYMENT.LABEL_WATERMARK),
                row.get(MONITOR_DEPLOYMENT.DROPPED),
                row.get(MONITOR_DEPLOYMENT.DUPLICATES),
                row.get(MONITOR_DEPLOYMENT.SKEWED));
    }

    private static WindowState window(Record row) {
        return new WindowState(
                row.get(MONITOR_WINDOW.DEPLOYMENT),
                row.get(MONITOR_WINDOW.VERSION),
                new Window(row.get(MONITOR_WINDOW.WINDOW_START), row.get(MONITOR_WINDOW.WINDOW_END)),
                row.get(MONITOR_WINDOW.ROW_COUNT),
                row.get(MONITOR_WINDOW.LATE_COUNT),
                row.get(MONITOR_WINDOW.LAST_EVENT),
                row.get(MONITOR_WINDOW.LABEL_COUNT),
                row.get(MONITOR_WINDOW.REVISION));
    }
}

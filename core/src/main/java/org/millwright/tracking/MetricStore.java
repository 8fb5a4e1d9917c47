package org.millwright.tracking;

import static org.jooq.impl.DSL.excluded;
import static org.jooq.impl.DSL.row;
import static org.millwright.schema.Tables.LATEST_METRIC;
import static org.millwright.schema.Tables.LOGGED_MODEL_METRIC;
import static org.millwright.schema.Tables.METRIC;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jooq.Record;
import org.millwright.kernel.Database;

/** Metric histories and latest values in the database; identical rows are one row. */
final class MetricStore {
    private final Database database;

    MetricStore(Database database) {
        this.database = database;
    }

    /** Adds to the histories and moves the latest values, in one statement each. */
    void add(String run, Collection<Metric> metrics) {
        var history = database.dsl()
                .insertInto(METRIC, METRIC.RUN_ID, METRIC.METRIC_KEY, METRIC.TS, METRIC.STEP, METRIC.VAL, METRIC.IS_NAN)
                .values("", "", 0L, 0L, 0.0, 0)
                .onConflictDoNothing();
        database.dsl().batch(history, rows(run, metrics)).execute();
        Map<String, Metric> latest = new TreeMap<>();
        metrics.forEach(metric ->
                latest.merge(metric.key(), metric, (a, b) -> Metric.LATEST.compare(a, b) >= 0 ? a : b));
        moveLatest(run, latest.values());
    }

    private void moveLatest(String run, Collection<Metric> latest) {
        var batch = database.dsl()
                .insertInto(
                        LATEST_METRIC,
                        LATEST_METRIC.RUN_ID,
                        LATEST_METRIC.METRIC_KEY,
                        LATEST_METRIC.TS,
                        LATEST_METRIC.STEP,
                        LATEST_METRIC.VAL,
                        LATEST_METRIC.IS_NAN)
                .values("", "", 0L, 0L, 0.0, 0)
                .onConflict(LATEST_METRIC.RUN_ID, LATEST_METRIC.METRIC_KEY)
                .doUpdate()
                .set(LATEST_METRIC.TS, excluded(LATEST_METRIC.TS))
                .set(LATEST_METRIC.STEP, excluded(LATEST_METRIC.STEP))
                .set(LATEST_METRIC.VAL, excluded(LATEST_METRIC.VAL))
                .set(LATEST_METRIC.IS_NAN, excluded(LATEST_METRIC.IS_NAN))
                .where(row(LATEST_METRIC.STEP, LATEST_METRIC.TS, LATEST_METRIC.VAL)
                        .lt(row(
                                excluded(LATEST_METRIC.STEP),
                                excluded(LATEST_METRIC.TS),
                                excluded(LATEST_METRIC.VAL))));
        database.dsl().batch(batch, rows(run, latest)).execute();
    }

    private static Object[][] rows(String run, Collection<Metric> metrics) {
        return metrics.stream()
                .map(metric -> new Object[] {
                    run, metric.key(), metric.timestamp(), metric.step(), metric.stored(), metric.nanFlag()
                })
                .toArray(Object[][]::new);
    }

    /** Adds values to a logged model; a later value of the same (key, timestamp, step, run) replaces an earlier one. */
    void addToModel(String run, Collection<Metric> metrics) {
        var batch = database.dsl()
                .insertInto(
                        LOGGED_MODEL_METRIC,
                        LOGGED_MODEL_METRIC.MODEL_ID,
                        LOGGED_MODEL_METRIC.METRIC_KEY,
                        LOGGED_MODEL_METRIC.TS,
                        LOGGED_MODEL_METRIC.STEP,
                        LOGGED_MODEL_METRIC.RUN_ID,
                        LOGGED_MODEL_METRIC.VAL,
                        LOGGED_MODEL_METRIC.IS_NAN,
                        LOGGED_MODEL_METRIC.DATASET_NAME,
                        LOGGED_MODEL_METRIC.DATASET_DIGEST)
                .values("", "", 0L, 0L, "", 0.0, 0, "", "")
                .onConflict(
                        LOGGED_MODEL_METRIC.MODEL_ID,
                        LOGGED_MODEL_METRIC.METRIC_KEY,
                        LOGGED_MODEL_METRIC.TS,
                        LOGGED_MODEL_METRIC.STEP,
                        LOGGED_MODEL_METRIC.RUN_ID)
                .doUpdate()
                .set(LOGGED_MODEL_METRIC.VAL, excluded(LOGGED_MODEL_METRIC.VAL))
                .set(LOGGED_MODEL_METRIC.IS_NAN, excluded(LOGGED_MODEL_METRIC.IS_NAN));
        Object[][] rows = metrics.stream()
                .map(metric -> new Object[] {
                    metric.model().orElseThrow(),
                    metric.key(),
                    metric.timestamp(),
                    metric.step(),
                    run,
                    metric.stored(),
                    metric.nanFlag(),
                    metric.dataset().map(Metric.DatasetRef::name).orElse(null),
                    metric.dataset().flatMap(Metric.DatasetRef::digest).orElse(null)
                })
                .toArray(Object[][]::new);
        database.dsl().batch(batch, rows).execute();
    }

    /** A key's values by (timestamp, step, value). */
    List<Metric> history(String run, String key, int offset, int limit) {
        return database.dsl()
                .selectFrom(METRIC)
                .where(METRIC.RUN_ID.eq(run).and(METRIC.METRIC_KEY.eq(key)))
                .orderBy(METRIC.TS, METRIC.STEP, METRIC.VAL)
                .limit(limit)
                .offset(offset)
                .fetch(MetricStore::metric);
    }

    /** The distinct steps of a key over several runs, ascending. */
    List<Long> steps(Collection<String> runs, String key) {
        return database.dsl()
                .selectDistinct(METRIC.STEP)
                .from(METRIC)
                .where(METRIC.RUN_ID.in(runs).and(METRIC.METRIC_KEY.eq(key)))
                .orderBy(METRIC.STEP)
                .fetch(METRIC.STEP);
    }

    /** A key's values at some steps, by (step, timestamp, value). */
    List<Metric> at(String run, String key, Collection<Long> steps, int limit) {
        return database.dsl()
                .selectFrom(METRIC)
                .where(METRIC.RUN_ID.eq(run).and(METRIC.METRIC_KEY.eq(key)).and(METRIC.STEP.in(steps)))
                .orderBy(METRIC.STEP, METRIC.TS, METRIC.VAL)
                .limit(limit)
                .fetch(MetricStore::metric);
    }

    /** The latest values of a run by key. */
    List<Metric> latest(String run) {
        return database.dsl()
                .selectFrom(LATEST_METRIC)
                .where(LATEST_METRIC.RUN_ID.eq(run))
                .orderBy(LATEST_METRIC.METRIC_KEY)
                .fetch(MetricStore::latestMetric);
    }

    static Metric latestMetric(Record row) {
        double value = row.get(LATEST_METRIC.IS_NAN) == 1 ? Double.NaN : row.get(LATEST_METRIC.VAL);
        return new Metric(
                row.get(LATEST_METRIC.METRIC_KEY), value, row.get(LATEST_METRIC.TS), row.get(LATEST_METRIC.STEP));
    }

    private static Metric metric(Record row) {
        double value = row.get(METRIC.IS_NAN) == 1 ? Double.NaN : row.get(METRIC.VAL);
        return new Metric(row.get(METRIC.METRIC_KEY), value, row.get(METRIC.TS), row.get(METRIC.STEP));
    }
}

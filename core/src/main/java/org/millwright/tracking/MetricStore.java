package org.millwright.tracking;

import static org.millwright.schema.Tables.LOGGED_MODEL_METRIC;
import static org.millwright.schema.Tables.METRIC_POINT;
import static org.millwright.schema.Tables.METRIC_SERIES;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.millwright.kernel.Database;
import org.millwright.kernel.Tx;

/**
 * Metric histories and latest values in the database; identical values at the same time and step are one.
 *
 * <p>Values of works that commit together are written together, by a few statements for all of them, before anything else
 * looks at the database.
 */
final class MetricStore {
    private static final String FIND =
            "select series, step, ts, val from metric_series where run_num = ? and metric_key = ?";
    private static final String CREATE = "insert into metric_series (run_num, metric_key, experiment_id, step, ts, val,"
            + " is_nan) values (?, ?, ?, ?, ?, ?, ?) on conflict do nothing returning series";
    private static final String ADD =
            "insert into metric_point (series, ts, step, val, is_nan) values (?, ?, ?, ?, ?) on conflict do nothing";
    private static final String MOVE = "update metric_series set step = ?, ts = ?, val = ?, is_nan = ? where series = ?"
            + " and (step, ts, val) < (?, ?, ?)";
    private static final String HISTORY =
            "select p.val, p.ts, p.step, p.is_nan from metric_series s join metric_point p on p.series = s.series"
                    + " where s.run_num = ? and s.metric_key = ? order by p.ts, p.step, p.val limit ? offset ?";
    private static final int REMEMBERED = 20_000;

    private final Database database;
    private final Remembered<Key, Latest> known;
    private final Tx.CommitHook<Logged> hook = new Tx.CommitHook<>() {
        @Override
        public void flush(List<Logged> items) {
            write(items);
        }

        @Override
        public boolean isEarly() {
            return true;
        }
    };

    MetricStore(Database database) {
        this.database = database;
        this.known = new Remembered<>(database, REMEMBERED);
    }

    /** What a run logged and is not written yet. */
    private record Logged(RunStore.Head run, List<Metric> metrics) {}

    /** A series: a key of one run. */
    private record Key(int run, String name) implements Comparable<Key> {
        private static final Comparator<Key> ORDER =
                Comparator.comparingInt(Key::run).thenComparing(Key::name);

        @Override
        public int compareTo(Key other) {
            return ORDER.compare(this, other);
        }
    }

    /** Where a series stands. */
    private static final class Latest {
        final int series;
        Metric metric;

        Latest(int series, Metric metric) {
            this.series = series;
            this.metric = metric;
        }
    }

    /** What one commit adds to a series. */
    private static final class Addition {
        final long experiment;
        final List<Metric> points = new ArrayList<>(1);
        Metric latest;

        Addition(long experiment, Metric first) {
            this.experiment = experiment;
            this.latest = first;
        }

        void add(Metric metric) {
            points.add(metric);
            if (Metric.LATEST.compare(metric, latest) > 0) {
                latest = metric;
            }
        }
    }

    /** Adds to the histories and moves the latest values. */
    void add(RunStore.Head run, List<Metric> metrics) {
        database.enlist(hook, new Logged(run, metrics));
    }

    private void write(List<Logged> items) {
        // Concurrent transactions of PostgreSQL take rows in the same order, so that none waits for another in a
        // circle.
        Map<Key, Addition> additions = database.isSqlite() ? new LinkedHashMap<>() : new TreeMap<>();
        for (Logged item : items) {
            for (Metric metric : item.metrics()) {
                additions
                        .computeIfAbsent(
                                new Key(item.run().num(), metric.key()),
                                key -> new Addition(item.run().experimentId(), metric))
                        .add(metric);
            }
        }
        var series = new ArrayList<Latest>(additions.size());
        additions.forEach((key, addition) -> series.add(series(key, addition)));
        database.jdbc(ADD, statement -> {
            int at = 0;
            for (Addition addition : additions.values()) {
                addPoints(statement, series.get(at++).series, addition.points);
            }
            return statement.executeBatch();
        });
        move(additions.values(), series);
    }

    private static void addPoints(PreparedStatement statement, int series, List<Metric> points) throws SQLException {
        for (Metric point : points) {
            statement.setInt(1, series);
            statement.setLong(2, point.timestamp());
            statement.setLong(3, point.step());
            statement.setDouble(4, point.stored());
            statement.setInt(5, point.nanFlag());
            statement.addBatch();
        }
    }

    private void move(Collection<Addition> additions, List<Latest> series) {
        known.forgetWhenUndone();
        database.jdbc(MOVE, statement -> {
            int at = 0;
            boolean any = false;
            for (Addition addition : additions) {
                Latest latest = series.get(at++);
                if (Metric.LATEST.compare(addition.latest, latest.metric) > 0) {
                    latest.metric = addition.latest;
                    any = true;
                    Metric to = addition.latest;
                    statement.setLong(1, to.step());
                    statement.setLong(2, to.timestamp());
                    statement.setDouble(3, to.stored());
                    statement.setInt(4, to.nanFlag());
                    statement.setInt(5, latest.series);
                    statement.setLong(6, to.step());
                    statement.setLong(7, to.timestamp());
                    statement.setDouble(8, to.stored());
                    statement.addBatch();
                }
            }
            return any ? statement.executeBatch() : new int[0];
        });
    }

    private Latest series(Key key, Addition addition) {
        return known.get(key, () -> find(key).or(() -> create(key, addition)).or(() -> find(key)))
                .orElseThrow();
    }

    private Optional<Latest> find(Key key) {
        return database.jdbc(FIND, statement -> {
            statement.setInt(1, key.run());
            statement.setString(2, key.name());
            try (ResultSet row = statement.executeQuery()) {
                return row.next()
                        ? Optional.of(new Latest(
                                row.getInt(1),
                                new Metric(key.name(), row.getDouble(4), row.getLong(3), row.getLong(2))))
                        : Optional.empty();
            }
        });
    }

    /** The new series; none when another transaction was faster. */
    private Optional<Latest> create(Key key, Addition addition) {
        return database.jdbc(CREATE, statement -> {
            Metric latest = addition.latest;
            statement.setInt(1, key.run());
            statement.setString(2, key.name());
            statement.setLong(3, addition.experiment);
            statement.setLong(4, latest.step());
            statement.setLong(5, latest.timestamp());
            statement.setDouble(6, latest.stored());
            statement.setInt(7, latest.nanFlag());
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.of(new Latest(row.getInt(1), latest)) : Optional.empty();
            }
        });
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
                .set(LOGGED_MODEL_METRIC.VAL, org.jooq.impl.DSL.excluded(LOGGED_MODEL_METRIC.VAL))
                .set(LOGGED_MODEL_METRIC.IS_NAN, org.jooq.impl.DSL.excluded(LOGGED_MODEL_METRIC.IS_NAN));
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
    List<Metric> history(int run, String key, int offset, int limit) {
        return database.jdbc(HISTORY, statement -> {
            statement.setInt(1, run);
            statement.setString(2, key);
            statement.setInt(3, limit);
            statement.setInt(4, offset);
            var points = new ArrayList<Metric>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    double value = row.getInt(4) == 1 ? Double.NaN : row.getDouble(1);
                    points.add(new Metric(key, value, row.getLong(2), row.getLong(3)));
                }
            }
            return points;
        });
    }

    /** The distinct steps of a key over several runs, ascending. */
    List<Long> steps(Collection<Integer> runs, String key) {
        return database.dsl()
                .selectDistinct(METRIC_POINT.STEP)
                .from(METRIC_SERIES)
                .join(METRIC_POINT)
                .on(METRIC_POINT.SERIES.eq(METRIC_SERIES.SERIES))
                .where(METRIC_SERIES.RUN_NUM.in(runs).and(METRIC_SERIES.METRIC_KEY.eq(key)))
                .orderBy(METRIC_POINT.STEP)
                .fetch(METRIC_POINT.STEP);
    }

    /** A key's values at some steps, by (step, timestamp, value). */
    List<Metric> at(int run, String key, Collection<Long> steps, int limit) {
        return database.dsl()
                .select(METRIC_POINT.VAL, METRIC_POINT.TS, METRIC_POINT.STEP, METRIC_POINT.IS_NAN)
                .from(METRIC_SERIES)
                .join(METRIC_POINT)
                .on(METRIC_POINT.SERIES.eq(METRIC_SERIES.SERIES))
                .where(METRIC_SERIES
                        .RUN_NUM
                        .eq(run)
                        .and(METRIC_SERIES.METRIC_KEY.eq(key))
                        .and(METRIC_POINT.STEP.in(steps)))
                .orderBy(METRIC_POINT.STEP, METRIC_POINT.TS, METRIC_POINT.VAL)
                .limit(limit)
                .fetch(row ->
                        new Metric(key, row.value4() == 1 ? Double.NaN : row.value1(), row.value2(), row.value3()));
    }
}

package org.millwright.tracking;

import static org.millwright.schema.Tables.RUN;
import static org.millwright.schema.Tables.RUN_DATASET;
import static org.millwright.schema.Tables.RUN_INPUT;
import static org.millwright.schema.Tables.RUN_INPUT_TAG;
import static org.millwright.schema.Tables.RUN_MODEL;
import static org.millwright.schema.Tables.RUN_TAG;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;
import org.millwright.kernel.Database;

/** Runs, their parameters, tags, inputs and outputs in the database. */
final class RunStore {
    static final String IN = "in";
    static final String OUT = "out";

    private static final String INSERT = "insert into run (id, experiment_id, name, user_id, status, start_time,"
            + " artifact_uri, stage, made_by) values (?, ?, ?, ?, ?, ?, ?, ?, ?) returning num";
    private static final String ADD_PARAM = "insert into run_param (run_num, param_key, experiment_id, val)"
            + " values (?, ?, ?, ?) on conflict do nothing";
    private static final String GET_PARAM = "select val from run_param where run_num = ? and param_key = ?";
    private static final String SET_TAG =
            "insert into run_tag (run_num, tag_key, experiment_id, val) values (?, ?, ?, ?)"
                    + " on conflict (run_num, tag_key) do update set val = excluded.val";
    private static final int REMEMBERED = 10_000;

    private final Database database;
    private final Remembered<String, Head> known;

    private RunStore(Database database, int remembered) {
        this.database = database;
        this.known = new Remembered<>(database, remembered);
    }

    /** The store whose methods change runs; it remembers what it wrote. */
    static RunStore writing(Database database) {
        return new RunStore(database, REMEMBERED);
    }

    /** A store for who only looks runs up. */
    static RunStore reading(Database database) {
        return new RunStore(database, 0);
    }

    /**
     * A run's own row.
     *
     * @param num what everything that the run logs refers to
     */
    record Head(
            int num,
            String id,
            long experimentId,
            String name,
            String userId,
            RunStatus status,
            long startTime,
            Optional<Long> endTime,
            String artifactUri,
            boolean deleted,
            Optional<String> madeBy) {

        /** The run with what it logged. */
        Run run(
                List<Metric> metrics,
                Map<String, String> params,
                Map<String, String> tags,
                List<DatasetInput> inputs,
                List<String> inputModels,
                List<Run.ModelOutput> outputs) {
            return new Run(
                    id,
                    Long.toString(experimentId),
                    name,
                    userId,
                    status,
                    startTime,
                    endTime,
                    artifactUri,
                    deleted,
                    madeBy,
                    metrics,
                    params,
                    tags,
                    inputs,
                    inputModels,
                    outputs);
        }

        Head numbered(int number) {
            return new Head(
                    number, id, experimentId, name, userId, status, startTime, endTime, artifactUri, deleted, madeBy);
        }
    }

    /** Adds a run, whose number the database gives. */
    Head insert(Head run) {
        known.forget(run.id());
        return run.numbered(database.jdbc(INSERT, statement -> {
            statement.setString(1, run.id());
            statement.setLong(2, run.experimentId());
            statement.setString(3, run.name());
            statement.setString(4, run.userId());
            statement.setString(5, run.status().name());
            statement.setLong(6, run.startTime());
            statement.setString(7, run.artifactUri());
            statement.setString(8, ExperimentStore.ACTIVE);
            statement.setString(9, run.madeBy().orElse(null));
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }));
    }

    void update(String id, RunStatus status, @Nullable Long endTime, String name) {
        known.forget(id);
        database.dsl()
                .update(RUN)
                .set(RUN.STATUS, status.name())
                .set(RUN.END_TIME, endTime)
                .set(RUN.NAME, name)
                .where(RUN.ID.eq(id))
                .execute();
    }

    void setStage(String id, String stage, @Nullable Long deletedAt) {
        known.forget(id);
        database.dsl()
                .update(RUN)
                .set(RUN.STAGE, stage)
                .set(RUN.DELETED_AT, deletedAt)
                .where(RUN.ID.eq(id))
                .execute();
    }

    void setStageOfAll(long experimentId, String stage, long now) {
        known.forgetAll();
        database.dsl()
                .update(RUN)
                .set(RUN.STAGE, stage)
                .set(RUN.DELETED_AT, stage.equals(ExperimentStore.DELETED) ? Long.valueOf(now) : null)
                .where(RUN.EXPERIMENT_ID.eq(experimentId))
                .execute();
    }

    Optional<Head> find(String id) {
        return known.get(
                id, () -> database.dsl().selectFrom(RUN).where(RUN.ID.eq(id)).fetchOptional(RunStore::head));
    }

    /** The numbers of runs; unknown ids are left out. */
    Map<String, Integer> numbers(Collection<String> ids) {
        return database.dsl()
                .select(RUN.ID, RUN.NUM)
                .from(RUN)
                .where(RUN.ID.in(ids))
                .fetchMap(RUN.ID, RUN.NUM);
    }

    /** Adds what is new and returns what is there now under the keys. */
    Map<String, String> addParams(Head run, Map<String, String> params) {
        var sorted = new TreeMap<>(params);
        var there = new TreeMap<>(params);
        int[] added = database.jdbc(ADD_PARAM, statement -> {
            for (var param : sorted.entrySet()) {
                pair(statement, run, param);
                statement.addBatch();
            }
            return statement.executeBatch();
        });
        int at = 0;
        for (String key : sorted.keySet()) {
            if (added[at++] == 0) {
                there.put(key, param(run, key));
            }
        }
        return there;
    }

    private String param(Head run, String key) {
        return database.jdbc(GET_PARAM, statement -> {
            statement.setInt(1, run.num());
            statement.setString(2, key);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getString(1);
            }
        });
    }

    void setTags(Head run, Map<String, String> tags) {
        if (tags.isEmpty()) {
            return;
        }
        database.jdbc(SET_TAG, statement -> {
            for (var tag : new TreeMap<>(tags).entrySet()) {
                pair(statement, run, tag);
                statement.addBatch();
            }
            return statement.executeBatch();
        });
    }

    private static void pair(PreparedStatement statement, Head run, Map.Entry<String, String> pair)
            throws SQLException {
        statement.setInt(1, run.num());
        statement.setString(2, pair.getKey());
        statement.setLong(3, run.experimentId());
        statement.setString(4, pair.getValue());
    }

    boolean deleteTag(Head run, String key) {
        return database.dsl()
                        .deleteFrom(RUN_TAG)
                        .where(RUN_TAG.RUN_NUM.eq(run.num()).and(RUN_TAG.TAG_KEY.eq(key)))
                        .execute()
                > 0;
    }

    Optional<String> tag(Head run, String key) {
        return database.dsl()
                .select(RUN_TAG.VAL)
                .from(RUN_TAG)
                .where(RUN_TAG.RUN_NUM.eq(run.num()).and(RUN_TAG.TAG_KEY.eq(key)))
                .fetchOptional(RUN_TAG.VAL);
    }

    /** The id of the experiment's dataset of that name and digest, added as {@code newId} when it is new. */
    String dataset(long experimentId, String newId, DatasetInput input) {
        database.dsl()
                .insertInto(RUN_DATASET)
                .set(RUN_DATASET.ID, newId)
                .set(RUN_DATASET.EXPERIMENT_ID, experimentId)
                .set(RUN_DATASET.NAME, input.name())
                .set(RUN_DATASET.DIGEST, input.digest())
                .set(RUN_DATASET.SOURCE_TYPE, input.sourceType())
                .set(RUN_DATASET.SOURCE, input.source())
                .set(RUN_DATASET.SCHEMA_JSON, input.schema().orElse(null))
                .set(RUN_DATASET.PROFILE, input.profile().orElse(null))
                .onConflictDoNothing()
                .execute();
        return Objects.requireNonNull(database.dsl()
                .select(RUN_DATASET.ID)
                .from(RUN_DATASET)
                .where(RUN_DATASET
                        .EXPERIMENT_ID
                        .eq(experimentId)
                        .and(RUN_DATASET.NAME.eq(input.name()))
                        .and(RUN_DATASET.DIGEST.eq(input.digest())))
                .fetchOne(RUN_DATASET.ID));
    }

    /** Links a dataset to the run; false when it was linked before. */
    boolean addInput(String run, String dataset) {
        int count = database.dsl().fetchCount(RUN_INPUT, RUN_INPUT.RUN_ID.eq(run));
        return database.dsl()
                        .insertInto(RUN_INPUT)
                        .set(RUN_INPUT.RUN_ID, run)
                        .set(RUN_INPUT.DATASET_ID, dataset)
                        .set(RUN_INPUT.POS, count)
                        .onConflictDoNothing()
                        .execute()
                > 0;
    }

    void addInputTag(String run, String dataset, String key, String value) {
        database.dsl()
                .insertInto(RUN_INPUT_TAG)
                .set(RUN_INPUT_TAG.RUN_ID, run)
                .set(RUN_INPUT_TAG.DATASET_ID, dataset)
                .set(RUN_INPUT_TAG.TAG_KEY, key)
                .set(RUN_INPUT_TAG.VAL, value)
                .onConflictDoNothing()
                .execute();
    }

    void addModel(String run, String model, String direction, long step) {
        database.dsl()
                .insertInto(RUN_MODEL)
                .set(RUN_MODEL.RUN_ID, run)
                .set(RUN_MODEL.MODEL_ID, model)
                .set(RUN_MODEL.DIRECTION, direction)
                .set(RUN_MODEL.STEP, step)
                .onConflictDoNothing()
                .execute();
    }

    static Head head(Record row) {
        return new Head(
                row.get(RUN.NUM),
                row.get(RUN.ID),
                row.get(RUN.EXPERIMENT_ID),
                row.get(RUN.NAME),
                row.get(RUN.USER_ID),
                RunStatus.valueOf(row.get(RUN.STATUS)),
                row.get(RUN.START_TIME),
                Optional.ofNullable(row.get(RUN.END_TIME)),
                row.get(RUN.ARTIFACT_URI),
                row.get(RUN.STAGE).equals(ExperimentStore.DELETED),
                Optional.ofNullable(row.get(RUN.MADE_BY)));
    }
}

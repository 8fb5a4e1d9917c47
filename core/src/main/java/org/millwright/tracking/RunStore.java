package org.millwright.tracking;

import static org.millwright.schema.Tables.RUN;
import static org.millwright.schema.Tables.RUN_DATASET;
import static org.millwright.schema.Tables.RUN_INPUT;
import static org.millwright.schema.Tables.RUN_INPUT_TAG;
import static org.millwright.schema.Tables.RUN_MODEL;
import static org.millwright.schema.Tables.RUN_PARAM;
import static org.millwright.schema.Tables.RUN_TAG;

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

    private final Database database;

    RunStore(Database database) {
        this.database = database;
    }

    /** A run's own row. */
    record Head(
            String id,
            long experimentId,
            String name,
            String userId,
            RunStatus status,
            long startTime,
            Optional<Long> endTime,
            String artifactUri,
            boolean deleted,
            Optional<String> madeBy) {}

    void insert(Head run) {
        database.dsl()
                .insertInto(RUN)
                .set(RUN.ID, run.id())
                .set(RUN.EXPERIMENT_ID, run.experimentId())
                .set(RUN.NAME, run.name())
                .set(RUN.USER_ID, run.userId())
                .set(RUN.STATUS, run.status().name())
                .set(RUN.START_TIME, run.startTime())
                .set(RUN.ARTIFACT_URI, run.artifactUri())
                .set(RUN.STAGE, ExperimentStore.ACTIVE)
                .set(RUN.MADE_BY, run.madeBy().orElse(null))
                .execute();
    }

    void update(String id, RunStatus status, @Nullable Long endTime, String name) {
        database.dsl()
                .update(RUN)
                .set(RUN.STATUS, status.name())
                .set(RUN.END_TIME, endTime)
                .set(RUN.NAME, name)
                .where(RUN.ID.eq(id))
                .execute();
    }

    void setStage(String id, String stage, @Nullable Long deletedAt) {
        database.dsl()
                .update(RUN)
                .set(RUN.STAGE, stage)
                .set(RUN.DELETED_AT, deletedAt)
                .where(RUN.ID.eq(id))
                .execute();
    }

    void setStageOfAll(long experimentId, String stage, long now) {
        database.dsl()
                .update(RUN)
                .set(RUN.STAGE, stage)
                .set(RUN.DELETED_AT, stage.equals(ExperimentStore.DELETED) ? Long.valueOf(now) : null)
                .where(RUN.EXPERIMENT_ID.eq(experimentId))
                .execute();
    }

    Optional<Head> find(String id) {
        return database.dsl().selectFrom(RUN).where(RUN.ID.eq(id)).fetchOptional(RunStore::head);
    }

    List<Head> heads(Collection<String> ids) {
        return database.dsl().selectFrom(RUN).where(RUN.ID.in(ids)).fetch(RunStore::head);
    }

    /** Adds what is new and returns what is there now under the keys. */
    Map<String, String> addParams(String run, Map<String, String> params) {
        var query = database.dsl()
                .insertInto(RUN_PARAM, RUN_PARAM.RUN_ID, RUN_PARAM.PARAM_KEY, RUN_PARAM.VAL)
                .values("", "", "")
                .onConflictDoNothing();
        Object[][] rows = new TreeMap<>(params)
                .entrySet().stream()
                        .map(pair -> new Object[] {run, pair.getKey(), pair.getValue()})
                        .toArray(Object[][]::new);
        database.dsl().batch(query, rows).execute();
        return database.dsl()
                .selectFrom(RUN_PARAM)
                .where(RUN_PARAM.RUN_ID.eq(run).and(RUN_PARAM.PARAM_KEY.in(params.keySet())))
                .fetchMap(RUN_PARAM.PARAM_KEY, RUN_PARAM.VAL);
    }

    void setTags(String run, Map<String, String> tags) {
        if (tags.isEmpty()) {
            return;
        }
        var query = database.dsl()
                .insertInto(RUN_TAG, RUN_TAG.RUN_ID, RUN_TAG.TAG_KEY, RUN_TAG.VAL)
                .values("", "", "")
                .onConflict(RUN_TAG.RUN_ID, RUN_TAG.TAG_KEY)
                .doUpdate()
                .set(RUN_TAG.VAL, "");
        Object[][] rows = new TreeMap<>(tags)
                .entrySet().stream()
                        .map(pair -> new Object[] {run, pair.getKey(), pair.getValue(), pair.getValue()})
                        .toArray(Object[][]::new);
        database.dsl().batch(query, rows).execute();
    }

    boolean deleteTag(String run, String key) {
        return database.dsl()
                        .deleteFrom(RUN_TAG)
                        .where(RUN_TAG.RUN_ID.eq(run).and(RUN_TAG.TAG_KEY.eq(key)))
                        .execute()
                > 0;
    }

    Optional<String> tag(String run, String key) {
        return database.dsl()
                .select(RUN_TAG.VAL)
                .from(RUN_TAG)
                .where(RUN_TAG.RUN_ID.eq(run).and(RUN_TAG.TAG_KEY.eq(key)))
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

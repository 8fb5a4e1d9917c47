package org.millwright.pipeline;

import static org.millwright.schema.Tables.PIPELINE_RUN;
import static org.millwright.schema.Tables.PIPELINE_STEP;

import com.fasterxml.jackson.core.type.TypeReference;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jooq.Record;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.millwright.kernel.Database;
import org.millwright.kernel.Json;

/** Runs and the attempts of their steps in the database. */
final class RunStore {
    private static final TypeReference<Map<String, String>> TEXTS = new TypeReference<>() {};
    private static final TypeReference<List<Output>> OUTPUTS = new TypeReference<>() {};

    private final Database database;

    RunStore(Database database) {
        this.database = database;
    }

    void insert(PipelineRun run) {
        database.dsl()
                .insertInto(PIPELINE_RUN)
                .set(PIPELINE_RUN.ID, run.id())
                .set(PIPELINE_RUN.PROJECT, run.project())
                .set(PIPELINE_RUN.PIPELINE, run.pipeline())
                .set(PIPELINE_RUN.PARAMETERS, Json.write(run.parameters()))
                .set(PIPELINE_RUN.SOURCE_ID, run.sourceId())
                .set(PIPELINE_RUN.PROJECT_FILE, run.projectFile())
                .set(PIPELINE_RUN.FRESH, run.fresh() ? 1 : 0)
                .set(PIPELINE_RUN.CAUSE, run.cause())
                .set(PIPELINE_RUN.STATUS, run.status().name())
                .set(PIPELINE_RUN.ERROR, run.error())
                .set(PIPELINE_RUN.STARTED_BY, run.startedBy())
                .set(PIPELINE_RUN.CREATED_AT, run.createdAt())
                .execute();
    }

    void setStatus(String id, RunStatus status, String error, @Nullable Long endedAt) {
        database.dsl()
                .update(PIPELINE_RUN)
                .set(PIPELINE_RUN.STATUS, status.name())
                .set(PIPELINE_RUN.ERROR, error)
                .set(PIPELINE_RUN.ENDED_AT, endedAt)
                .where(PIPELINE_RUN.ID.eq(id))
                .execute();
    }

    /** Milliseconds that steps of a project worked since then, also those that work now. */
    long worked(String project, long since, long now) {
        return database
                .dsl()
                .select(PIPELINE_STEP.STARTED_AT, PIPELINE_STEP.ENDED_AT)
                .from(PIPELINE_STEP)
                .where(PIPELINE_STEP
                        .PROJECT
                        .eq(project)
                        .and(PIPELINE_STEP.STARTED_AT.isNotNull())
                        .and(PIPELINE_STEP.REUSED_FROM.isNull())
                        .and(PIPELINE_STEP.ENDED_AT.isNull().or(PIPELINE_STEP.ENDED_AT.gt(since))))
                .stream()
                .mapToLong(row -> Math.max(
                        0,
                        Optional.ofNullable(row.get(PIPELINE_STEP.ENDED_AT)).orElse(now)
                                - Math.max(row.get(PIPELINE_STEP.STARTED_AT), since)))
                .sum();
    }

    Optional<PipelineRun> find(String id) {
        return database.dsl()
                .selectFrom(PIPELINE_RUN)
                .where(PIPELINE_RUN.ID.eq(id))
                .fetchOptional(RunStore::run);
    }

    /** The run, kept from changing by others until the transaction ends. */
    Optional<PipelineRun> lock(String id) {
        var query = database.dsl().selectFrom(PIPELINE_RUN).where(PIPELINE_RUN.ID.eq(id));
        return (database.isSqlite() ? query.fetchOptional() : query.forUpdate().fetchOptional()).map(RunStore::run);
    }

    List<PipelineRun> list(Optional<String> project, Optional<String> pipeline, int limit) {
        return database.dsl()
                .selectFrom(PIPELINE_RUN)
                .where(project.map(PIPELINE_RUN.PROJECT::eq).orElse(DSL.noCondition()))
                .and(pipeline.map(PIPELINE_RUN.PIPELINE::eq).orElse(DSL.noCondition()))
                .orderBy(PIPELINE_RUN.CREATED_AT.desc(), PIPELINE_RUN.ID.desc())
                .limit(limit)
                .fetch(RunStore::run);
    }

    List<Spent> spent() {
        var took = DSL.sum(
                DSL.when(PIPELINE_STEP.REUSED_FROM.isNull(), PIPELINE_STEP.ENDED_AT.minus(PIPELINE_STEP.STARTED_AT))
                        .otherwise(0L));
        var reused = DSL.sum(DSL.when(PIPELINE_STEP.REUSED_FROM.isNull(), 0).otherwise(1));
        return database.dsl()
                .select(PIPELINE_RUN.PROJECT, PIPELINE_RUN.ID, PIPELINE_RUN.CREATED_AT, took, reused)
                .from(PIPELINE_RUN)
                .join(PIPELINE_STEP)
                .on(PIPELINE_STEP.RUN_ID.eq(PIPELINE_RUN.ID))
                .where(PIPELINE_STEP.STARTED_AT.isNotNull().and(PIPELINE_STEP.ENDED_AT.isNotNull()))
                .groupBy(PIPELINE_RUN.PROJECT, PIPELINE_RUN.ID, PIPELINE_RUN.CREATED_AT)
                .orderBy(PIPELINE_RUN.CREATED_AT)
                .fetch(row -> new Spent(
                        row.value1(),
                        row.value2(),
                        row.value3(),
                        row.value4().longValue(),
                        row.value5().intValue()));
    }

    Map<RunStatus, Integer> counts() {
        var counts = new EnumMap<RunStatus, Integer>(RunStatus.class);
        database.dsl()
                .select(PIPELINE_RUN.STATUS, DSL.count())
                .from(PIPELINE_RUN)
                .groupBy(PIPELINE_RUN.STATUS)
                .forEach(row -> counts.put(RunStatus.valueOf(row.value1()), row.value2()));
        return counts;
    }

    List<PipelineRun> withStatus(RunStatus status) {
        return database.dsl()
                .selectFrom(PIPELINE_RUN)
                .where(PIPELINE_RUN.STATUS.eq(status.name()))
                .orderBy(PIPELINE_RUN.CREATED_AT)
                .fetch(RunStore::run);
    }

    /** The newest runs that any of these people started. */
    List<PipelineRun> startedBy(Collection<String> people, int limit) {
        return database.dsl()
                .selectFrom(PIPELINE_RUN)
                .where(PIPELINE_RUN.STARTED_BY.in(people))
                .orderBy(PIPELINE_RUN.CREATED_AT.desc(), PIPELINE_RUN.ID.desc())
                .limit(limit)
                .fetch(RunStore::run);
    }

    Optional<PipelineRun> byCause(String project, String cause) {
        return database.dsl()
                .selectFrom(PIPELINE_RUN)
                .where(PIPELINE_RUN.PROJECT.eq(project).and(PIPELINE_RUN.CAUSE.eq(cause)))
                .limit(1)
                .fetchOptional(RunStore::run);
    }

    /** Puts an attempt into a status; makes its row when there is none. */
    void setStep(PipelineRun run, int position, String step, int attempt, String kind, StepStatus status) {
        database.dsl()
                .insertInto(PIPELINE_STEP)
                .set(PIPELINE_STEP.RUN_ID, run.id())
                .set(PIPELINE_STEP.STEP, step)
                .set(PIPELINE_STEP.ATTEMPT, attempt)
                .set(PIPELINE_STEP.POSITION, position)
                .set(PIPELINE_STEP.KIND, kind)
                .set(PIPELINE_STEP.STATUS, status.name())
                .set(PIPELINE_STEP.PROJECT, run.project())
                .onConflict(PIPELINE_STEP.RUN_ID, PIPELINE_STEP.STEP, PIPELINE_STEP.ATTEMPT)
                .doUpdate()
                .set(PIPELINE_STEP.STATUS, status.name())
                .execute();
    }

    void setStarted(String runId, String step, int attempt, long at) {
        database.dsl()
                .update(PIPELINE_STEP)
                .set(PIPELINE_STEP.STARTED_AT, at)
                .where(is(runId, step, attempt))
                .execute();
    }

    void setTracking(String runId, String step, int attempt, String trackingRun) {
        database.dsl()
                .update(PIPELINE_STEP)
                .set(PIPELINE_STEP.TRACKING_RUN, trackingRun)
                .where(is(runId, step, attempt))
                .execute();
    }

    void setKey(String runId, String step, int attempt, CacheKey key) {
        database.dsl()
                .update(PIPELINE_STEP)
                .set(PIPELINE_STEP.CACHE_KEY, key.digest())
                .set(PIPELINE_STEP.KEY_PARTS, Json.write(key.parts()))
                .where(is(runId, step, attempt))
                .execute();
    }

    void setEnded(String runId, String step, int attempt, long at, String error) {
        database.dsl()
                .update(PIPELINE_STEP)
                .set(PIPELINE_STEP.ENDED_AT, at)
                .set(PIPELINE_STEP.ERROR, error)
                .where(is(runId, step, attempt))
                .execute();
    }

    void setOutputs(
            String runId, String step, int attempt, List<Output> outputs, String summary, @Nullable String from) {
        database.dsl()
                .update(PIPELINE_STEP)
                .set(PIPELINE_STEP.OUTPUTS, Json.write(outputs))
                .set(PIPELINE_STEP.SUMMARY, summary)
                .set(PIPELINE_STEP.REUSED_FROM, from)
                .where(is(runId, step, attempt))
                .execute();
    }

    private static org.jooq.Condition is(String runId, String step, int attempt) {
        return PIPELINE_STEP.RUN_ID.eq(runId).and(PIPELINE_STEP.STEP.eq(step)).and(PIPELINE_STEP.ATTEMPT.eq(attempt));
    }

    /** All attempts of a run, by position and attempt. */
    List<StepAttempt> attempts(String runId) {
        return database.dsl()
                .selectFrom(PIPELINE_STEP)
                .where(PIPELINE_STEP.RUN_ID.eq(runId))
                .orderBy(PIPELINE_STEP.POSITION, PIPELINE_STEP.ATTEMPT)
                .fetch(RunStore::attempt);
    }

    /** The newest attempt of each step of a run, by step in order of position. */
    Map<String, StepAttempt> newest(String runId) {
        var newest = new LinkedHashMap<String, StepAttempt>();
        attempts(runId).forEach(attempt -> newest.put(attempt.step(), attempt));
        return newest;
    }

    /** The newest attempt of each step of several runs, in order of position. */
    Map<String, List<StepAttempt>> newest(Collection<String> runs) {
        var newest = new HashMap<String, Map<String, StepAttempt>>();
        database.dsl()
                .selectFrom(PIPELINE_STEP)
                .where(PIPELINE_STEP.RUN_ID.in(runs))
                .orderBy(PIPELINE_STEP.POSITION, PIPELINE_STEP.ATTEMPT)
                .fetch(RunStore::attempt)
                .forEach(attempt -> newest.computeIfAbsent(attempt.runId(), run -> new LinkedHashMap<>())
                        .put(attempt.step(), attempt));
        var steps = new HashMap<String, List<StepAttempt>>();
        newest.forEach((run, byStep) -> steps.put(run, List.copyOf(byStep.values())));
        return steps;
    }

    /** The newest attempt that really made outputs under the key. */
    Optional<StepAttempt> made(String project, String key) {
        return database.dsl()
                .selectFrom(PIPELINE_STEP)
                .where(PIPELINE_STEP
                        .PROJECT
                        .eq(project)
                        .and(PIPELINE_STEP.CACHE_KEY.eq(key))
                        .and(PIPELINE_STEP.STATUS.eq(StepStatus.SUCCEEDED.name())))
                .orderBy(PIPELINE_STEP.ENDED_AT.desc())
                .limit(1)
                .fetchOptional(RunStore::attempt);
    }

    /** The newest keyed attempts of the step with this id and kind in a project, before a time. */
    List<StepAttempt> keyed(String project, String step, String kind, long before, int limit) {
        return database.dsl()
                .selectFrom(PIPELINE_STEP)
                .where(PIPELINE_STEP
                        .PROJECT
                        .eq(project)
                        .and(PIPELINE_STEP.STEP.eq(step))
                        .and(PIPELINE_STEP.KIND.eq(kind))
                        .and(PIPELINE_STEP.CACHE_KEY.isNotNull())
                        .and(PIPELINE_STEP.STATUS.in(StepStatus.SUCCEEDED.name(), StepStatus.REUSED.name()))
                        .and(PIPELINE_STEP.STARTED_AT.lt(before)))
                .orderBy(PIPELINE_STEP.STARTED_AT.desc())
                .limit(limit)
                .fetch(RunStore::attempt);
    }

    private static PipelineRun run(Record row) {
        return new PipelineRun(
                row.get(PIPELINE_RUN.ID),
                row.get(PIPELINE_RUN.PROJECT),
                row.get(PIPELINE_RUN.PIPELINE),
                Json.read(row.get(PIPELINE_RUN.PARAMETERS), TEXTS),
                row.get(PIPELINE_RUN.SOURCE_ID),
                row.get(PIPELINE_RUN.PROJECT_FILE),
                row.get(PIPELINE_RUN.FRESH) != 0,
                row.get(PIPELINE_RUN.CAUSE),
                RunStatus.valueOf(row.get(PIPELINE_RUN.STATUS)),
                Optional.ofNullable(row.get(PIPELINE_RUN.ERROR)).orElse(""),
                row.get(PIPELINE_RUN.STARTED_BY),
                row.get(PIPELINE_RUN.CREATED_AT),
                Optional.ofNullable(row.get(PIPELINE_RUN.ENDED_AT)));
    }

    private static StepAttempt attempt(Record row) {
        return new StepAttempt(
                row.get(PIPELINE_STEP.RUN_ID),
                row.get(PIPELINE_STEP.STEP),
                row.get(PIPELINE_STEP.ATTEMPT),
                row.get(PIPELINE_STEP.POSITION),
                row.get(PIPELINE_STEP.KIND),
                StepStatus.valueOf(row.get(PIPELINE_STEP.STATUS)),
                Optional.ofNullable(row.get(PIPELINE_STEP.TRACKING_RUN)),
                Optional.ofNullable(row.get(PIPELINE_STEP.CACHE_KEY)),
                Optional.ofNullable(row.get(PIPELINE_STEP.KEY_PARTS))
                        .map(text -> Json.read(text, TEXTS))
                        .orElse(Map.of()),
                Optional.ofNullable(row.get(PIPELINE_STEP.REUSED_FROM)),
                Optional.ofNullable(row.get(PIPELINE_STEP.STARTED_AT)),
                Optional.ofNullable(row.get(PIPELINE_STEP.ENDED_AT)),
                Optional.ofNullable(row.get(PIPELINE_STEP.ERROR)).orElse(""),
                Optional.ofNullable(row.get(PIPELINE_STEP.SUMMARY)).orElse(""),
                Optional.ofNullable(row.get(PIPELINE_STEP.OUTPUTS))
                        .map(text -> Json.read(text, OUTPUTS))
                        .orElse(List.of()));
    }
}

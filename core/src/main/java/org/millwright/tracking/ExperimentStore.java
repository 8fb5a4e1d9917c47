package org.millwright.tracking;

import static org.jooq.impl.DSL.exists;
import static org.jooq.impl.DSL.max;
import static org.jooq.impl.DSL.notExists;
import static org.jooq.impl.DSL.selectOne;
import static org.millwright.schema.Tables.EXPERIMENT;
import static org.millwright.schema.Tables.EXPERIMENT_TAG;
import static org.millwright.schema.Tables.RUN_DATASET;
import static org.millwright.schema.Tables.RUN_INPUT;
import static org.millwright.schema.Tables.RUN_INPUT_TAG;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.SortField;
import org.jooq.impl.SQLDataType;
import org.millwright.kernel.Database;
import org.millwright.tracking.Clause.Entity;
import org.millwright.tracking.Clause.Op;

/** Experiments and their tags in the database; every change of one goes through the same store, which remembers them. */
final class ExperimentStore {
    static final String ACTIVE = "active";
    static final String DELETED = "deleted";

    private static final long LOCK = 0x4d57_4558_5045_5249L;
    private static final int REMEMBERED = 1_000;

    private final Database database;
    private final SearchStore search;
    private final Remembered<Long, Experiment> known;

    ExperimentStore(Database database) {
        this.database = database;
        this.search = new SearchStore(database);
        this.known = new Remembered<>(database, REMEMBERED);
    }

    /** Makes this transaction the only one that creates or renames; SQLite has one writer anyway. */
    void lock() {
        if (!database.isSqlite()) {
            database.dsl().execute("select pg_advisory_xact_lock(?)", LOCK);
        }
    }

    /** The next number, never given before. */
    long nextId() {
        Long last = database.dsl().select(max(EXPERIMENT.ID)).from(EXPERIMENT).fetchOne(0, Long.class);
        return last == null ? 0 : last + 1;
    }

    void insert(long id, String name, String location, long now) {
        known.forget(id);
        database.dsl()
                .insertInto(EXPERIMENT)
                .set(EXPERIMENT.ID, id)
                .set(EXPERIMENT.NAME, name)
                .set(EXPERIMENT.ARTIFACT_LOCATION, location)
                .set(EXPERIMENT.STAGE, ACTIVE)
                .set(EXPERIMENT.CREATED_AT, now)
                .set(EXPERIMENT.UPDATED_AT, now)
                .execute();
    }

    void setStage(long id, String stage, long now) {
        known.forget(id);
        database.dsl()
                .update(EXPERIMENT)
                .set(EXPERIMENT.STAGE, stage)
                .set(EXPERIMENT.UPDATED_AT, now)
                .where(EXPERIMENT.ID.eq(id))
                .execute();
    }

    void setName(long id, String name, long now) {
        known.forget(id);
        database.dsl()
                .update(EXPERIMENT)
                .set(EXPERIMENT.NAME, name)
                .set(EXPERIMENT.UPDATED_AT, now)
                .where(EXPERIMENT.ID.eq(id))
                .execute();
    }

    void setTag(long id, String key, String value) {
        known.forget(id);
        database.dsl()
                .insertInto(EXPERIMENT_TAG)
                .set(EXPERIMENT_TAG.EXPERIMENT_ID, id)
                .set(EXPERIMENT_TAG.TAG_KEY, key)
                .set(EXPERIMENT_TAG.VAL, value)
                .onConflict(EXPERIMENT_TAG.EXPERIMENT_ID, EXPERIMENT_TAG.TAG_KEY)
                .doUpdate()
                .set(EXPERIMENT_TAG.VAL, value)
                .execute();
    }

    boolean deleteTag(long id, String key) {
        known.forget(id);
        return database.dsl()
                        .deleteFrom(EXPERIMENT_TAG)
                        .where(EXPERIMENT_TAG.EXPERIMENT_ID.eq(id).and(EXPERIMENT_TAG.TAG_KEY.eq(key)))
                        .execute()
                > 0;
    }

    Optional<Experiment> find(long id) {
        return known.get(id, () -> first(EXPERIMENT.ID.eq(id)));
    }

    Optional<Experiment> byName(String name) {
        return first(EXPERIMENT.NAME.eq(name));
    }

    private Optional<Experiment> first(Condition condition) {
        return experiments(
                        database.dsl().selectFrom(EXPERIMENT).where(condition).fetch())
                .stream()
                .findFirst();
    }

    List<Experiment> search(View view, List<Clause> clauses, List<SearchOrder> orders, int offset, int limit) {
        var conditions = new ArrayList<Condition>();
        if (view != View.ALL) {
            conditions.add(EXPERIMENT.STAGE.eq(view == View.ACTIVE_ONLY ? ACTIVE : DELETED));
        }
        clauses.forEach(clause -> conditions.add(condition(clause)));
        var sort = new ArrayList<SortField<?>>();
        orders.forEach(order -> sort.addAll(sort(order)));
        if (orders.isEmpty()) {
            sort.add(EXPERIMENT.CREATED_AT.desc());
            sort.add(EXPERIMENT.ID.asc());
        } else {
            sort.add(EXPERIMENT.ID.desc());
        }
        return experiments(database.dsl()
                .selectFrom(EXPERIMENT)
                .where(SearchStore.all(conditions))
                .orderBy(sort)
                .limit(limit)
                .offset(offset)
                .fetch());
    }

    private Condition condition(Clause clause) {
        if (clause.entity() == Entity.TAG) {
            Condition key = EXPERIMENT_TAG.EXPERIMENT_ID.eq(EXPERIMENT.ID).and(EXPERIMENT_TAG.TAG_KEY.eq(clause.key()));
            if (clause.op() == Op.IS_NULL) {
                return notExists(selectOne().from(EXPERIMENT_TAG).where(key));
            }
            Condition value = clause.op() == Op.IS_NOT_NULL
                    ? EXPERIMENT_TAG.VAL.isNotNull()
                    : search.text(EXPERIMENT_TAG.VAL, clause);
            return exists(selectOne().from(EXPERIMENT_TAG).where(key.and(value)));
        }
        return switch (clause.key()) {
            case "creation_time" -> search.whole(EXPERIMENT.CREATED_AT, clause);
            case "last_update_time" -> search.whole(EXPERIMENT.UPDATED_AT, clause);
            case "name" -> search.text(EXPERIMENT.NAME, clause);
            default -> search.text(idText(), clause);
        };
    }

    private static Field<String> idText() {
        return EXPERIMENT.ID.cast(SQLDataType.VARCHAR);
    }

    private List<SortField<?>> sort(SearchOrder order) {
        return switch (order.key()) {
            case "creation_time" -> search.byNumber(EXPERIMENT.CREATED_AT, order.ascending());
            case "last_update_time" -> search.byNumber(EXPERIMENT.UPDATED_AT, order.ascending());
            case "name" -> search.byText(EXPERIMENT.NAME, order.ascending());
            default -> search.byNumber(EXPERIMENT.ID, order.ascending());
        };
    }

    /** One dataset that runs of an experiment read, in one of its contexts. */
    record DatasetUse(long experimentId, String name, String digest, Optional<String> context) {}

    List<DatasetUse> datasets(List<Long> experimentIds, int limit) {
        return database.dsl()
                .selectDistinct(RUN_DATASET.EXPERIMENT_ID, RUN_DATASET.NAME, RUN_DATASET.DIGEST, RUN_INPUT_TAG.VAL)
                .from(RUN_DATASET)
                .join(RUN_INPUT)
                .on(RUN_INPUT.DATASET_ID.eq(RUN_DATASET.ID))
                .leftJoin(RUN_INPUT_TAG)
                .on(RUN_INPUT_TAG
                        .DATASET_ID
                        .eq(RUN_INPUT.DATASET_ID)
                        .and(RUN_INPUT_TAG.RUN_ID.eq(RUN_INPUT.RUN_ID))
                        .and(RUN_INPUT_TAG.TAG_KEY.eq(RunClauseStore.CONTEXT_TAG)))
                .where(RUN_DATASET.EXPERIMENT_ID.in(experimentIds))
                .limit(limit)
                .fetch(row -> new DatasetUse(
                        row.get(RUN_DATASET.EXPERIMENT_ID),
                        row.get(RUN_DATASET.NAME),
                        row.get(RUN_DATASET.DIGEST),
                        Optional.ofNullable(row.get(RUN_INPUT_TAG.VAL))));
    }

    private List<Experiment> experiments(List<? extends Record> rows) {
        var tags = new TreeMap<Long, Map<String, String>>();
        List<Long> ids = rows.stream().map(row -> row.get(EXPERIMENT.ID)).toList();
        for (int from = 0; from < ids.size(); from += 500) {
            database.dsl()
                    .selectFrom(EXPERIMENT_TAG)
                    .where(EXPERIMENT_TAG.EXPERIMENT_ID.in(ids.subList(from, Math.min(ids.size(), from + 500))))
                    .forEach(row -> tags.computeIfAbsent(row.get(EXPERIMENT_TAG.EXPERIMENT_ID), id -> new TreeMap<>())
                            .put(row.get(EXPERIMENT_TAG.TAG_KEY), row.get(EXPERIMENT_TAG.VAL)));
        }
        var experiments = new ArrayList<Experiment>(rows.size());
        for (Record row : rows) {
            long id = row.get(EXPERIMENT.ID);
            experiments.add(new Experiment(
                    Long.toString(id),
                    row.get(EXPERIMENT.NAME),
                    row.get(EXPERIMENT.ARTIFACT_LOCATION),
                    row.get(EXPERIMENT.STAGE).equals(DELETED),
                    row.get(EXPERIMENT.CREATED_AT),
                    row.get(EXPERIMENT.UPDATED_AT),
                    tags.getOrDefault(id, Map.of())));
        }
        return experiments;
    }
}

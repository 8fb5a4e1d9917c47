package org.millwright.tracking;

import static org.jooq.impl.DSL.exists;
import static org.jooq.impl.DSL.notExists;
import static org.jooq.impl.DSL.or;
import static org.jooq.impl.DSL.selectOne;
import static org.millwright.schema.Tables.LATEST_METRIC;
import static org.millwright.schema.Tables.RUN;
import static org.millwright.schema.Tables.RUN_DATASET;
import static org.millwright.schema.Tables.RUN_INPUT;
import static org.millwright.schema.Tables.RUN_INPUT_TAG;
import static org.millwright.schema.Tables.RUN_MODEL;
import static org.millwright.schema.Tables.RUN_PARAM;
import static org.millwright.schema.Tables.RUN_TAG;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.SelectJoinStep;
import org.jooq.SortField;
import org.millwright.kernel.Database;
import org.millwright.tracking.Clause.Entity;
import org.millwright.tracking.Clause.Op;

/** Searches runs, and reads them whole in a few statements a page. */
final class RunSearchStore {
    static final String CONTEXT_TAG = "mlflow.data.context";

    private static final int TOGETHER = 500;

    private final Database database;
    private final SearchStore search;

    RunSearchStore(Database database) {
        this.database = database;
        this.search = new SearchStore(database);
    }

    /** Ids of runs that match, in order. */
    List<String> search(
            List<Long> experiments, View view, List<Clause> clauses, List<SearchOrder> orders, int offset, int limit) {
        SelectJoinStep<? extends Record> from = database.dsl().select(RUN.ID).from(RUN);
        var sort = new ArrayList<SortField<?>>();
        for (int i = 0; i < orders.size(); i++) {
            from = join(from, orders.get(i), "o" + i, sort);
        }
        if (orders.stream()
                .noneMatch(order ->
                        order.entity() == Entity.ATTRIBUTE && order.key().equals("start_time"))) {
            sort.add(RUN.START_TIME.desc());
        }
        sort.add(RUN.ID.asc());
        var conditions = new ArrayList<Condition>();
        conditions.add(RUN.EXPERIMENT_ID.in(experiments));
        if (view != View.ALL) {
            conditions.add(RUN.STAGE.eq(view == View.ACTIVE_ONLY ? ExperimentStore.ACTIVE : ExperimentStore.DELETED));
        }
        clauses.forEach(clause -> conditions.add(condition(clause)));
        return from.where(SearchStore.all(conditions))
                .orderBy(sort)
                .limit(limit)
                .offset(offset)
                .fetch(RUN.ID);
    }

    private SelectJoinStep<? extends Record> join(
            SelectJoinStep<? extends Record> from, SearchOrder order, String alias, List<SortField<?>> sort) {
        boolean up = order.ascending();
        switch (order.entity()) {
            case METRIC -> {
                var latest = LATEST_METRIC.as(alias);
                sort.addAll(search.byMetric(latest.VAL, latest.IS_NAN, up));
                return from.leftJoin(latest).on(latest.RUN_ID.eq(RUN.ID).and(latest.METRIC_KEY.eq(order.key())));
            }
            case PARAMETER -> {
                var param = RUN_PARAM.as(alias);
                sort.addAll(search.byText(param.VAL, up));
                return from.leftJoin(param).on(param.RUN_ID.eq(RUN.ID).and(param.PARAM_KEY.eq(order.key())));
            }
            case TAG -> {
                var tag = RUN_TAG.as(alias);
                sort.addAll(search.byText(tag.VAL, up));
                return from.leftJoin(tag).on(tag.RUN_ID.eq(RUN.ID).and(tag.TAG_KEY.eq(order.key())));
            }
            default -> {
                sort.addAll(
                        switch (order.key()) {
                            case "start_time" -> search.byNumber(RUN.START_TIME, up);
                            case "end_time" -> search.byNumber(RUN.END_TIME, up);
                            default -> search.byText(attribute(order.key()), up);
                        });
                return from;
            }
        }
    }

    private Condition condition(Clause clause) {
        return switch (clause.entity()) {
            case METRIC ->
                exists(selectOne()
                        .from(LATEST_METRIC)
                        .where(LATEST_METRIC
                                .RUN_ID
                                .eq(RUN.ID)
                                .and(LATEST_METRIC.METRIC_KEY.eq(clause.key()))
                                .and(metric(clause))));
            case PARAMETER ->
                having(
                        clause,
                        RUN_PARAM.RUN_ID.eq(RUN.ID).and(RUN_PARAM.PARAM_KEY.eq(clause.key())),
                        RUN_PARAM,
                        RUN_PARAM.VAL);
            case TAG ->
                having(clause, RUN_TAG.RUN_ID.eq(RUN.ID).and(RUN_TAG.TAG_KEY.eq(clause.key())), RUN_TAG, RUN_TAG.VAL);
            case DATASET -> dataset(clause);
            case ATTRIBUTE ->
                switch (clause.key()) {
                    case "start_time" -> search.whole(RUN.START_TIME, clause);
                    case "end_time" -> search.whole(RUN.END_TIME, clause);
                    default -> search.text(attribute(clause.key()), clause);
                };
        };
    }

    /** NaN is different from every number and in no order with any. */
    private Condition metric(Clause clause) {
        Condition isNan = LATEST_METRIC.IS_NAN.eq(1);
        Condition number = search.number(LATEST_METRIC.VAL, clause);
        return clause.op() == Op.NE ? or(isNan, number) : isNan.not().and(number);
    }

    private Condition having(Clause clause, Condition key, org.jooq.Table<?> table, Field<String> value) {
        return switch (clause.op()) {
            case IS_NULL -> notExists(selectOne().from(table).where(key));
            case IS_NOT_NULL -> exists(selectOne().from(table).where(key));
            default -> exists(selectOne().from(table).where(key.and(search.text(value, clause))));
        };
    }

    private Condition dataset(Clause clause) {
        if (clause.key().equals("context")) {
            return exists(selectOne()
                    .from(RUN_INPUT_TAG)
                    .where(RUN_INPUT_TAG
                            .RUN_ID
                            .eq(RUN.ID)
                            .and(RUN_INPUT_TAG.TAG_KEY.eq(CONTEXT_TAG))
                            .and(search.text(RUN_INPUT_TAG.VAL, clause))));
        }
        Field<String> field = clause.key().equals("name") ? RUN_DATASET.NAME : RUN_DATASET.DIGEST;
        return exists(selectOne()
                .from(RUN_INPUT)
                .join(RUN_DATASET)
                .on(RUN_DATASET.ID.eq(RUN_INPUT.DATASET_ID))
                .where(RUN_INPUT.RUN_ID.eq(RUN.ID).and(search.text(field, clause))));
    }

    private static Field<String> attribute(String key) {
        return switch (key) {
            case "run_id" -> RUN.ID;
            case "run_name" -> RUN.NAME;
            case "status" -> RUN.STATUS;
            case "artifact_uri" -> RUN.ARTIFACT_URI;
            case "user_id" -> RUN.USER_ID;
            default -> throw new IllegalStateException("No column for attribute " + key);
        };
    }

    /** The runs with everything that they logged, in the order of the ids. */
    List<Run> whole(List<String> ids) {
        var runs = new ArrayList<Run>(ids.size());
        for (int from = 0; from < ids.size(); from += TOGETHER) {
            List<String> some = ids.subList(from, Math.min(ids.size(), from + TOGETHER));
            var heads = new HashMap<String, RunStore.Head>();
            database.dsl().selectFrom(RUN).where(RUN.ID.in(some)).forEach(row -> {
                RunStore.Head head = RunStore.head(row);
                heads.put(head.id(), head);
            });
            var parts = new Parts(some);
            for (String id : some) {
                RunStore.Head head = heads.get(id);
                if (head != null) {
                    runs.add(parts.run(head));
                }
            }
        }
        return runs;
    }

    /** What some runs logged, by run. */
    private final class Parts {
        private final Map<String, List<Metric>> metrics = new HashMap<>();
        private final Map<String, Map<String, String>> params = new HashMap<>();
        private final Map<String, Map<String, String>> tags = new HashMap<>();
        private final Map<String, List<DatasetInput>> inputs = new HashMap<>();
        private final Map<String, List<String>> inputModels = new HashMap<>();
        private final Map<String, List<Run.ModelOutput>> outputs = new HashMap<>();

        Parts(Collection<String> ids) {
            database.dsl()
                    .selectFrom(LATEST_METRIC)
                    .where(LATEST_METRIC.RUN_ID.in(ids))
                    .orderBy(LATEST_METRIC.RUN_ID, LATEST_METRIC.METRIC_KEY)
                    .forEach(row -> metrics.computeIfAbsent(row.get(LATEST_METRIC.RUN_ID), id -> new ArrayList<>())
                            .add(MetricStore.latestMetric(row)));
            database.dsl()
                    .selectFrom(RUN_PARAM)
                    .where(RUN_PARAM.RUN_ID.in(ids))
                    .forEach(row -> params.computeIfAbsent(row.get(RUN_PARAM.RUN_ID), id -> new TreeMap<>())
                            .put(row.get(RUN_PARAM.PARAM_KEY), row.get(RUN_PARAM.VAL)));
            database.dsl()
                    .selectFrom(RUN_TAG)
                    .where(RUN_TAG.RUN_ID.in(ids))
                    .forEach(row -> tags.computeIfAbsent(row.get(RUN_TAG.RUN_ID), id -> new TreeMap<>())
                            .put(row.get(RUN_TAG.TAG_KEY), row.get(RUN_TAG.VAL)));
            database.dsl()
                    .selectFrom(RUN_MODEL)
                    .where(RUN_MODEL.RUN_ID.in(ids))
                    .orderBy(RUN_MODEL.MODEL_ID)
                    .forEach(this::addModel);
            addInputs(ids);
        }

        private void addModel(Record row) {
            String run = row.get(RUN_MODEL.RUN_ID);
            if (row.get(RUN_MODEL.DIRECTION).equals(RunStore.IN)) {
                inputModels.computeIfAbsent(run, id -> new ArrayList<>()).add(row.get(RUN_MODEL.MODEL_ID));
            } else {
                outputs.computeIfAbsent(run, id -> new ArrayList<>())
                        .add(new Run.ModelOutput(row.get(RUN_MODEL.MODEL_ID), row.get(RUN_MODEL.STEP)));
            }
        }

        private void addInputs(Collection<String> ids) {
            var inputTags = new HashMap<String, Map<String, String>>();
            database.dsl()
                    .selectFrom(RUN_INPUT_TAG)
                    .where(RUN_INPUT_TAG.RUN_ID.in(ids))
                    .forEach(row -> inputTags
                            .computeIfAbsent(
                                    row.get(RUN_INPUT_TAG.RUN_ID) + row.get(RUN_INPUT_TAG.DATASET_ID),
                                    id -> new TreeMap<>())
                            .put(row.get(RUN_INPUT_TAG.TAG_KEY), row.get(RUN_INPUT_TAG.VAL)));
            database.dsl()
                    .select(RUN_INPUT.RUN_ID)
                    .select(RUN_DATASET.fields())
                    .from(RUN_INPUT)
                    .join(RUN_DATASET)
                    .on(RUN_DATASET.ID.eq(RUN_INPUT.DATASET_ID))
                    .where(RUN_INPUT.RUN_ID.in(ids))
                    .orderBy(RUN_INPUT.RUN_ID, RUN_INPUT.POS)
                    .forEach(row -> inputs.computeIfAbsent(row.get(RUN_INPUT.RUN_ID), id -> new ArrayList<>())
                            .add(new DatasetInput(
                                    row.get(RUN_DATASET.NAME),
                                    row.get(RUN_DATASET.DIGEST),
                                    row.get(RUN_DATASET.SOURCE_TYPE),
                                    row.get(RUN_DATASET.SOURCE),
                                    Optional.ofNullable(row.get(RUN_DATASET.SCHEMA_JSON)),
                                    Optional.ofNullable(row.get(RUN_DATASET.PROFILE)),
                                    inputTags.getOrDefault(
                                            row.get(RUN_INPUT.RUN_ID) + row.get(RUN_DATASET.ID), Map.of()))));
        }

        Run run(RunStore.Head head) {
            String id = head.id();
            return new Run(
                    id,
                    Long.toString(head.experimentId()),
                    head.name(),
                    head.userId(),
                    head.status(),
                    head.startTime(),
                    head.endTime(),
                    head.artifactUri(),
                    head.deleted(),
                    head.madeBy(),
                    metrics.getOrDefault(id, List.of()),
                    params.getOrDefault(id, Map.of()),
                    tags.getOrDefault(id, Map.of()),
                    inputs.getOrDefault(id, List.of()),
                    inputModels.getOrDefault(id, List.of()),
                    outputs.getOrDefault(id, List.of()));
        }
    }
}

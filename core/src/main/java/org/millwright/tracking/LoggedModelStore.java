package org.millwright.tracking;

import static org.jooq.impl.DSL.exists;
import static org.jooq.impl.DSL.or;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.selectOne;
import static org.millwright.schema.Tables.LOGGED_MODEL;
import static org.millwright.schema.Tables.LOGGED_MODEL_METRIC;
import static org.millwright.schema.Tables.LOGGED_MODEL_PARAM;
import static org.millwright.schema.Tables.LOGGED_MODEL_TAG;

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
import org.jooq.SortField;
import org.jooq.impl.DSL;
import org.millwright.kernel.Database;
import org.millwright.kernel.Problem;
import org.millwright.tracking.Clause.Entity;
import org.millwright.tracking.Clause.Op;

/** Logged models, their parameters, tags and metrics in the database. */
final class LoggedModelStore {
    private static final int TOGETHER = 500;

    private final Database database;
    private final SearchStore search;

    LoggedModelStore(Database database) {
        this.database = database;
        this.search = new SearchStore(database);
    }

    void insert(LoggedModel model) {
        database.dsl()
                .insertInto(LOGGED_MODEL)
                .set(LOGGED_MODEL.ID, model.id())
                .set(LOGGED_MODEL.EXPERIMENT_ID, Long.valueOf(model.experimentId()))
                .set(LOGGED_MODEL.NAME, model.name())
                .set(LOGGED_MODEL.MODEL_TYPE, model.type())
                .set(LOGGED_MODEL.STATUS, model.status().name())
                .set(LOGGED_MODEL.SOURCE_RUN_ID, model.sourceRunId().orElse(null))
                .set(LOGGED_MODEL.ARTIFACT_URI, model.artifactUri())
                .set(LOGGED_MODEL.STAGE, ExperimentStore.ACTIVE)
                .set(LOGGED_MODEL.CREATED_AT, model.createdAt())
                .set(LOGGED_MODEL.UPDATED_AT, model.updatedAt())
                .execute();
    }

    void setStatus(String id, LoggedModel.Status status, long now) {
        database.dsl()
                .update(LOGGED_MODEL)
                .set(LOGGED_MODEL.STATUS, status.name())
                .set(LOGGED_MODEL.UPDATED_AT, now)
                .where(LOGGED_MODEL.ID.eq(id))
                .execute();
    }

    void delete(String id, long now) {
        database.dsl()
                .update(LOGGED_MODEL)
                .set(LOGGED_MODEL.STAGE, ExperimentStore.DELETED)
                .set(LOGGED_MODEL.UPDATED_AT, now)
                .where(LOGGED_MODEL.ID.eq(id))
                .execute();
    }

    void setParams(String id, Map<String, String> params) {
        if (params.isEmpty()) {
            return;
        }
        var query = database.dsl()
                .insertInto(
                        LOGGED_MODEL_PARAM,
                        LOGGED_MODEL_PARAM.MODEL_ID,
                        LOGGED_MODEL_PARAM.PARAM_KEY,
                        LOGGED_MODEL_PARAM.VAL)
                .values("", "", "")
                .onConflict(LOGGED_MODEL_PARAM.MODEL_ID, LOGGED_MODEL_PARAM.PARAM_KEY)
                .doUpdate()
                .set(LOGGED_MODEL_PARAM.VAL, "");
        Object[][] rows = new TreeMap<>(params)
                .entrySet().stream()
                        .map(pair -> new Object[] {id, pair.getKey(), pair.getValue(), pair.getValue()})
                        .toArray(Object[][]::new);
        database.dsl().batch(query, rows).execute();
    }

    void setTags(String id, Map<String, String> tags) {
        if (tags.isEmpty()) {
            return;
        }
        var query = database.dsl()
                .insertInto(LOGGED_MODEL_TAG, LOGGED_MODEL_TAG.MODEL_ID, LOGGED_MODEL_TAG.TAG_KEY, LOGGED_MODEL_TAG.VAL)
                .values("", "", "")
                .onConflict(LOGGED_MODEL_TAG.MODEL_ID, LOGGED_MODEL_TAG.TAG_KEY)
                .doUpdate()
                .set(LOGGED_MODEL_TAG.VAL, "");
        Object[][] rows = new TreeMap<>(tags)
                .entrySet().stream()
                        .map(pair -> new Object[] {id, pair.getKey(), pair.getValue(), pair.getValue()})
                        .toArray(Object[][]::new);
        database.dsl().batch(query, rows).execute();
    }

    boolean deleteTag(String id, String key) {
        return database.dsl()
                        .deleteFrom(LOGGED_MODEL_TAG)
                        .where(LOGGED_MODEL_TAG.MODEL_ID.eq(id).and(LOGGED_MODEL_TAG.TAG_KEY.eq(key)))
                        .execute()
                > 0;
    }

    /** The model with everything, deleted or not; {@link Problem.NotFound} in MLflow's words. */
    LoggedModel require(String id) {
        return find(id).orElseThrow(
                        () -> new Problem.NotFound("Logged model with ID '" + Names.shortened(id) + "' not found."));
    }

    Optional<LoggedModel> find(String id) {
        return whole(database.dsl()
                        .selectFrom(LOGGED_MODEL)
                        .where(LOGGED_MODEL.ID.eq(id))
                        .fetch())
                .stream()
                .findFirst();
    }

    List<LoggedModel> ofRun(String run) {
        return whole(database.dsl()
                .selectFrom(LOGGED_MODEL)
                .where(LOGGED_MODEL.SOURCE_RUN_ID.eq(run).and(LOGGED_MODEL.STAGE.eq(ExperimentStore.ACTIVE)))
                .orderBy(LOGGED_MODEL.CREATED_AT, LOGGED_MODEL.ID)
                .fetch());
    }

    List<LoggedModel> search(ModelSearch asked, List<Clause> clauses, List<Long> experiments, int offset, int limit) {
        var conditions = new ArrayList<Condition>();
        conditions.add(LOGGED_MODEL.EXPERIMENT_ID.in(experiments));
        conditions.add(LOGGED_MODEL.STAGE.eq(ExperimentStore.ACTIVE));
        boolean metricAsked = clauses.stream().anyMatch(clause -> clause.entity() == Entity.METRIC);
        clauses.forEach(clause -> conditions.add(condition(clause, asked.datasets())));
        if (!asked.datasets().isEmpty() && !metricAsked) {
            conditions.add(exists(selectOne()
                    .from(LOGGED_MODEL_METRIC)
                    .where(LOGGED_MODEL_METRIC.MODEL_ID.eq(LOGGED_MODEL.ID).and(on(asked.datasets())))));
        }
        var sort = new ArrayList<SortField<?>>();
        asked.orderBy().forEach(order -> sort.addAll(sort(order)));
        if (asked.orderBy().stream().noneMatch(order -> order.field().equals("creation_timestamp"))) {
            sort.add(LOGGED_MODEL.CREATED_AT.desc());
        }
        sort.add(LOGGED_MODEL.ID.asc());
        return whole(database.dsl()
                .selectFrom(LOGGED_MODEL)
                .where(SearchStore.all(conditions))
                .orderBy(sort)
                .limit(limit)
                .offset(offset)
                .fetch());
    }

    private Condition condition(Clause clause, List<Metric.DatasetRef> datasets) {
        return switch (clause.entity()) {
            case METRIC -> metric(clause, datasets);
            case PARAMETER ->
                exists(selectOne()
                        .from(LOGGED_MODEL_PARAM)
                        .where(LOGGED_MODEL_PARAM
                                .MODEL_ID
                                .eq(LOGGED_MODEL.ID)
                                .and(LOGGED_MODEL_PARAM.PARAM_KEY.eq(clause.key()))
                                .and(search.text(LOGGED_MODEL_PARAM.VAL, clause))));
            case TAG ->
                exists(selectOne()
                        .from(LOGGED_MODEL_TAG)
                        .where(LOGGED_MODEL_TAG
                                .MODEL_ID
                                .eq(LOGGED_MODEL.ID)
                                .and(LOGGED_MODEL_TAG.TAG_KEY.eq(clause.key()))
                                .and(search.text(LOGGED_MODEL_TAG.VAL, clause))));
            default ->
                switch (clause.key()) {
                    case "creation_timestamp" -> search.whole(LOGGED_MODEL.CREATED_AT, clause);
                    case "last_updated_timestamp" -> search.whole(LOGGED_MODEL.UPDATED_AT, clause);
                    case "status" -> search.text(LOGGED_MODEL.STATUS, statusClause(clause));
                    default -> search.text(attribute(clause.key()), clause);
                };
        };
    }

    /** READY means LOGGED_MODEL_READY. */
    private static Clause statusClause(Clause clause) {
        boolean brief = clause.literal() instanceof Clause.Literal.Text(String text)
                && LoggedModel.Status.of("LOGGED_MODEL_" + text).isPresent();
        return brief
                ? new Clause(
                        clause.entity(),
                        clause.key(),
                        clause.op(),
                        new Clause.Literal.Text("LOGGED_MODEL_" + clause.text()))
                : clause;
    }

    private Condition metric(Clause clause, List<Metric.DatasetRef> datasets) {
        Condition isNan = LOGGED_MODEL_METRIC.IS_NAN.eq(1);
        Condition number = search.number(LOGGED_MODEL_METRIC.VAL, clause);
        Condition value = clause.op() == Op.NE ? or(isNan, number) : isNan.not().and(number);
        return exists(selectOne()
                .from(LOGGED_MODEL_METRIC)
                .where(LOGGED_MODEL_METRIC
                        .MODEL_ID
                        .eq(LOGGED_MODEL.ID)
                        .and(LOGGED_MODEL_METRIC.METRIC_KEY.eq(clause.key()))
                        .and(value)
                        .and(on(datasets))));
    }

    private static Condition on(List<Metric.DatasetRef> datasets) {
        if (datasets.isEmpty()) {
            return DSL.noCondition();
        }
        return or(datasets.stream()
                .map(dataset -> LOGGED_MODEL_METRIC
                        .DATASET_NAME
                        .eq(dataset.name())
                        .and(dataset.digest()
                                .map(LOGGED_MODEL_METRIC.DATASET_DIGEST::eq)
                                .orElse(DSL.noCondition())))
                .toList());
    }

    private List<SortField<?>> sort(ModelSearch.Order order) {
        if (order.field().startsWith("metrics.")) {
            var metric = LOGGED_MODEL_METRIC;
            Condition of = metric.MODEL_ID
                    .eq(LOGGED_MODEL.ID)
                    .and(metric.METRIC_KEY.eq(order.field().substring("metrics.".length())))
                    .and(on(order.dataset().stream().toList()));
            Field<Double> latest = DSL.field(select(metric.VAL)
                    .from(metric)
                    .where(of)
                    .orderBy(metric.TS.desc(), metric.STEP.desc(), metric.VAL.desc())
                    .limit(1));
            return search.byNumber(latest, order.ascending());
        }
        return switch (order.field()) {
            case "creation_timestamp" -> search.byNumber(LOGGED_MODEL.CREATED_AT, order.ascending());
            case "last_updated_timestamp" -> search.byNumber(LOGGED_MODEL.UPDATED_AT, order.ascending());
            default -> search.byText(attribute(order.field()), order.ascending());
        };
    }

    private static Field<String> attribute(String key) {
        return switch (key) {
            case "name" -> LOGGED_MODEL.NAME;
            case "model_id" -> LOGGED_MODEL.ID;
            case "model_type" -> LOGGED_MODEL.MODEL_TYPE;
            case "status" -> LOGGED_MODEL.STATUS;
            case "source_run_id" -> LOGGED_MODEL.SOURCE_RUN_ID;
            default -> throw new IllegalStateException("No column for attribute " + key);
        };
    }

    private List<LoggedModel> whole(List<? extends Record> rows) {
        var models = new ArrayList<LoggedModel>(rows.size());
        for (int from = 0; from < rows.size(); from += TOGETHER) {
            var some = rows.subList(from, Math.min(rows.size(), from + TOGETHER));
            var ids = some.stream().map(row -> row.get(LOGGED_MODEL.ID)).toList();
            Map<String, Map<String, String>> params = new HashMap<>();
            Map<String, Map<String, String>> tags = new HashMap<>();
            database.dsl()
                    .selectFrom(LOGGED_MODEL_PARAM)
                    .where(LOGGED_MODEL_PARAM.MODEL_ID.in(ids))
                    .forEach(row -> params.computeIfAbsent(row.get(LOGGED_MODEL_PARAM.MODEL_ID), id -> new TreeMap<>())
                            .put(row.get(LOGGED_MODEL_PARAM.PARAM_KEY), row.get(LOGGED_MODEL_PARAM.VAL)));
            database.dsl()
                    .selectFrom(LOGGED_MODEL_TAG)
                    .where(LOGGED_MODEL_TAG.MODEL_ID.in(ids))
                    .forEach(row -> tags.computeIfAbsent(row.get(LOGGED_MODEL_TAG.MODEL_ID), id -> new TreeMap<>())
                            .put(row.get(LOGGED_MODEL_TAG.TAG_KEY), row.get(LOGGED_MODEL_TAG.VAL)));
            var metrics = metrics(ids);
            some.forEach(row -> models.add(model(row, params, tags, metrics)));
        }
        return models;
    }

    private Map<String, List<LoggedModel.Value>> metrics(Collection<String> ids) {
        var metrics = new HashMap<String, List<LoggedModel.Value>>();
        var table = LOGGED_MODEL_METRIC;
        database.dsl()
                .selectFrom(table)
                .where(table.MODEL_ID.in(ids))
                .orderBy(table.MODEL_ID, table.METRIC_KEY, table.TS, table.STEP)
                .forEach(row -> {
                    String model = row.get(table.MODEL_ID);
                    Optional<Metric.DatasetRef> dataset = Optional.ofNullable(row.get(table.DATASET_NAME))
                            .map(name ->
                                    new Metric.DatasetRef(name, Optional.ofNullable(row.get(table.DATASET_DIGEST))));
                    var metric = new Metric(
                            row.get(table.METRIC_KEY),
                            row.get(table.IS_NAN) == 1 ? Double.NaN : row.get(table.VAL),
                            row.get(table.TS),
                            row.get(table.STEP),
                            Optional.of(model),
                            dataset);
                    metrics.computeIfAbsent(model, id -> new ArrayList<>())
                            .add(new LoggedModel.Value(metric, row.get(table.RUN_ID)));
                });
        return metrics;
    }

    private static LoggedModel model(
            Record row,
            Map<String, Map<String, String>> params,
            Map<String, Map<String, String>> tags,
            Map<String, List<LoggedModel.Value>> metrics) {
        String id = row.get(LOGGED_MODEL.ID);
        return new LoggedModel(
                id,
                Long.toString(row.get(LOGGED_MODEL.EXPERIMENT_ID)),
                row.get(LOGGED_MODEL.NAME),
                row.get(LOGGED_MODEL.MODEL_TYPE),
                LoggedModel.Status.valueOf(row.get(LOGGED_MODEL.STATUS)),
                Optional.ofNullable(row.get(LOGGED_MODEL.SOURCE_RUN_ID)),
                row.get(LOGGED_MODEL.ARTIFACT_URI),
                row.get(LOGGED_MODEL.STAGE).equals(ExperimentStore.DELETED),
                row.get(LOGGED_MODEL.CREATED_AT),
                row.get(LOGGED_MODEL.UPDATED_AT),
                params.getOrDefault(id, Map.of()),
                tags.getOrDefault(id, Map.of()),
                metrics.getOrDefault(id, List.of()));
    }
}

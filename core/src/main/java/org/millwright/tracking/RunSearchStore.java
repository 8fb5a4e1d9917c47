package org.millwright.tracking;

import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.notExists;
import static org.jooq.impl.DSL.selectOne;
import static org.jooq.impl.DSL.val;
import static org.millwright.schema.Tables.METRIC_SERIES;
import static org.millwright.schema.Tables.RUN;
import static org.millwright.schema.Tables.RUN_PARAM;
import static org.millwright.schema.Tables.RUN_TAG;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record1;
import org.jooq.Record2;
import org.jooq.ResultQuery;
import org.jooq.SelectJoinStep;
import org.jooq.SortField;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.millwright.kernel.Database;
import org.millwright.tracking.Clause.Entity;
import org.millwright.tracking.Clause.Op;

/**
 * Searches runs.
 *
 * <p>A search of one experiment takes the way that looks at the fewest rows: from the values of the rarest clause when that
 * one is rare; else along the index of what comes first in the order, until the page is full; else along the newest runs.
 * Ways are chosen by counting index entries up to a bound, because a planner's averages know nothing of one value.
 */
final class RunSearchStore {
    /** So many values of a clause are looked through faster than an order's index is followed. */
    private static final int RARE = 5_000;

    private static final int PREFIX = 200;

    private final Database database;
    private final SearchStore search;
    private final RunClauseStore clauses;
    private final int rare;

    RunSearchStore(Database database) {
        this(database, RARE);
    }

    /** @param rare how many values a clause may have to be called rare */
    RunSearchStore(Database database, int rare) {
        this.rare = rare;
        this.database = database;
        this.search = new SearchStore(database);
        this.clauses = new RunClauseStore(search);
    }

    /** What is asked for. */
    record Query(List<Long> experiments, View view, List<Clause> clauses, List<SearchOrder> orders) {}

    /** Where the values of a clause or order lie: a table's rows of one key. */
    private record Source(
            Table<?> table,
            Field<Integer> run,
            Condition key,
            Field<String> text,
            Field<Double> number,
            Field<Integer> nan) {}

    /** Numbers of runs that match, in order. */
    List<Integer> search(Query query, int offset, int limit) {
        if (query.experiments().size() == 1) {
            Optional<Clause> driver = rarest(query);
            if (driver.isPresent()) {
                return sorted(query, driver, offset, limit).fetch(RUN.NUM);
            }
            if (!query.orders().isEmpty()
                    && query.orders().getFirst().entity() != Entity.ATTRIBUTE
                    && query.orders().getFirst().entity() != Entity.DATASET) {
                return alongOrder(query, offset, limit);
            }
        }
        return sorted(query, Optional.empty(), offset, limit).fetch(RUN.NUM);
    }

    /** The clause with the fewest values, when they are few. */
    private Optional<Clause> rarest(Query query) {
        int least = rare + 1;
        @Nullable Clause rarest = null;
        for (Clause asked : query.clauses()) {
            Clause clause = byTag(asked);
            if (canDrive(clause)) {
                Source source = source(clause.entity(), clause.key(), query, "c");
                int count = Objects.requireNonNull(database.dsl()
                        .selectCount()
                        .from(database.dsl()
                                .selectOne()
                                .from(source.table())
                                .where(source.key().and(value(source, clause)))
                                .limit(least)
                                .asTable("entries"))
                        .fetchOne(0, Integer.class));
                if (count < least) {
                    least = count;
                    rarest = clause;
                }
            }
        }
        return Optional.ofNullable(rarest);
    }

    /** A run's name is a tag as well, and tags lie by value. */
    private static Clause byTag(Clause clause) {
        boolean name = clause.entity() == Entity.ATTRIBUTE && clause.key().equals("run_name");
        return name ? new Clause(Entity.TAG, Run.NAME_TAG, clause.op(), clause.literal()) : clause;
    }

    private static boolean canDrive(Clause clause) {
        return switch (clause.entity()) {
            case METRIC -> clause.op() != Op.NE;
            case PARAMETER, TAG -> clause.op() == Op.EQ;
            default -> false;
        };
    }

    private Source source(Entity entity, String key, Query query, String alias) {
        return switch (entity) {
            case METRIC -> {
                var latest = METRIC_SERIES.as(alias);
                yield new Source(
                        latest,
                        latest.RUN_NUM,
                        latest.EXPERIMENT_ID.in(query.experiments()).and(latest.METRIC_KEY.eq(key)),
                        val(""),
                        latest.VAL,
                        latest.IS_NAN);
            }
            case PARAMETER -> {
                var param = RUN_PARAM.as(alias);
                yield new Source(
                        param,
                        param.RUN_NUM,
                        param.EXPERIMENT_ID.in(query.experiments()).and(param.PARAM_KEY.eq(key)),
                        param.VAL,
                        val(0.0),
                        val(0));
            }
            case TAG -> {
                var tag = RUN_TAG.as(alias);
                yield new Source(
                        tag,
                        tag.RUN_NUM,
                        tag.EXPERIMENT_ID.in(query.experiments()).and(tag.TAG_KEY.eq(key)),
                        tag.VAL,
                        val(0.0),
                        val(0));
            }
            default -> throw new IllegalStateException("No values of " + entity + " " + key);
        };
    }

    /** A clause on the values of its source, in the form that the source's index serves. */
    private Condition value(Source source, Clause clause) {
        if (clause.entity() == Entity.METRIC) {
            return clauses.metric(source.number(), source.nan(), clause);
        }
        Condition equal = search.text(source.text(), clause);
        return database.isSqlite()
                ? equal
                : indexed(source).eq(prefix(clause.text())).and(equal);
    }

    /** What the index holds of a text: PostgreSQL's take no long ones. */
    private Field<String> indexed(Source source) {
        return database.isSqlite()
                ? source.text()
                : DSL.function("substr", String.class, source.text(), inline(1), inline(PREFIX));
    }

    private static String prefix(String text) {
        return text.codePointCount(0, text.length()) <= PREFIX
                ? text
                : text.substring(0, text.offsetByCodePoints(0, PREFIX));
    }

    /** All that match, sorted; from a clause's values when one is given, else from the experiments' runs. */
    ResultQuery<Record1<Integer>> sorted(Query query, Optional<Clause> from, int offset, int limit) {
        var conditions = new ArrayList<Condition>();
        var start = start(query, from, conditions);
        var sort = new ArrayList<SortField<?>>();
        var joined = joins(start, query.orders(), sort);
        return joined.where(SearchStore.all(conditions))
                .orderBy(sort)
                .limit(limit)
                .offset(offset);
    }

    /** Where a search begins; adds what all its runs fulfil. */
    private SelectJoinStep<Record1<Integer>> start(Query query, Optional<Clause> from, List<Condition> conditions) {
        SelectJoinStep<Record1<Integer>> start;
        if (from.isPresent()) {
            Source source = source(from.get().entity(), from.get().key(), query, "d");
            start = database.dsl().select(RUN.NUM).from(source.table()).crossJoin(RUN);
            conditions.add(source.key());
            conditions.add(value(source, from.get()));
            conditions.add(RUN.NUM.eq(source.run()));
        } else {
            start = database.dsl().select(RUN.NUM).from(RUN);
        }
        conditions.add(RUN.EXPERIMENT_ID.in(query.experiments()));
        addConditions(conditions, query, from);
        return start;
    }

    /** How many match, counted up to {@code most}. */
    int count(Query query, int most) {
        var conditions = new ArrayList<Condition>();
        var start = start(query, rarest(query), conditions);
        return Objects.requireNonNull(database.dsl()
                .selectCount()
                .from(start.where(SearchStore.all(conditions)).limit(most).asTable("found"))
                .fetchOne(0, Integer.class));
    }

    /** The least or greatest number that matching runs have as a metric, and one of the runs; NaN is none. */
    Optional<RunTables.Best> best(Query query, String metric, boolean greatest) {
        Optional<Clause> driver = rarest(query);
        var conditions = new ArrayList<Condition>();
        Source source = source(Entity.METRIC, metric, query, "o");
        SelectJoinStep<Record2<Double, String>> from;
        if (driver.isPresent()) {
            Source rare = source(driver.get().entity(), driver.get().key(), query, "d");
            conditions.add(rare.key());
            conditions.add(value(rare, driver.get()));
            conditions.add(source.run().eq(rare.run()));
            from = database.dsl()
                    .select(source.number(), RUN.ID)
                    .from(rare.table())
                    .crossJoin(source.table())
                    .crossJoin(RUN);
        } else {
            from = database.dsl()
                    .select(source.number(), RUN.ID)
                    .from(source.table())
                    .crossJoin(RUN);
        }
        conditions.add(source.key());
        conditions.add(source.nan().eq(inline(0)));
        conditions.add(RUN.NUM.eq(source.run()));
        addConditions(conditions, query, driver);
        return from.where(SearchStore.all(conditions))
                .orderBy(greatest ? source.number().desc() : source.number().asc())
                .limit(1)
                .fetchOptional(row -> new RunTables.Best(row.value1(), row.value2()));
    }

    private void addConditions(List<Condition> conditions, Query query, Optional<Clause> but) {
        if (query.view() != View.ALL) {
            conditions.add(
                    RUN.STAGE.eq(query.view() == View.ACTIVE_ONLY ? ExperimentStore.ACTIVE : ExperimentStore.DELETED));
        }
        query.clauses().stream()
                .filter(clause -> but.isEmpty() || clause != but.get())
                .forEach(clause -> conditions.add(clauses.condition(clause)));
    }

    /** Along the index of the first order: its values, for metrics NaN then, and last the runs that lack it. */
    private List<Integer> alongOrder(Query query, int offset, int limit) {
        SearchOrder first = query.orders().getFirst();
        int need = (int) Math.min((long) offset + limit, Integer.MAX_VALUE);
        var found = new ArrayList<Integer>();
        found.addAll(withValue(query, first, first.entity() == Entity.METRIC ? Optional.of(0) : Optional.empty(), need)
                .fetch(RUN.NUM));
        if (found.size() < need && first.entity() == Entity.METRIC) {
            found.addAll(
                    withValue(query, first, Optional.of(1), need - found.size()).fetch(RUN.NUM));
        }
        if (found.size() < need) {
            found.addAll(without(query, first, need - found.size()));
        }
        return offset >= found.size() ? List.of() : List.copyOf(found.subList(offset, found.size()));
    }

    ResultQuery<Record1<Integer>> withValue(Query query, SearchOrder first, Optional<Integer> nan, int limit) {
        Source source = source(first.entity(), first.key(), query, "o");
        var start = database.dsl().select(RUN.NUM).from(source.table()).crossJoin(RUN);
        var conditions = new ArrayList<Condition>();
        conditions.add(source.key());
        nan.ifPresent(flag -> conditions.add(source.nan().eq(inline(flag))));
        var own = query.clauses().stream()
                .filter(clause -> clause.entity() == Entity.METRIC
                        && clause.entity() == first.entity()
                        && clause.key().equals(first.key()))
                .toList();
        own.forEach(clause -> conditions.add(clauses.metric(source.number(), source.nan(), clause)));
        conditions.add(RUN.NUM.eq(source.run()));
        conditions.add(RUN.EXPERIMENT_ID.in(query.experiments()));
        var sort = new ArrayList<SortField<?>>();
        if (nan.isEmpty()) {
            sort.add(search.plain(source.text(), first.ascending()));
        } else if (nan.get() == 0) {
            sort.add(first.ascending() ? source.number().asc() : source.number().desc());
        }
        var joined = joins(start, query.orders().subList(1, query.orders().size()), sort);
        var rest = new Query(
                query.experiments(),
                query.view(),
                query.clauses().stream().filter(clause -> !own.contains(clause)).toList(),
                query.orders());
        addConditions(conditions, rest, Optional.empty());
        return joined.where(SearchStore.all(conditions)).orderBy(sort).limit(limit);
    }

    private List<Integer> without(Query query, SearchOrder first, int limit) {
        Source source = source(first.entity(), first.key(), query, "o");
        boolean impossible = query.clauses().stream()
                .anyMatch(clause -> clause.entity() == first.entity()
                        && clause.key().equals(first.key())
                        && clause.op() != Op.IS_NULL);
        if (impossible) {
            return List.of();
        }
        var sort = new ArrayList<SortField<?>>();
        var joined = joins(
                database.dsl().select(RUN.NUM).from(RUN),
                query.orders().subList(1, query.orders().size()),
                sort);
        var conditions = new ArrayList<Condition>();
        conditions.add(RUN.EXPERIMENT_ID.in(query.experiments()));
        conditions.add(notExists(
                selectOne().from(source.table()).where(source.run().eq(RUN.NUM).and(source.key()))));
        addConditions(conditions, query, Optional.empty());
        return joined.where(SearchStore.all(conditions))
                .orderBy(sort)
                .limit(limit)
                .fetch(RUN.NUM);
    }

    /** The tables that the orders need, and the order itself with what breaks ties. */
    private SelectJoinStep<Record1<Integer>> joins(
            SelectJoinStep<Record1<Integer>> start, List<SearchOrder> orders, List<SortField<?>> sort) {
        var from = start;
        for (int i = 0; i < orders.size(); i++) {
            from = join(from, orders.get(i), "o" + i, sort);
        }
        if (orders.stream()
                .noneMatch(order ->
                        order.entity() == Entity.ATTRIBUTE && order.key().equals("start_time"))) {
            sort.add(RUN.START_TIME.desc());
        }
        sort.add(RUN.ID.asc());
        return from;
    }

    private SelectJoinStep<Record1<Integer>> join(
            SelectJoinStep<Record1<Integer>> from, SearchOrder order, String alias, List<SortField<?>> sort) {
        boolean up = order.ascending();
        switch (order.entity()) {
            case METRIC -> {
                var latest = METRIC_SERIES.as(alias);
                sort.addAll(search.byMetric(latest.VAL, latest.IS_NAN, up));
                return from.leftJoin(latest).on(latest.RUN_NUM.eq(RUN.NUM).and(latest.METRIC_KEY.eq(order.key())));
            }
            case PARAMETER -> {
                var param = RUN_PARAM.as(alias);
                sort.addAll(search.byText(param.VAL, up));
                return from.leftJoin(param).on(param.RUN_NUM.eq(RUN.NUM).and(param.PARAM_KEY.eq(order.key())));
            }
            case TAG -> {
                var tag = RUN_TAG.as(alias);
                sort.addAll(search.byText(tag.VAL, up));
                return from.leftJoin(tag).on(tag.RUN_NUM.eq(RUN.NUM).and(tag.TAG_KEY.eq(order.key())));
            }
            default -> {
                sort.addAll(
                        switch (order.key()) {
                            case "start_time" -> List.of(up ? RUN.START_TIME.asc() : RUN.START_TIME.desc());
                            case "end_time" -> search.byNumber(RUN.END_TIME, up);
                            default -> search.byText(RunClauseStore.attribute(order.key()), up);
                        });
                return from;
            }
        }
    }
}

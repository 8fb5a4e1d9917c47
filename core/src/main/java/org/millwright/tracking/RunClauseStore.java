package org.millwright.tracking;

import static org.jooq.impl.DSL.exists;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.notExists;
import static org.jooq.impl.DSL.or;
import static org.jooq.impl.DSL.selectOne;
import static org.millwright.schema.Tables.METRIC_SERIES;
import static org.millwright.schema.Tables.RUN;
import static org.millwright.schema.Tables.RUN_DATASET;
import static org.millwright.schema.Tables.RUN_INPUT;
import static org.millwright.schema.Tables.RUN_INPUT_TAG;
import static org.millwright.schema.Tables.RUN_PARAM;
import static org.millwright.schema.Tables.RUN_TAG;

import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Table;
import org.millwright.tracking.Clause.Op;

/** Clauses of a search as conditions on runs. */
final class RunClauseStore {
    static final String CONTEXT_TAG = "mlflow.data.context";

    private final SearchStore search;

    RunClauseStore(SearchStore search) {
        this.search = search;
    }

    /** That a run fulfils the clause. */
    Condition condition(Clause clause) {
        return switch (clause.entity()) {
            case METRIC ->
                exists(selectOne()
                        .from(METRIC_SERIES)
                        .where(METRIC_SERIES
                                .RUN_NUM
                                .eq(RUN.NUM)
                                .and(METRIC_SERIES.METRIC_KEY.eq(clause.key()))
                                .and(metric(METRIC_SERIES.VAL, METRIC_SERIES.IS_NAN, clause))));
            case PARAMETER ->
                having(
                        clause,
                        RUN_PARAM.RUN_NUM.eq(RUN.NUM).and(RUN_PARAM.PARAM_KEY.eq(clause.key())),
                        RUN_PARAM,
                        RUN_PARAM.VAL);
            case TAG ->
                having(clause, RUN_TAG.RUN_NUM.eq(RUN.NUM).and(RUN_TAG.TAG_KEY.eq(clause.key())), RUN_TAG, RUN_TAG.VAL);
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
    Condition metric(Field<Double> value, Field<Integer> nan, Clause clause) {
        Condition number = search.number(value, clause);
        return clause.op() == Op.NE
                ? or(nan.eq(inline(1)), number)
                : nan.eq(inline(0)).and(number);
    }

    private Condition having(Clause clause, Condition key, Table<?> table, Field<String> value) {
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

    static Field<String> attribute(String key) {
        return switch (key) {
            case "run_id" -> RUN.ID;
            case "run_name" -> RUN.NAME;
            case "status" -> RUN.STATUS;
            case "artifact_uri" -> RUN.ARTIFACT_URI;
            case "user_id" -> RUN.USER_ID;
            default -> throw new IllegalStateException("No column for attribute " + key);
        };
    }
}

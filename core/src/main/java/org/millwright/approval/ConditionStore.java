package org.millwright.approval;

import static org.millwright.schema.Tables.APPROVAL_CONDITION;

import java.util.List;
import java.util.Optional;
import org.jooq.Record;
import org.millwright.kernel.Database;

/** Conditions of approvals in the database. */
final class ConditionStore {
    private final Database database;

    ConditionStore(Database database) {
        this.database = database;
    }

    void insert(Condition condition) {
        database.dsl()
                .insertInto(APPROVAL_CONDITION)
                .set(APPROVAL_CONDITION.ID, condition.id())
                .set(APPROVAL_CONDITION.APPROVAL, condition.approval())
                .set(APPROVAL_CONDITION.SUBJECT, condition.subject())
                .set(APPROVAL_CONDITION.PROJECT, condition.project())
                .set(APPROVAL_CONDITION.MODEL, condition.model())
                .set(APPROVAL_CONDITION.TEXT, condition.text())
                .set(APPROVAL_CONDITION.MEASURE, condition.measure())
                .set(APPROVAL_CONDITION.DUE_AT, condition.dueAt())
                .set(APPROVAL_CONDITION.SET_BY, condition.setBy())
                .set(APPROVAL_CONDITION.SET_AT, condition.setAt())
                .execute();
    }

    boolean meet(String id, Condition.Met met) {
        return database.dsl()
                        .update(APPROVAL_CONDITION)
                        .set(APPROVAL_CONDITION.MET_BY, met.by())
                        .set(APPROVAL_CONDITION.MET_AT, met.at())
                        .set(APPROVAL_CONDITION.NOTE, met.note())
                        .where(APPROVAL_CONDITION.ID.eq(id).and(APPROVAL_CONDITION.MET_AT.isNull()))
                        .execute()
                == 1;
    }

    Optional<Condition> find(String id) {
        return database.dsl()
                .selectFrom(APPROVAL_CONDITION)
                .where(APPROVAL_CONDITION.ID.eq(id))
                .fetchOptional(ConditionStore::condition);
    }

    List<Condition> of(String model) {
        return database.dsl()
                .selectFrom(APPROVAL_CONDITION)
                .where(APPROVAL_CONDITION.MODEL.eq(model))
                .orderBy(APPROVAL_CONDITION.DUE_AT, APPROVAL_CONDITION.ID)
                .fetch(ConditionStore::condition);
    }

    List<Condition> all(int limit) {
        return database.dsl()
                .selectFrom(APPROVAL_CONDITION)
                .orderBy(APPROVAL_CONDITION.DUE_AT, APPROVAL_CONDITION.ID)
                .limit(limit)
                .fetch(ConditionStore::condition);
    }

    private static Condition condition(Record row) {
        Optional<Condition.Met> met = Optional.ofNullable(row.get(APPROVAL_CONDITION.MET_AT))
                .map(at -> new Condition.Met(row.get(APPROVAL_CONDITION.MET_BY), at, row.get(APPROVAL_CONDITION.NOTE)));
        return new Condition(
                row.get(APPROVAL_CONDITION.ID),
                row.get(APPROVAL_CONDITION.APPROVAL),
                row.get(APPROVAL_CONDITION.SUBJECT),
                row.get(APPROVAL_CONDITION.PROJECT),
                row.get(APPROVAL_CONDITION.MODEL),
                row.get(APPROVAL_CONDITION.TEXT),
                row.get(APPROVAL_CONDITION.MEASURE),
                row.get(APPROVAL_CONDITION.DUE_AT),
                row.get(APPROVAL_CONDITION.SET_BY),
                row.get(APPROVAL_CONDITION.SET_AT),
                met);
    }
}

package org.millwright.approval;

import static org.millwright.schema.Tables.DEPUTY;

import java.util.List;
import org.jooq.Record;
import org.millwright.kernel.Database;

/** Deputies in the database. */
final class DeputyStore {
    private final Database database;

    DeputyStore(Database database) {
        this.database = database;
    }

    void insert(Deputy deputy) {
        database.dsl()
                .insertInto(DEPUTY)
                .set(DEPUTY.ID, deputy.id())
                .set(DEPUTY.PERSON, deputy.person())
                .set(DEPUTY.DEPUTY_, deputy.deputy())
                .set(DEPUTY.NAMED_AT, deputy.namedAt())
                .set(DEPUTY.UNTIL_AT, deputy.untilAt())
                .execute();
    }

    void end(String id, long now) {
        database.dsl()
                .update(DEPUTY)
                .set(DEPUTY.ENDED_AT, now)
                .where(DEPUTY.ID.eq(id))
                .execute();
    }

    /** Those whose time is not over. */
    List<Deputy> active(long now) {
        return database.dsl()
                .selectFrom(DEPUTY)
                .where(DEPUTY.UNTIL_AT.gt(now).and(DEPUTY.ENDED_AT.isNull()))
                .orderBy(DEPUTY.NAMED_AT)
                .fetch(DeputyStore::deputy);
    }

    private static Deputy deputy(Record row) {
        return new Deputy(
                row.get(DEPUTY.ID),
                row.get(DEPUTY.PERSON),
                row.get(DEPUTY.DEPUTY_),
                row.get(DEPUTY.NAMED_AT),
                row.get(DEPUTY.UNTIL_AT));
    }
}

package org.millwright.approval;

import static org.millwright.schema.Tables.FINDING;

import java.util.List;
import java.util.Optional;
import org.jooq.Record;
import org.millwright.kernel.Database;

/** Findings in the database. */
final class FindingStore {
    private final Database database;

    FindingStore(Database database) {
        this.database = database;
    }

    void insert(Finding finding) {
        database.dsl()
                .insertInto(FINDING)
                .set(FINDING.ID, finding.id())
                .set(FINDING.PROJECT, finding.project())
                .set(FINDING.MODEL, finding.model())
                .set(FINDING.VERSION, finding.version())
                .set(FINDING.SEVERITY, finding.severity().name())
                .set(FINDING.BLOCKING, finding.blocking() ? 1 : 0)
                .set(FINDING.TEXT, finding.text())
                .set(FINDING.OWNER, finding.owner())
                .set(FINDING.DUE_AT, finding.dueAt())
                .set(FINDING.FILED_BY, finding.filedBy())
                .set(FINDING.FILED_AT, finding.filedAt())
                .set(FINDING.STATE, finding.state().name())
                .execute();
    }

    /** Closes or waives what is not closed; false when it is. */
    boolean settle(String id, Finding.State state, Finding.Settled settled) {
        return database.dsl()
                        .update(FINDING)
                        .set(FINDING.STATE, state.name())
                        .set(FINDING.SETTLED_BY, settled.by())
                        .set(FINDING.SETTLED_AT, settled.at())
                        .set(FINDING.REASON, settled.reason())
                        .set(FINDING.WAIVED_UNTIL, settled.until())
                        .where(FINDING.ID.eq(id).and(FINDING.STATE.ne(Finding.State.CLOSED.name())))
                        .execute()
                == 1;
    }

    Optional<Finding> find(String id) {
        return database.dsl().selectFrom(FINDING).where(FINDING.ID.eq(id)).fetchOptional(FindingStore::finding);
    }

    List<Finding> of(String model) {
        return database.dsl()
                .selectFrom(FINDING)
                .where(FINDING.MODEL.eq(model))
                .orderBy(FINDING.DUE_AT, FINDING.ID)
                .fetch(FindingStore::finding);
    }

    List<Finding> all(int limit) {
        return database.dsl()
                .selectFrom(FINDING)
                .orderBy(FINDING.FILED_AT.desc(), FINDING.ID)
                .limit(limit)
                .fetch(FindingStore::finding);
    }

    private static Finding finding(Record row) {
        Optional<Finding.Settled> settled = Optional.ofNullable(row.get(FINDING.SETTLED_AT))
                .map(at -> new Finding.Settled(
                        row.get(FINDING.SETTLED_BY), at, row.get(FINDING.REASON), row.get(FINDING.WAIVED_UNTIL)));
        return new Finding(
                row.get(FINDING.ID),
                row.get(FINDING.PROJECT),
                row.get(FINDING.MODEL),
                row.get(FINDING.VERSION),
                Finding.Severity.valueOf(row.get(FINDING.SEVERITY)),
                row.get(FINDING.BLOCKING) != 0,
                row.get(FINDING.TEXT),
                row.get(FINDING.OWNER),
                row.get(FINDING.DUE_AT),
                row.get(FINDING.FILED_BY),
                row.get(FINDING.FILED_AT),
                Finding.State.valueOf(row.get(FINDING.STATE)),
                settled);
    }
}

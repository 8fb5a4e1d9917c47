package org.millwright.lineage;

import static org.millwright.schema.Tables.LINEAGE_REVOCATION;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jooq.Record;
import org.millwright.kernel.Database;

/** Revoked assets in the database. */
final class RevocationStore {
    private static final int TOGETHER = 500;

    private final Database database;

    RevocationStore(Database database) {
        this.database = database;
    }

    void insert(Revoked revoked) {
        database.dsl()
                .insertInto(LINEAGE_REVOCATION)
                .set(LINEAGE_REVOCATION.SUBJECT, revoked.subject())
                .set(LINEAGE_REVOCATION.REASON, revoked.reason())
                .set(LINEAGE_REVOCATION.ACTOR, revoked.by())
                .set(LINEAGE_REVOCATION.AT, revoked.at())
                .execute();
    }

    Optional<Revoked> get(String subject) {
        return database.dsl()
                .selectFrom(LINEAGE_REVOCATION)
                .where(LINEAGE_REVOCATION.SUBJECT.eq(subject))
                .fetchOptional(RevocationStore::revoked);
    }

    boolean any() {
        return database.dsl().fetchExists(LINEAGE_REVOCATION);
    }

    List<Revoked> among(Collection<String> subjects) {
        var all = List.copyOf(subjects);
        var found = new ArrayList<Revoked>();
        for (int from = 0; from < all.size(); from += TOGETHER) {
            found.addAll(database.dsl()
                    .selectFrom(LINEAGE_REVOCATION)
                    .where(LINEAGE_REVOCATION.SUBJECT.in(all.subList(from, Math.min(all.size(), from + TOGETHER))))
                    .orderBy(LINEAGE_REVOCATION.AT, LINEAGE_REVOCATION.SUBJECT)
                    .fetch(RevocationStore::revoked));
        }
        return found;
    }

    List<Revoked> all() {
        return database.dsl()
                .selectFrom(LINEAGE_REVOCATION)
                .orderBy(LINEAGE_REVOCATION.AT.desc(), LINEAGE_REVOCATION.SUBJECT)
                .fetch(RevocationStore::revoked);
    }

    private static Revoked revoked(Record row) {
        return new Revoked(
                row.get(LINEAGE_REVOCATION.SUBJECT),
                row.get(LINEAGE_REVOCATION.REASON),
                row.get(LINEAGE_REVOCATION.ACTOR),
                row.get(LINEAGE_REVOCATION.AT));
    }
}

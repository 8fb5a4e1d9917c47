package org.millwright.lineage;

import static org.millwright.schema.Tables.SIGNING_KEY;

import java.util.List;
import java.util.Optional;
import org.jooq.Record;
import org.millwright.kernel.Database;

/** The keys in the database: public halves only. */
final class BundleKeyStore {
    private final Database database;

    BundleKeyStore(Database database) {
        this.database = database;
    }

    /** Whether it was not known before. */
    boolean insert(BundleKey key) {
        return database.dsl()
                        .insertInto(SIGNING_KEY)
                        .set(SIGNING_KEY.HINT, key.hint())
                        .set(SIGNING_KEY.PEM, key.pem())
                        .set(SIGNING_KEY.PLACE, key.place())
                        .set(SIGNING_KEY.CREATED_AT, key.createdAt())
                        .onConflictDoNothing()
                        .execute()
                > 0;
    }

    /** Everything but this one is no longer current. */
    void retireOthers(String hint, long at) {
        database.dsl()
                .update(SIGNING_KEY)
                .set(SIGNING_KEY.RETIRED_AT, at)
                .where(SIGNING_KEY.HINT.ne(hint).and(SIGNING_KEY.RETIRED_AT.isNull()))
                .execute();
    }

    void revoke(String hint, BundleKey.Revocation revocation) {
        database.dsl()
                .update(SIGNING_KEY)
                .set(SIGNING_KEY.UNTRUSTED_FROM, revocation.from())
                .set(SIGNING_KEY.REVOKED_AT, revocation.at())
                .set(SIGNING_KEY.REVOKED_BY, revocation.by())
                .set(SIGNING_KEY.REVOKED_REASON, revocation.reason())
                .where(SIGNING_KEY.HINT.eq(hint))
                .execute();
    }

    /** Oldest first. */
    List<BundleKey> all() {
        return database.dsl()
                .selectFrom(SIGNING_KEY)
                .orderBy(SIGNING_KEY.CREATED_AT, SIGNING_KEY.HINT)
                .fetch(BundleKeyStore::key);
    }

    private static BundleKey key(Record row) {
        return new BundleKey(
                row.get(SIGNING_KEY.HINT),
                row.get(SIGNING_KEY.PEM),
                row.get(SIGNING_KEY.PLACE),
                row.get(SIGNING_KEY.CREATED_AT),
                Optional.ofNullable(row.get(SIGNING_KEY.RETIRED_AT)),
                Optional.ofNullable(row.get(SIGNING_KEY.REVOKED_AT))
                        .map(at -> new BundleKey.Revocation(
                                row.get(SIGNING_KEY.UNTRUSTED_FROM),
                                row.get(SIGNING_KEY.REVOKED_REASON),
                                row.get(SIGNING_KEY.REVOKED_BY),
                                at)));
    }
}

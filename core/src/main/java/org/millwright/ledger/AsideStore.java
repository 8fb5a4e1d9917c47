package org.millwright.ledger;

import static org.millwright.schema.Tables.LEDGER_ANCHOR;
import static org.millwright.schema.Tables.LEDGER_KEY;
import static org.millwright.schema.Tables.LEDGER_PERSONAL;

import java.util.List;
import java.util.Optional;
import org.jooq.Record;
import org.jooq.impl.DSL;
import org.millwright.kernel.Database;

/** What lies beside the log in the database: public keys, texts about people, and what was anchored where. */
final class AsideStore {
    private final Database database;

    AsideStore(Database database) {
        this.database = database;
    }

    void insertKey(String key, long at) {
        database.dsl()
                .insertInto(LEDGER_KEY)
                .set(LEDGER_KEY.PLACE, keys().size())
                .set(LEDGER_KEY.VKEY, key)
                .set(LEDGER_KEY.AT, at)
                .execute();
    }

    List<String> keys() {
        return database.dsl().selectFrom(LEDGER_KEY).orderBy(LEDGER_KEY.PLACE).fetch(LEDGER_KEY.VKEY);
    }

    Optional<String> lastKey() {
        List<String> keys = keys();
        return keys.isEmpty() ? Optional.empty() : Optional.of(keys.getLast());
    }

    void insertPersonal(Personal.Kept kept) {
        database.dsl()
                .insertInto(LEDGER_PERSONAL)
                .set(LEDGER_PERSONAL.ENTRY_ID, kept.entryId())
                .set(LEDGER_PERSONAL.FIELD, kept.field())
                .set(LEDGER_PERSONAL.SALT, kept.salt())
                .set(LEDGER_PERSONAL.PLAIN, kept.plain())
                .execute();
    }

    List<Personal.Kept> personal() {
        return database.dsl().selectFrom(LEDGER_PERSONAL).fetch(AsideStore::kept);
    }

    private static Personal.Kept kept(Record row) {
        return new Personal.Kept(
                row.get(LEDGER_PERSONAL.ENTRY_ID),
                row.get(LEDGER_PERSONAL.FIELD),
                row.get(LEDGER_PERSONAL.SALT),
                row.get(LEDGER_PERSONAL.PLAIN));
    }

    void erase(Personal.Kept kept) {
        database.dsl()
                .deleteFrom(LEDGER_PERSONAL)
                .where(LEDGER_PERSONAL.ENTRY_ID.eq(kept.entryId()).and(LEDGER_PERSONAL.FIELD.eq(kept.field())))
                .execute();
    }

    void insertAnchor(String target, SignedNote note, long at) {
        database.dsl()
                .insertInto(LEDGER_ANCHOR)
                .set(LEDGER_ANCHOR.TARGET, target)
                .set(LEDGER_ANCHOR.SIZE, note.size())
                .set(LEDGER_ANCHOR.AT, at)
                .set(LEDGER_ANCHOR.NOTE, note.text())
                .onConflictDoNothing()
                .execute();
    }

    List<Ledger.Anchoring> anchorings() {
        return database.dsl()
                .selectFrom(LEDGER_ANCHOR)
                .orderBy(LEDGER_ANCHOR.TARGET, LEDGER_ANCHOR.SIZE)
                .fetch(AsideStore::anchoring);
    }

    /** One of each target: those that are kept grow without end. */
    List<Ledger.Anchoring> newestAnchorings() {
        var newest = DSL.select(LEDGER_ANCHOR.TARGET, DSL.max(LEDGER_ANCHOR.SIZE))
                .from(LEDGER_ANCHOR)
                .groupBy(LEDGER_ANCHOR.TARGET);
        return database.dsl()
                .selectFrom(LEDGER_ANCHOR)
                .where(DSL.row(LEDGER_ANCHOR.TARGET, LEDGER_ANCHOR.SIZE).in(newest))
                .fetch(AsideStore::anchoring);
    }

    private static Ledger.Anchoring anchoring(Record row) {
        return new Ledger.Anchoring(
                row.get(LEDGER_ANCHOR.TARGET),
                row.get(LEDGER_ANCHOR.SIZE),
                row.get(LEDGER_ANCHOR.AT),
                row.get(LEDGER_ANCHOR.NOTE));
    }
}

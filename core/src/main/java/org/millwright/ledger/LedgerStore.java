package org.millwright.ledger;

import static org.jooq.impl.DSL.max;
import static org.millwright.schema.Tables.LEDGER_CHECKPOINT;
import static org.millwright.schema.Tables.LEDGER_DELIVERY;
import static org.millwright.schema.Tables.LEDGER_ENTRY;
import static org.millwright.schema.Tables.LEDGER_NODE;
import static org.millwright.schema.Tables.LEDGER_SUBJECT;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jooq.Record;
import org.millwright.kernel.Database;
import org.millwright.kernel.Json;

/** Entries, tree nodes, checkpoints and delivery marks in the database. */
final class LedgerStore {
    private static final long LOCK = 0x4d57_4c45_4447_4552L;

    private final Database database;

    LedgerStore(Database database) {
        this.database = database;
    }

    /** Makes this transaction the only one that appends; SQLite has one writer anyway. */
    void lock() {
        if (!database.isSqlite()) {
            database.dsl().execute("select pg_advisory_xact_lock(?)", LOCK);
        }
    }

    long size() {
        Long last =
                database.dsl().select(max(LEDGER_ENTRY.IDX)).from(LEDGER_ENTRY).fetchOne(0, Long.class);
        return last == null ? 0 : last + 1;
    }

    void insert(long index, Ledger.Pending pending, String leaf, String hash) {
        database.dsl()
                .insertInto(LEDGER_ENTRY)
                .set(LEDGER_ENTRY.IDX, index)
                .set(LEDGER_ENTRY.ID, pending.id())
                .set(LEDGER_ENTRY.AT, pending.at())
                .set(LEDGER_ENTRY.ACTOR, pending.actor())
                .set(LEDGER_ENTRY.ACTION, pending.action())
                .set(LEDGER_ENTRY.SUBJECT, pending.subjects().getFirst())
                .set(LEDGER_ENTRY.LEAF, leaf)
                .set(LEDGER_ENTRY.HASH, hash)
                .execute();
        for (String subject : pending.subjects()) {
            database.dsl()
                    .insertInto(LEDGER_SUBJECT)
                    .set(LEDGER_SUBJECT.SUBJECT, subject)
                    .set(LEDGER_SUBJECT.IDX, index)
                    .onConflictDoNothing()
                    .execute();
        }
    }

    void insertNode(int level, long pos, String hash) {
        database.dsl()
                .insertInto(LEDGER_NODE)
                .set(LEDGER_NODE.HEIGHT, level)
                .set(LEDGER_NODE.POS, pos)
                .set(LEDGER_NODE.HASH, hash)
                .execute();
    }

    String node(int level, long pos) {
        String hash = level == 0
                ? database.dsl()
                        .select(LEDGER_ENTRY.HASH)
                        .from(LEDGER_ENTRY)
                        .where(LEDGER_ENTRY.IDX.eq(pos))
                        .fetchOne(LEDGER_ENTRY.HASH)
                : database.dsl()
                        .select(LEDGER_NODE.HASH)
                        .from(LEDGER_NODE)
                        .where(LEDGER_NODE.HEIGHT.eq(level).and(LEDGER_NODE.POS.eq(pos)))
                        .fetchOne(LEDGER_NODE.HASH);
        if (hash == null) {
            throw new Altered("Ledger node " + level + "/" + pos + " is missing");
        }
        return hash;
    }

    List<Entry> entries(long from, int limit) {
        return entriesOf(database.dsl()
                .selectFrom(LEDGER_ENTRY)
                .where(LEDGER_ENTRY.IDX.ge(from))
                .orderBy(LEDGER_ENTRY.IDX)
                .limit(limit)
                .fetch());
    }

    List<Entry> latest(long before, int limit) {
        return entriesOf(database.dsl()
                .selectFrom(LEDGER_ENTRY)
                .where(LEDGER_ENTRY.IDX.lt(before))
                .orderBy(LEDGER_ENTRY.IDX.desc())
                .limit(limit)
                .fetch());
    }

    List<Entry> about(String subject, int limit) {
        return entriesOf(database.dsl()
                .select(LEDGER_ENTRY.fields())
                .from(LEDGER_SUBJECT)
                .join(LEDGER_ENTRY)
                .on(LEDGER_ENTRY.IDX.eq(LEDGER_SUBJECT.IDX))
                .where(LEDGER_SUBJECT.SUBJECT.eq(subject))
                .orderBy(LEDGER_SUBJECT.IDX)
                .limit(limit)
                .fetch());
    }

    Optional<Entry> byId(String id) {
        return database.dsl()
                .selectFrom(LEDGER_ENTRY)
                .where(LEDGER_ENTRY.ID.eq(id))
                .fetchOptional(LedgerStore::entry);
    }

    void insertCheckpoint(long size, long at, String root, String note) {
        database.dsl()
                .insertInto(LEDGER_CHECKPOINT)
                .set(LEDGER_CHECKPOINT.SIZE, size)
                .set(LEDGER_CHECKPOINT.AT, at)
                .set(LEDGER_CHECKPOINT.ROOT, root)
                .set(LEDGER_CHECKPOINT.NOTE, note)
                .onConflictDoNothing()
                .execute();
    }

    List<Checkpoint> checkpoints() {
        return database.dsl()
                .selectFrom(LEDGER_CHECKPOINT)
                .orderBy(LEDGER_CHECKPOINT.SIZE)
                .fetch(row -> new Checkpoint(
                        row.get(LEDGER_CHECKPOINT.SIZE),
                        row.get(LEDGER_CHECKPOINT.AT),
                        row.get(LEDGER_CHECKPOINT.ROOT),
                        row.get(LEDGER_CHECKPOINT.NOTE)));
    }

    long delivered(String consumer) {
        Long next = database.dsl()
                .select(LEDGER_DELIVERY.NEXT_IDX)
                .from(LEDGER_DELIVERY)
                .where(LEDGER_DELIVERY.CONSUMER.eq(consumer))
                .fetchOne(LEDGER_DELIVERY.NEXT_IDX);
        return next == null ? 0 : next;
    }

    void setDelivered(String consumer, long next) {
        database.dsl()
                .insertInto(LEDGER_DELIVERY)
                .set(LEDGER_DELIVERY.CONSUMER, consumer)
                .set(LEDGER_DELIVERY.NEXT_IDX, next)
                .onConflict(LEDGER_DELIVERY.CONSUMER)
                .doUpdate()
                .set(LEDGER_DELIVERY.NEXT_IDX, next)
                .execute();
    }

    private static List<Entry> entriesOf(List<? extends Record> rows) {
        var entries = new ArrayList<Entry>(rows.size());
        rows.forEach(row -> entries.add(entry(row)));
        return entries;
    }

    private static Entry entry(Record row) {
        String leaf = row.get(LEDGER_ENTRY.LEAF);
        JsonNode json = Json.parse(leaf);
        var subjects = new ArrayList<String>();
        json.path("subjects").forEach(subject -> subjects.add(subject.asText()));
        return new Entry(
                row.get(LEDGER_ENTRY.IDX),
                row.get(LEDGER_ENTRY.ID),
                row.get(LEDGER_ENTRY.AT),
                row.get(LEDGER_ENTRY.ACTOR),
                json.path("authenticated").asBoolean(),
                row.get(LEDGER_ENTRY.ACTION),
                subjects,
                json.path("details"),
                leaf,
                row.get(LEDGER_ENTRY.HASH));
    }
}

package org.millwright.ledger;

import static org.millwright.schema.Tables.LEDGER_CHECKPOINT;
import static org.millwright.schema.Tables.LEDGER_DELIVERY;
import static org.millwright.schema.Tables.LEDGER_ENTRY;
import static org.millwright.schema.Tables.LEDGER_PERSONAL;
import static org.millwright.schema.Tables.LEDGER_SUBJECT;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jooq.Record;
import org.millwright.kernel.Database;
import org.millwright.kernel.Problem;

/** Entries, tree nodes, checkpoints and delivery marks in the database. */
final class LedgerStore {
    private static final String INSERT = "insert into ledger_entry (idx, id, at, actor, action, subject, leaf, hash)"
            + " values (?, ?, ?, ?, ?, ?, ?, ?)";
    private static final String INSERT_SUBJECT =
            "insert into ledger_subject (subject, idx) values (?, ?) on conflict do nothing";
    private static final String INSERT_NODE = "insert into ledger_node (height, pos, hash) values (?, ?, ?)";
    private static final int PAGE = 10_000;
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

    /** A leaf with its place in the log. */
    record Leaf(long index, Ledger.Pending pending, String text, String hash) {}

    /** Where a node of the tree stands. */
    record Place(int level, long pos) {}

    long size() {
        return database.jdbc("select coalesce(max(idx) + 1, 0) from ledger_entry", statement -> {
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        });
    }

    /** How many entries there are, and the time of the last. */
    record End(long size, long at) {}

    End end() {
        return database.jdbc("select idx, at from ledger_entry order by idx desc limit 1", statement -> {
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? new End(row.getLong(1) + 1, row.getLong(2)) : new End(0, Long.MIN_VALUE);
            }
        });
    }

    long timeOf(long index) {
        return database.jdbc("select at from ledger_entry where idx = ?", statement -> {
            statement.setLong(1, index);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    throw new Altered("Entry " + index + " is missing");
                }
                return row.getLong(1);
            }
        });
    }

    void insert(List<Leaf> leaves) {
        database.jdbc(INSERT, statement -> {
            for (Leaf leaf : leaves) {
                statement.setLong(1, leaf.index());
                statement.setString(2, leaf.pending().id());
                statement.setLong(3, leaf.pending().at());
                statement.setString(4, leaf.pending().actor());
                statement.setString(5, leaf.pending().action());
                statement.setString(6, leaf.pending().subjects().getFirst());
                statement.setString(7, leaf.text());
                statement.setString(8, leaf.hash());
                statement.addBatch();
            }
            return statement.executeBatch();
        });
        database.jdbc(INSERT_SUBJECT, statement -> {
            for (Leaf leaf : leaves) {
                for (String subject : leaf.pending().subjects()) {
                    statement.setString(1, subject);
                    statement.setLong(2, leaf.index());
                    statement.addBatch();
                }
            }
            return statement.executeBatch();
        });
    }

    void insertNodes(Map<Place, String> nodes) {
        if (nodes.isEmpty()) {
            return;
        }
        database.jdbc(INSERT_NODE, statement -> {
            for (var node : nodes.entrySet()) {
                statement.setInt(1, node.getKey().level());
                statement.setLong(2, node.getKey().pos());
                statement.setString(3, node.getValue());
                statement.addBatch();
            }
            return executed(statement);
        });
    }

    /** Hashes that are there already are of entries that were taken away: the log ends before what it was. */
    private static int[] executed(PreparedStatement statement) throws SQLException {
        try {
            return statement.executeBatch();
        } catch (SQLException e) {
            if (String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT).contains("constraint")) {
                throw (Problem) new Problem.Refused(
                                "The ledger was shortened: hashes of entries that are gone are still here, so that nothing can be"
                                        + " appended to it and nothing changed",
                                "Stop the server, keep its database for who looks into it, and restore the newest backup:"
                                        + " mw restore DIR --data NEW")
                        .initCause(e);
            }
            throw e;
        }
    }

    String node(int level, long pos) {
        Optional<String> hash = level == 0
                ? hash("select hash from ledger_entry where idx = ?", pos)
                : hash("select hash from ledger_node where height = " + level + " and pos = ?", pos);
        return hash.orElseThrow(() -> new Altered("Ledger node " + level + "/" + pos + " is missing"));
    }

    private Optional<String> hash(String sql, long pos) {
        return database.jdbc(sql, statement -> {
            statement.setLong(1, pos);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
            }
        });
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

    /** @param actions that count; none for all */
    List<Entry> about(String subject, long from, long before, Set<String> actions, int limit) {
        var where = LEDGER_SUBJECT
                .SUBJECT
                .eq(subject)
                .and(LEDGER_SUBJECT.IDX.ge(from))
                .and(LEDGER_SUBJECT.IDX.lt(before));
        return entriesOf(database.dsl()
                .select(LEDGER_ENTRY.fields())
                .from(LEDGER_SUBJECT)
                .join(LEDGER_ENTRY)
                .on(LEDGER_ENTRY.IDX.eq(LEDGER_SUBJECT.IDX))
                .where(actions.isEmpty() ? where : where.and(LEDGER_ENTRY.ACTION.in(actions)))
                .orderBy(LEDGER_SUBJECT.IDX)
                .limit(limit)
                .fetch());
    }

    List<Entry> acted(String action, long from, long before, int limit) {
        return entriesOf(database.dsl()
                .selectFrom(LEDGER_ENTRY)
                .where(LEDGER_ENTRY
                        .ACTION
                        .eq(action)
                        .and(LEDGER_ENTRY.IDX.ge(from))
                        .and(LEDGER_ENTRY.IDX.lt(before)))
                .orderBy(LEDGER_ENTRY.IDX)
                .limit(limit)
                .fetch());
    }

    /** The newest entries of an action, or of one that any of these did, not older than the index. */
    List<Entry> newest(String action, Collection<String> actors, long from, int limit) {
        var condition = LEDGER_ENTRY.ACTION.eq(action).and(LEDGER_ENTRY.IDX.ge(from));
        return entriesOf(database.dsl()
                .selectFrom(LEDGER_ENTRY)
                .where(actors.isEmpty() ? condition : condition.and(LEDGER_ENTRY.ACTOR.in(actors)))
                .orderBy(LEDGER_ENTRY.IDX.desc())
                .limit(limit)
                .fetch());
    }

    List<Entry> at(Set<Long> indexes) {
        return entriesOf(database.dsl()
                .selectFrom(LEDGER_ENTRY)
                .where(LEDGER_ENTRY.IDX.in(indexes))
                .orderBy(LEDGER_ENTRY.IDX)
                .fetch());
    }

    /** The assets under which the histories find each of the entries from one index to before another. */
    Map<Long, Set<String>> subjects(long from, long to) {
        var subjects = new HashMap<Long, Set<String>>();
        database.dsl()
                .selectFrom(LEDGER_SUBJECT)
                .where(LEDGER_SUBJECT.IDX.ge(from).and(LEDGER_SUBJECT.IDX.lt(to)))
                .forEach(row -> subjects.computeIfAbsent(row.get(LEDGER_SUBJECT.IDX), index -> new HashSet<>())
                        .add(row.get(LEDGER_SUBJECT.SUBJECT)));
        return subjects;
    }

    /** Takes a place in the log and a subject under which it is found. */
    interface Subjects {
        void take(long index, String subject);
    }

    void eachSubject(Subjects all) {
        database.jdbc("select idx, subject from ledger_subject", statement -> {
            statement.setFetchSize(PAGE);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    all.take(row.getLong(1), row.getString(2));
                }
            }
            return true;
        });
    }

    /** The rows at the places from one to before {@code count} later. */
    List<Verifier.Row> rows(long from, int count) {
        String sql = "select idx, id, at, actor, action, leaf, hash from ledger_entry where idx >= ? and idx < ?"
                + " order by idx";
        return database.jdbc(sql, statement -> {
            statement.setLong(1, from);
            statement.setLong(2, from + count);
            var rows = new ArrayList<Verifier.Row>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    rows.add(new Verifier.Row(
                            row.getLong(1),
                            row.getString(2),
                            row.getLong(3),
                            row.getString(4),
                            row.getString(5),
                            row.getString(6),
                            row.getString(7)));
                }
            }
            return rows;
        });
    }

    /** The subtrees that the leaves from one to before another complete. */
    Map<Place, String> nodes(long from, long to) {
        var nodes = new HashMap<Place, String>();
        for (int height = 1; height < 63; height++) {
            int level = height;
            database.jdbc("select pos, hash from ledger_node where height = ? and pos >= ? and pos < ?", statement -> {
                statement.setInt(1, level);
                statement.setLong(2, from >> level);
                statement.setLong(3, Math.max(to >> level, (from >> level) + 1));
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        nodes.put(new Place(level, row.getLong(1)), row.getString(2));
                    }
                }
                return true;
            });
        }
        return nodes;
    }

    Optional<Entry> byId(String id) {
        return entriesOf(database.dsl()
                        .selectFrom(LEDGER_ENTRY)
                        .where(LEDGER_ENTRY.ID.eq(id))
                        .fetch())
                .stream()
                .findFirst();
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

    private List<Entry> entriesOf(List<? extends Record> rows) {
        var entries = new ArrayList<Entry>(rows.size());
        rows.forEach(row -> entries.add(
                Entry.of(row.get(LEDGER_ENTRY.IDX), row.get(LEDGER_ENTRY.LEAF)).with(row.get(LEDGER_ENTRY.HASH))));
        Set<String> concealed = new HashSet<>();
        entries.stream()
                .filter(entry -> entry.leaf().contains("{\"" + Personal.SALTED + "\":"))
                .forEach(entry -> concealed.add(entry.id()));
        return concealed.isEmpty() ? entries : revealed(entries, concealed);
    }

    private List<Entry> revealed(List<Entry> entries, Set<String> concealed) {
        var kept = new HashMap<String, Map<String, String>>();
        database.dsl()
                .selectFrom(LEDGER_PERSONAL)
                .where(LEDGER_PERSONAL.ENTRY_ID.in(concealed))
                .forEach(row -> kept.computeIfAbsent(row.get(LEDGER_PERSONAL.ENTRY_ID), id -> new HashMap<>())
                        .put(row.get(LEDGER_PERSONAL.FIELD), row.get(LEDGER_PERSONAL.PLAIN)));
        return entries.stream()
                .map(entry -> concealed.contains(entry.id())
                        ? entry.with(Personal.reveal(entry.details(), kept.getOrDefault(entry.id(), Map.of())))
                        : entry)
                .toList();
    }
}

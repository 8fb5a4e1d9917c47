package org.millwright.history;

import static org.millwright.schema.Tables.HISTORY_SNAPSHOT;

import com.fasterxml.jackson.core.type.TypeReference;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.millwright.kernel.Database;
import org.millwright.kernel.Json;

/** Where in the log the facts about an asset stood: an index into the log that may be thrown away at any time. */
final class HistoryStore {
    private final Database database;

    HistoryStore(Database database) {
        this.database = database;
    }

    /**
     * Which entries told the facts.
     *
     * @param size entries of the log that were looked at
     * @param places of the entries, by the name of the fact
     */
    record Snapshot(long size, Map<String, Long> places) {}

    /** The newest one of a log that had at most so many entries. */
    Optional<Snapshot> before(String ref, long size) {
        return database.dsl()
                .selectFrom(HISTORY_SNAPSHOT)
                .where(HISTORY_SNAPSHOT.SUBJECT.eq(ref).and(HISTORY_SNAPSHOT.SIZE.le(size)))
                .orderBy(HISTORY_SNAPSHOT.SIZE.desc())
                .limit(1)
                .fetchOptional(row -> new Snapshot(
                        row.get(HISTORY_SNAPSHOT.SIZE),
                        Json.read(row.get(HISTORY_SNAPSHOT.PLACES), new TypeReference<TreeMap<String, Long>>() {})));
    }

    void insert(String ref, Snapshot snapshot) {
        database.dsl()
                .insertInto(HISTORY_SNAPSHOT)
                .set(HISTORY_SNAPSHOT.SUBJECT, ref)
                .set(HISTORY_SNAPSHOT.SIZE, snapshot.size())
                .set(HISTORY_SNAPSHOT.PLACES, Json.write(snapshot.places()))
                .onConflictDoNothing()
                .execute();
    }
}

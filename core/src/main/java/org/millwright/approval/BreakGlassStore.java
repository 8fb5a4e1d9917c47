package org.millwright.approval;

import static org.millwright.schema.Tables.BREAK_GLASS;

import com.fasterxml.jackson.core.type.TypeReference;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jooq.Record;
import org.millwright.kernel.Database;
import org.millwright.kernel.Json;

/** Releases that one person let through, in the database. */
final class BreakGlassStore {
    private static final TypeReference<Map<String, String>> TEXTS = new TypeReference<>() {};

    private final Database database;

    BreakGlassStore(Database database) {
        this.database = database;
    }

    void insert(Broken broken) {
        database.dsl()
                .insertInto(BREAK_GLASS)
                .set(BREAK_GLASS.RELEASE_ID, broken.release())
                .set(BREAK_GLASS.PROJECT, broken.project())
                .set(BREAK_GLASS.REASON, broken.reason())
                .set(BREAK_GLASS.DIGESTS, Json.write(broken.digests()))
                .set(BREAK_GLASS.BROKEN_BY, broken.by())
                .set(BREAK_GLASS.BROKEN_AT, broken.at())
                .set(BREAK_GLASS.UNTIL_AT, broken.until())
                .set(BREAK_GLASS.STATE, broken.state().name())
                .execute();
    }

    boolean settle(String release, Broken.State state, long now) {
        return database.dsl()
                        .update(BREAK_GLASS)
                        .set(BREAK_GLASS.STATE, state.name())
                        .set(BREAK_GLASS.SETTLED_AT, now)
                        .where(BREAK_GLASS
                                .RELEASE_ID
                                .eq(release)
                                .and(BREAK_GLASS.STATE.ne(Broken.State.CONFIRMED.name()))
                                .and(BREAK_GLASS.STATE.ne(state.name())))
                        .execute()
                == 1;
    }

    Optional<Broken> of(String release) {
        return database.dsl()
                .selectFrom(BREAK_GLASS)
                .where(BREAK_GLASS.RELEASE_ID.eq(release))
                .fetchOptional(BreakGlassStore::broken);
    }

    List<Broken> over(long now) {
        return database.dsl()
                .selectFrom(BREAK_GLASS)
                .where(BREAK_GLASS.STATE.eq(Broken.State.OPEN.name()).and(BREAK_GLASS.UNTIL_AT.le(now)))
                .fetch(BreakGlassStore::broken);
    }

    private static Broken broken(Record row) {
        return new Broken(
                row.get(BREAK_GLASS.RELEASE_ID),
                row.get(BREAK_GLASS.PROJECT),
                row.get(BREAK_GLASS.REASON),
                Json.read(row.get(BREAK_GLASS.DIGESTS), TEXTS),
                row.get(BREAK_GLASS.BROKEN_BY),
                row.get(BREAK_GLASS.BROKEN_AT),
                row.get(BREAK_GLASS.UNTIL_AT),
                Broken.State.valueOf(row.get(BREAK_GLASS.STATE)));
    }
}

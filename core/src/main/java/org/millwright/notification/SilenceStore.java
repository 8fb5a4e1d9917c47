package org.millwright.notification;

import static org.millwright.schema.Tables.SILENCE;

import java.util.List;
import java.util.Optional;
import org.jooq.Record;
import org.millwright.alert.Alert;
import org.millwright.kernel.Database;

/** Silences in the database, those that are over too. */
final class SilenceStore {
    private final Database database;

    SilenceStore(Database database) {
        this.database = database;
    }

    void insert(Silence silence) {
        database.dsl()
                .insertInto(SILENCE)
                .set(SILENCE.ID, silence.id())
                .set(SILENCE.PROJECT, silence.project().orElse(null))
                .set(SILENCE.DEPLOYMENT, silence.deployment().orElse(null))
                .set(SILENCE.CLAUSE, silence.clause().orElse(null))
                .set(SILENCE.REASON, silence.reason())
                .set(SILENCE.CREATED_AT, silence.createdAt())
                .set(SILENCE.CREATED_BY, silence.createdBy())
                .set(SILENCE.ENDS_AT, silence.endsAt())
                .execute();
    }

    /** Ends one early; false when it is over already. */
    boolean end(String id, String by, long now) {
        return database.dsl()
                        .update(SILENCE)
                        .set(SILENCE.ENDED_AT, now)
                        .set(SILENCE.ENDED_BY, by)
                        .where(SILENCE.ID.eq(id).and(SILENCE.ENDED_AT.isNull()).and(SILENCE.ENDS_AT.gt(now)))
                        .execute()
                == 1;
    }

    Optional<Silence> find(String id) {
        return database.dsl().selectFrom(SILENCE).where(SILENCE.ID.eq(id)).fetchOptional(SilenceStore::silence);
    }

    /** Those that end, or would have ended, after a time, the newest first. */
    List<Silence> after(long time, int limit) {
        return database.dsl()
                .selectFrom(SILENCE)
                .where(SILENCE.ENDS_AT.gt(time))
                .orderBy(SILENCE.CREATED_AT.desc(), SILENCE.ID.desc())
                .limit(limit)
                .fetch(SilenceStore::silence);
    }

    private static Silence silence(Record row) {
        return new Silence(
                row.get(SILENCE.ID),
                Optional.ofNullable(row.get(SILENCE.PROJECT)),
                Optional.ofNullable(row.get(SILENCE.DEPLOYMENT)),
                Optional.ofNullable(row.get(SILENCE.CLAUSE)),
                row.get(SILENCE.REASON),
                row.get(SILENCE.CREATED_AT),
                row.get(SILENCE.CREATED_BY),
                row.get(SILENCE.ENDS_AT),
                Optional.ofNullable(row.get(SILENCE.ENDED_BY))
                        .map(by -> new Alert.Decision(by, row.get(SILENCE.ENDED_AT), "")));
    }
}

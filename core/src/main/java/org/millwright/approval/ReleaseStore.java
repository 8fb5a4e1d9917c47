package org.millwright.approval;

import static org.millwright.schema.Tables.RELEASE_REQUEST;

import java.util.List;
import java.util.Optional;
import org.jooq.Record;
import org.millwright.kernel.Database;

/** Releases in the database. */
final class ReleaseStore {
    private final Database database;

    ReleaseStore(Database database) {
        this.database = database;
    }

    void insert(Release release) {
        database.dsl()
                .insertInto(RELEASE_REQUEST)
                .set(RELEASE_REQUEST.ID, release.id())
                .set(RELEASE_REQUEST.PROJECT, release.project())
                .set(RELEASE_REQUEST.MODEL, release.model())
                .set(RELEASE_REQUEST.VERSION, Long.toString(release.version()))
                .set(RELEASE_REQUEST.DEPLOYMENT, release.deployment())
                .set(RELEASE_REQUEST.STATE, release.state().name())
                .set(RELEASE_REQUEST.NOTE, release.note())
                .set(RELEASE_REQUEST.REQUESTED_BY, release.requestedBy())
                .set(RELEASE_REQUEST.REQUESTED_AT, release.requestedAt())
                .set(RELEASE_REQUEST.CHANGED_AT, release.changedAt())
                .execute();
    }

    void setState(String id, Release.State state, String note, long now) {
        database.dsl()
                .update(RELEASE_REQUEST)
                .set(RELEASE_REQUEST.STATE, state.name())
                .set(RELEASE_REQUEST.NOTE, note)
                .set(RELEASE_REQUEST.CHANGED_AT, now)
                .where(RELEASE_REQUEST.ID.eq(id))
                .execute();
    }

    Optional<Release> find(String id) {
        return database.dsl()
                .selectFrom(RELEASE_REQUEST)
                .where(RELEASE_REQUEST.ID.eq(id))
                .fetchOptional(ReleaseStore::release);
    }

    /** Releases of a version, newest first. */
    List<Release> of(String model, long version) {
        return database.dsl()
                .selectFrom(RELEASE_REQUEST)
                .where(RELEASE_REQUEST.MODEL.eq(model).and(RELEASE_REQUEST.VERSION.eq(Long.toString(version))))
                .orderBy(RELEASE_REQUEST.REQUESTED_AT.desc())
                .fetch(ReleaseStore::release);
    }

    List<Release> list(int limit) {
        return database.dsl()
                .selectFrom(RELEASE_REQUEST)
                .orderBy(RELEASE_REQUEST.REQUESTED_AT.desc())
                .limit(limit)
                .fetch(ReleaseStore::release);
    }

    private static Release release(Record row) {
        return new Release(
                row.get(RELEASE_REQUEST.ID),
                row.get(RELEASE_REQUEST.PROJECT),
                row.get(RELEASE_REQUEST.MODEL),
                Long.parseLong(row.get(RELEASE_REQUEST.VERSION)),
                row.get(RELEASE_REQUEST.DEPLOYMENT),
                Release.State.valueOf(row.get(RELEASE_REQUEST.STATE)),
                row.get(RELEASE_REQUEST.NOTE),
                row.get(RELEASE_REQUEST.REQUESTED_BY),
                row.get(RELEASE_REQUEST.REQUESTED_AT),
                row.get(RELEASE_REQUEST.CHANGED_AT));
    }
}

package org.millwright.pipeline;

import static org.millwright.schema.Tables.PIPELINE_PUSH;
import static org.millwright.schema.Tables.PIPELINE_SOURCE;

import java.util.Optional;
import org.millwright.kernel.Database;

/** Kept project folders in the database. */
final class SourceStore {
    private final Database database;

    SourceStore(Database database) {
        this.database = database;
    }

    void insert(Source source) {
        database.dsl()
                .insertInto(PIPELINE_SOURCE)
                .set(PIPELINE_SOURCE.ID, source.id())
                .set(PIPELINE_SOURCE.PROJECT, source.project())
                .set(PIPELINE_SOURCE.MANIFEST, source.manifest())
                .set(PIPELINE_SOURCE.GIT_COMMIT, source.commit())
                .set(PIPELINE_SOURCE.DIRTY, source.dirty() ? 1 : 0)
                .set(PIPELINE_SOURCE.FILES, source.files())
                .set(PIPELINE_SOURCE.BYTES, source.bytes())
                .set(PIPELINE_SOURCE.CREATED_BY, source.createdBy())
                .set(PIPELINE_SOURCE.CREATED_AT, source.createdAt())
                .onConflictDoNothing()
                .execute();
    }

    void push(Push push) {
        database.dsl()
                .insertInto(PIPELINE_PUSH)
                .set(PIPELINE_PUSH.PROJECT, push.project())
                .set(PIPELINE_PUSH.SOURCE_ID, push.sourceId())
                .set(PIPELINE_PUSH.GIT_COMMIT, push.commit())
                .set(PIPELINE_PUSH.PUSHED_BY, push.by())
                .set(PIPELINE_PUSH.PUSHED_AT, push.at())
                .onConflict(PIPELINE_PUSH.PROJECT)
                .doUpdate()
                .set(PIPELINE_PUSH.SOURCE_ID, push.sourceId())
                .set(PIPELINE_PUSH.GIT_COMMIT, push.commit())
                .set(PIPELINE_PUSH.PUSHED_BY, push.by())
                .set(PIPELINE_PUSH.PUSHED_AT, push.at())
                .execute();
    }

    Optional<Push> pushed(String project) {
        return database.dsl()
                .selectFrom(PIPELINE_PUSH)
                .where(PIPELINE_PUSH.PROJECT.eq(project))
                .fetchOptional(row -> new Push(
                        project,
                        row.get(PIPELINE_PUSH.SOURCE_ID),
                        row.get(PIPELINE_PUSH.GIT_COMMIT),
                        row.get(PIPELINE_PUSH.PUSHED_BY),
                        row.get(PIPELINE_PUSH.PUSHED_AT)));
    }

    Optional<Source> find(String id) {
        return database.dsl()
                .selectFrom(PIPELINE_SOURCE)
                .where(PIPELINE_SOURCE.ID.eq(id))
                .fetchOptional(row -> new Source(
                        row.get(PIPELINE_SOURCE.ID),
                        row.get(PIPELINE_SOURCE.PROJECT),
                        row.get(PIPELINE_SOURCE.MANIFEST),
                        row.get(PIPELINE_SOURCE.GIT_COMMIT),
                        row.get(PIPELINE_SOURCE.DIRTY) != 0,
                        row.get(PIPELINE_SOURCE.FILES),
                        row.get(PIPELINE_SOURCE.BYTES),
                        row.get(PIPELINE_SOURCE.CREATED_BY),
                        row.get(PIPELINE_SOURCE.CREATED_AT)));
    }
}

package org.millwright.project;

import static org.millwright.schema.Tables.PROJECT;
import static org.millwright.schema.Tables.PROJECT_VERSION;

import java.util.List;
import java.util.Optional;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;
import org.millwright.kernel.Database;

/** Projects and the versions of their files in the database. */
final class ProjectStore {
    private final Database database;

    ProjectStore(Database database) {
        this.database = database;
    }

    void save(Project project) {
        database.dsl()
                .insertInto(PROJECT)
                .set(PROJECT.NAME, project.name())
                .set(PROJECT.STATE, project.state().name())
                .set(PROJECT.APPROVED, project.approved().orElse(null))
                .set(PROJECT.PROPOSED, project.proposed().orElse(null))
                .set(PROJECT.REASON, project.reason())
                .set(PROJECT.CREATED_AT, project.createdAt())
                .set(PROJECT.CHANGED_AT, project.changedAt())
                .onConflict(PROJECT.NAME)
                .doUpdate()
                .set(PROJECT.STATE, project.state().name())
                .set(PROJECT.APPROVED, project.approved().orElse(null))
                .set(PROJECT.PROPOSED, project.proposed().orElse(null))
                .set(PROJECT.REASON, project.reason())
                .set(PROJECT.CHANGED_AT, project.changedAt())
                .execute();
    }

    void propose(String project, String digest, String text, String by, long now) {
        database.dsl()
                .insertInto(PROJECT_VERSION)
                .set(PROJECT_VERSION.PROJECT, project)
                .set(PROJECT_VERSION.DIGEST, digest)
                .set(PROJECT_VERSION.TEXT, text)
                .set(PROJECT_VERSION.STATE, ProjectVersion.State.PROPOSED.name())
                .set(PROJECT_VERSION.REQUESTED_BY, by)
                .set(PROJECT_VERSION.REQUESTED_AT, now)
                .onConflict(PROJECT_VERSION.PROJECT, PROJECT_VERSION.DIGEST)
                .doUpdate()
                .set(PROJECT_VERSION.TEXT, text)
                .set(PROJECT_VERSION.STATE, ProjectVersion.State.PROPOSED.name())
                .set(PROJECT_VERSION.REQUESTED_BY, by)
                .set(PROJECT_VERSION.REQUESTED_AT, now)
                .set(PROJECT_VERSION.DECIDED_BY, (String) null)
                .set(PROJECT_VERSION.DECIDED_AT, (Long) null)
                .set(PROJECT_VERSION.REASON, (String) null)
                .execute();
    }

    void mark(
            String project,
            String digest,
            ProjectVersion.State state,
            @Nullable String by,
            @Nullable Long at,
            @Nullable String reason) {
        var update = database.dsl().update(PROJECT_VERSION).set(PROJECT_VERSION.STATE, state.name());
        if (by != null) {
            update = update.set(PROJECT_VERSION.DECIDED_BY, by)
                    .set(PROJECT_VERSION.DECIDED_AT, at)
                    .set(PROJECT_VERSION.REASON, reason);
        }
        update.where(PROJECT_VERSION.PROJECT.eq(project).and(PROJECT_VERSION.DIGEST.eq(digest)))
                .execute();
    }

    Optional<Project> find(String name) {
        return database.dsl().selectFrom(PROJECT).where(PROJECT.NAME.eq(name)).fetchOptional(ProjectStore::project);
    }

    List<Project> all() {
        return database.dsl().selectFrom(PROJECT).orderBy(PROJECT.NAME).fetch(ProjectStore::project);
    }

    Optional<ProjectVersion> version(String project, String digest) {
        return database.dsl()
                .selectFrom(PROJECT_VERSION)
                .where(PROJECT_VERSION.PROJECT.eq(project).and(PROJECT_VERSION.DIGEST.eq(digest)))
                .fetchOptional(ProjectStore::version);
    }

    List<ProjectVersion> versions(String project) {
        return database.dsl()
                .selectFrom(PROJECT_VERSION)
                .where(PROJECT_VERSION.PROJECT.eq(project))
                .orderBy(PROJECT_VERSION.REQUESTED_AT)
                .fetch(ProjectStore::version);
    }

    private static Project project(Record row) {
        return new Project(
                row.get(PROJECT.NAME),
                Project.State.valueOf(row.get(PROJECT.STATE)),
                Optional.ofNullable(row.get(PROJECT.APPROVED)),
                Optional.ofNullable(row.get(PROJECT.PROPOSED)),
                Optional.ofNullable(row.get(PROJECT.REASON)).orElse(""),
                row.get(PROJECT.CREATED_AT),
                row.get(PROJECT.CHANGED_AT));
    }

    private static ProjectVersion version(Record row) {
        return new ProjectVersion(
                row.get(PROJECT_VERSION.PROJECT),
                row.get(PROJECT_VERSION.DIGEST),
                row.get(PROJECT_VERSION.TEXT),
                ProjectVersion.State.valueOf(row.get(PROJECT_VERSION.STATE)),
                row.get(PROJECT_VERSION.REQUESTED_BY),
                row.get(PROJECT_VERSION.REQUESTED_AT),
                Optional.ofNullable(row.get(PROJECT_VERSION.DECIDED_BY)),
                Optional.ofNullable(row.get(PROJECT_VERSION.DECIDED_AT)),
                Optional.ofNullable(row.get(PROJECT_VERSION.REASON)).orElse(""));
    }
}

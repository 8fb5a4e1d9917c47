package org.millwright.identity;

import static org.millwright.schema.Tables.RESOURCE_GRANT;

import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jooq.Condition;
import org.millwright.kernel.Database;

/** Who was given which level on what, in the database. */
final class GrantStore {
    private final Database database;

    GrantStore(Database database) {
        this.database = database;
    }

    void set(Resource resource, String personId, Level level) {
        database.dsl()
                .insertInto(RESOURCE_GRANT)
                .set(RESOURCE_GRANT.KIND, resource.kind().name())
                .set(RESOURCE_GRANT.RESOURCE, resource.id())
                .set(RESOURCE_GRANT.PERSON_ID, personId)
                .set(RESOURCE_GRANT.LEVEL, level.name())
                .onConflict(RESOURCE_GRANT.KIND, RESOURCE_GRANT.RESOURCE, RESOURCE_GRANT.PERSON_ID)
                .doUpdate()
                .set(RESOURCE_GRANT.LEVEL, level.name())
                .execute();
    }

    Optional<Level> find(Resource resource, String personId) {
        return database.dsl()
                .select(RESOURCE_GRANT.LEVEL)
                .from(RESOURCE_GRANT)
                .where(is(resource).and(RESOURCE_GRANT.PERSON_ID.eq(personId)))
                .fetchOptional(RESOURCE_GRANT.LEVEL)
                .map(Level::valueOf);
    }

    void delete(Resource resource, String personId) {
        database.dsl()
                .deleteFrom(RESOURCE_GRANT)
                .where(is(resource).and(RESOURCE_GRANT.PERSON_ID.eq(personId)))
                .execute();
    }

    void deleteAll(Resource resource) {
        database.dsl().deleteFrom(RESOURCE_GRANT).where(is(resource)).execute();
    }

    void deletePerson(String personId) {
        database.dsl()
                .deleteFrom(RESOURCE_GRANT)
                .where(RESOURCE_GRANT.PERSON_ID.eq(personId))
                .execute();
    }

    void rename(Resource resource, String to) {
        database.dsl()
                .update(RESOURCE_GRANT)
                .set(RESOURCE_GRANT.RESOURCE, to)
                .where(is(resource))
                .execute();
    }

    /** Everything of a kind that someone was given a level on. */
    Map<String, Level> of(String personId, Resource.Kind kind) {
        return database
                .dsl()
                .selectFrom(RESOURCE_GRANT)
                .where(RESOURCE_GRANT.PERSON_ID.eq(personId).and(RESOURCE_GRANT.KIND.eq(kind.name())))
                .stream()
                .collect(Collectors.toMap(
                        row -> row.get(RESOURCE_GRANT.RESOURCE), row -> Level.valueOf(row.get(RESOURCE_GRANT.LEVEL))));
    }

    private static Condition is(Resource resource) {
        return RESOURCE_GRANT.KIND.eq(resource.kind().name()).and(RESOURCE_GRANT.RESOURCE.eq(resource.id()));
    }
}

package org.millwright.environment;

import static org.millwright.schema.Tables.ENVIRONMENT;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import org.jooq.Record;
import org.millwright.kernel.Database;
import org.millwright.kernel.Json;

/** Environments in the database. */
final class EnvironmentStore {
    private final Database database;

    EnvironmentStore(Database database) {
        this.database = database;
    }

    Optional<Environment> get(String id) {
        return database.dsl()
                .selectFrom(ENVIRONMENT)
                .where(ENVIRONMENT.ID.eq(id))
                .fetchOptional(EnvironmentStore::environment);
    }

    List<Environment> all() {
        return database.dsl()
                .selectFrom(ENVIRONMENT)
                .orderBy(ENVIRONMENT.USED_AT.desc(), ENVIRONMENT.ID)
                .fetch(EnvironmentStore::environment);
    }

    void start(String id, Lock lock, Interpreter interpreter, long now) {
        database.dsl()
                .insertInto(ENVIRONMENT)
                .set(ENVIRONMENT.ID, id)
                .set(ENVIRONMENT.STATE, Environment.State.BUILDING.name())
                .set(ENVIRONMENT.PYTHON, interpreter.version())
                .set(ENVIRONMENT.PLATFORM, interpreter.platform())
                .set(ENVIRONMENT.LOCK_SHA256, lock.sha256())
                .set(ENVIRONMENT.PACKAGES, lock.packages())
                .set(ENVIRONMENT.DESCRIPTION, "{}")
                .set(ENVIRONMENT.CREATED_AT, now)
                .set(ENVIRONMENT.USED_AT, now)
                .onConflict(ENVIRONMENT.ID)
                .doUpdate()
                .set(ENVIRONMENT.STATE, Environment.State.BUILDING.name())
                .set(ENVIRONMENT.USED_AT, now)
                .execute();
    }

    void ready(String id, JsonNode description, long now) {
        database.dsl()
                .update(ENVIRONMENT)
                .set(ENVIRONMENT.STATE, Environment.State.READY.name())
                .set(ENVIRONMENT.DESCRIPTION, Json.write(description))
                .setNull(ENVIRONMENT.FAILURE)
                .set(ENVIRONMENT.BUILT_AT, now)
                .where(ENVIRONMENT.ID.eq(id))
                .execute();
    }

    void failed(String id, String failure) {
        database.dsl()
                .update(ENVIRONMENT)
                .set(ENVIRONMENT.STATE, Environment.State.FAILED.name())
                .set(ENVIRONMENT.FAILURE, failure)
                .where(ENVIRONMENT.ID.eq(id))
                .execute();
    }

    void used(String id, long now) {
        database.dsl()
                .update(ENVIRONMENT)
                .set(ENVIRONMENT.USED_AT, now)
                .where(ENVIRONMENT.ID.eq(id))
                .execute();
    }

    private static Environment environment(Record row) {
        return new Environment(
                row.get(ENVIRONMENT.ID),
                Environment.State.valueOf(row.get(ENVIRONMENT.STATE)),
                row.get(ENVIRONMENT.PYTHON),
                row.get(ENVIRONMENT.PLATFORM),
                row.get(ENVIRONMENT.LOCK_SHA256),
                row.get(ENVIRONMENT.PACKAGES),
                Json.parse(row.get(ENVIRONMENT.DESCRIPTION)),
                Optional.ofNullable(row.get(ENVIRONMENT.FAILURE)),
                row.get(ENVIRONMENT.CREATED_AT),
                Optional.ofNullable(row.get(ENVIRONMENT.BUILT_AT)),
                row.get(ENVIRONMENT.USED_AT));
    }
}

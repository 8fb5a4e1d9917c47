package org.millwright.policy;

import static org.millwright.schema.Tables.POLICY_IN_FORCE;
import static org.millwright.schema.Tables.POLICY_VERSION;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jooq.Record;
import org.millwright.kernel.Database;

/** Texts of policies and which of them are in force, in the database. */
final class PolicyStore {
    private final Database database;

    PolicyStore(Database database) {
        this.database = database;
    }

    /** What is in force of a policy, as the database says. */
    record InForce(String name, String digest, String by, long at, String reason) {}

    void put(PolicyVersion version) {
        database.dsl()
                .deleteFrom(POLICY_VERSION)
                .where(POLICY_VERSION.NAME.eq(version.name()).and(POLICY_VERSION.DIGEST.eq(version.digest())))
                .execute();
        database.dsl()
                .insertInto(POLICY_VERSION)
                .set(POLICY_VERSION.NAME, version.name())
                .set(POLICY_VERSION.DIGEST, version.digest())
                .set(POLICY_VERSION.TEXT, version.text())
                .set(POLICY_VERSION.PUBLISHED_BY, version.publishedBy())
                .set(POLICY_VERSION.PUBLISHED_AT, version.publishedAt())
                .execute();
    }

    Optional<PolicyVersion> version(String name, String digest) {
        return database.dsl()
                .selectFrom(POLICY_VERSION)
                .where(POLICY_VERSION.NAME.eq(name).and(POLICY_VERSION.DIGEST.eq(digest)))
                .fetchOptional(PolicyStore::version);
    }

    /** Newest first. */
    List<PolicyVersion> versions(String name) {
        return database.dsl()
                .selectFrom(POLICY_VERSION)
                .where(POLICY_VERSION.NAME.eq(name))
                .orderBy(POLICY_VERSION.PUBLISHED_AT.desc())
                .fetch(PolicyStore::version);
    }

    List<String> names() {
        return database.dsl()
                .selectDistinct(POLICY_VERSION.NAME)
                .from(POLICY_VERSION)
                .orderBy(POLICY_VERSION.NAME)
                .fetch(POLICY_VERSION.NAME);
    }

    void activate(InForce row) {
        retire(row.name());
        database.dsl()
                .insertInto(POLICY_IN_FORCE)
                .set(POLICY_IN_FORCE.NAME, row.name())
                .set(POLICY_IN_FORCE.DIGEST, row.digest())
                .set(POLICY_IN_FORCE.ACTIVATED_BY, row.by())
                .set(POLICY_IN_FORCE.ACTIVATED_AT, row.at())
                .set(POLICY_IN_FORCE.REASON, row.reason())
                .execute();
    }

    void retire(String name) {
        database.dsl()
                .deleteFrom(POLICY_IN_FORCE)
                .where(POLICY_IN_FORCE.NAME.eq(name))
                .execute();
    }

    Map<String, InForce> inForce() {
        var rows = new TreeMap<String, InForce>();
        database.dsl().selectFrom(POLICY_IN_FORCE).forEach(row -> {
            var found = new InForce(
                    row.get(POLICY_IN_FORCE.NAME),
                    row.get(POLICY_IN_FORCE.DIGEST),
                    row.get(POLICY_IN_FORCE.ACTIVATED_BY),
                    row.get(POLICY_IN_FORCE.ACTIVATED_AT),
                    row.get(POLICY_IN_FORCE.REASON));
            rows.put(found.name(), found);
        });
        return rows;
    }

    private static PolicyVersion version(Record row) {
        return new PolicyVersion(
                row.get(POLICY_VERSION.NAME),
                row.get(POLICY_VERSION.DIGEST),
                row.get(POLICY_VERSION.TEXT),
                false,
                row.get(POLICY_VERSION.PUBLISHED_BY),
                row.get(POLICY_VERSION.PUBLISHED_AT));
    }
}

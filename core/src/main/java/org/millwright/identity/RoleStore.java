package org.millwright.identity;

import static org.millwright.schema.Tables.CUSTOM_ROLE;
import static org.millwright.schema.Tables.MEMBERSHIP;
import static org.millwright.schema.Tables.PERSON;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jooq.Record;
import org.millwright.kernel.Database;
import org.millwright.kernel.Json;

/** Roles of the installation in the database. */
final class RoleStore {
    private final Database database;

    RoleStore(Database database) {
        this.database = database;
    }

    void insert(Roles.Custom role) {
        database.dsl()
                .insertInto(CUSTOM_ROLE)
                .set(CUSTOM_ROLE.NAME, role.role().text())
                .set(CUSTOM_ROLE.DESCRIPTION, role.description())
                .set(
                        CUSTOM_ROLE.PERMISSIONS,
                        Json.write(role.role().permissions().stream()
                                .map(Permission::name)
                                .sorted()
                                .toList()))
                .set(CUSTOM_ROLE.CREATED_BY, role.by())
                .set(CUSTOM_ROLE.CREATED_AT, role.at())
                .execute();
    }

    void delete(String name) {
        database.dsl().deleteFrom(CUSTOM_ROLE).where(CUSTOM_ROLE.NAME.eq(name)).execute();
    }

    Optional<Roles.Custom> find(String name) {
        return database.dsl()
                .selectFrom(CUSTOM_ROLE)
                .where(CUSTOM_ROLE.NAME.eq(name))
                .fetchOptional(RoleStore::custom);
    }

    List<Roles.Custom> all() {
        return database.dsl().selectFrom(CUSTOM_ROLE).orderBy(CUSTOM_ROLE.NAME).fetch(RoleStore::custom);
    }

    /** The role of a stored name; what is known no more allows nothing. */
    Role resolve(String name) {
        return Role.find(name).or(() -> find(name).map(Roles.Custom::role)).orElseGet(() -> Role.named(name));
    }

    /** Who has the role, and where: {@code ana} in the whole installation, {@code ben in project delays}. */
    List<String> holders(String name) {
        var holders = new ArrayList<String>();
        database.dsl()
                .select(PERSON.NAME, PERSON.ROLES)
                .from(PERSON)
                .where(PERSON.DISABLED_AT.isNull())
                .orderBy(PERSON.NAME)
                .forEach(row -> {
                    if (List.of(row.get(PERSON.ROLES).split(",")).contains(name)) {
                        holders.add(row.get(PERSON.NAME));
                    }
                });
        database.dsl()
                .select(PERSON.NAME, MEMBERSHIP.PROJECT)
                .from(MEMBERSHIP)
                .join(PERSON)
                .on(PERSON.ID.eq(MEMBERSHIP.PERSON_ID))
                .where(MEMBERSHIP.ROLE.eq(name))
                .orderBy(PERSON.NAME, MEMBERSHIP.PROJECT)
                .forEach(row -> holders.add(row.get(PERSON.NAME) + " in project " + row.get(MEMBERSHIP.PROJECT)));
        return holders;
    }

    private static Roles.Custom custom(Record row) {
        Set<Permission> permissions = EnumSet.noneOf(Permission.class);
        Json.parse(row.get(CUSTOM_ROLE.PERMISSIONS))
                .forEach(permission -> permissions.add(Permission.valueOf(permission.asText())));
        return new Roles.Custom(
                Role.custom(row.get(CUSTOM_ROLE.NAME), permissions),
                row.get(CUSTOM_ROLE.DESCRIPTION),
                row.get(CUSTOM_ROLE.CREATED_BY),
                row.get(CUSTOM_ROLE.CREATED_AT));
    }
}

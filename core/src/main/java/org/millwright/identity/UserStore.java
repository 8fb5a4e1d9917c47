package org.millwright.identity;

import static org.millwright.schema.Tables.MEMBERSHIP;
import static org.millwright.schema.Tables.PERSON;
import static org.millwright.schema.Tables.TOKEN;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;
import org.millwright.kernel.Database;

/** Users, tokens and memberships in the database. */
final class UserStore {
    private final Database database;
    private final RoleStore roles;

    UserStore(Database database) {
        this.database = database;
        this.roles = new RoleStore(database);
    }

    void insert(User user, @Nullable String passwordHash) {
        database.dsl()
                .insertInto(PERSON)
                .set(PERSON.ID, user.id())
                .set(PERSON.NAME, user.name())
                .set(PERSON.DISPLAY, user.display())
                .set(PERSON.KIND, user.kind().name())
                .set(PERSON.ROLES, rolesText(user.roles()))
                .set(PERSON.PASSWORD_HASH, passwordHash)
                .set(PERSON.OWNER_ID, user.owner().orElse(null))
                .set(PERSON.CREATED_AT, user.createdAt())
                .execute();
    }

    void setRoles(String id, Set<Role> roles) {
        database.dsl()
                .update(PERSON)
                .set(PERSON.ROLES, rolesText(roles))
                .where(PERSON.ID.eq(id))
                .execute();
    }

    void setOwner(String id, @Nullable String owner) {
        database.dsl()
                .update(PERSON)
                .set(PERSON.OWNER_ID, owner)
                .where(PERSON.ID.eq(id))
                .execute();
    }

    void setPassword(String id, String hash) {
        database.dsl()
                .update(PERSON)
                .set(PERSON.PASSWORD_HASH, hash)
                .where(PERSON.ID.eq(id))
                .execute();
    }

    /** Takes credentials, roles and memberships, and frees the name. */
    void remove(String id, long now) {
        database.dsl()
                .update(PERSON)
                .set(PERSON.NAME, "removed-" + id)
                .set(PERSON.DISPLAY, "removed")
                .set(PERSON.ROLES, "")
                .set(PERSON.PASSWORD_HASH, (String) null)
                .set(PERSON.DISABLED_AT, now)
                .where(PERSON.ID.eq(id))
                .execute();
        revokeAll(id, now);
        database.dsl().deleteFrom(MEMBERSHIP).where(MEMBERSHIP.PERSON_ID.eq(id)).execute();
    }

    void revokeAll(String id, long now) {
        database.dsl()
                .update(TOKEN)
                .set(TOKEN.REVOKED_AT, now)
                .where(TOKEN.PERSON_ID.eq(id).and(TOKEN.REVOKED_AT.isNull()))
                .execute();
    }

    Optional<User> byName(String name) {
        return database.dsl()
                .selectFrom(PERSON)
                .where(PERSON.NAME.eq(name).and(PERSON.DISABLED_AT.isNull()))
                .fetchOptional(this::user);
    }

    Optional<User> byId(String id) {
        return database.dsl().selectFrom(PERSON).where(PERSON.ID.eq(id)).fetchOptional(this::user);
    }

    Optional<String> passwordHash(String id) {
        return database.dsl()
                .select(PERSON.PASSWORD_HASH)
                .from(PERSON)
                .where(PERSON.ID.eq(id))
                .fetchOptional(PERSON.PASSWORD_HASH);
    }

    List<User> all() {
        return database.dsl()
                .selectFrom(PERSON)
                .where(PERSON.DISABLED_AT.isNull())
                .orderBy(PERSON.NAME)
                .fetch(this::user);
    }

    void insertToken(
            String id,
            String userId,
            String hash,
            String label,
            @Nullable String run,
            long now,
            @Nullable Long expires) {
        database.dsl()
                .insertInto(TOKEN)
                .set(TOKEN.ID, id)
                .set(TOKEN.PERSON_ID, userId)
                .set(TOKEN.SECRET_HASH, hash)
                .set(TOKEN.LABEL, label)
                .set(TOKEN.RUN_ID, run)
                .set(TOKEN.CREATED_AT, now)
                .set(TOKEN.EXPIRES_AT, expires)
                .execute();
    }

    /** Whether it was the user's and still good. */
    boolean revokeToken(String userId, String id, long now) {
        return database.dsl()
                        .update(TOKEN)
                        .set(TOKEN.REVOKED_AT, now)
                        .where(TOKEN.ID.eq(id).and(TOKEN.PERSON_ID.eq(userId)).and(TOKEN.REVOKED_AT.isNull()))
                        .execute()
                == 1;
    }

    void revokeRun(String run, long now) {
        database.dsl()
                .update(TOKEN)
                .set(TOKEN.REVOKED_AT, now)
                .where(TOKEN.RUN_ID.eq(run).and(TOKEN.REVOKED_AT.isNull()))
                .execute();
    }

    /** A live token's hash, owner and run. */
    record LiveToken(String hash, String userId, Optional<String> run) {}

    Optional<LiveToken> liveToken(String id, long now) {
        return database.dsl()
                .selectFrom(TOKEN)
                .where(TOKEN.ID
                        .eq(id)
                        .and(TOKEN.REVOKED_AT.isNull())
                        .and(TOKEN.EXPIRES_AT.isNull().or(TOKEN.EXPIRES_AT.gt(now))))
                .fetchOptional(row -> new LiveToken(
                        row.get(TOKEN.SECRET_HASH),
                        row.get(TOKEN.PERSON_ID),
                        Optional.ofNullable(row.get(TOKEN.RUN_ID))));
    }

    /** A live token that no step has. */
    record OwnedToken(String hash, String userId, long expiresAt) {}

    List<OwnedToken> liveTokens(long now) {
        return database.dsl()
                .selectFrom(TOKEN)
                .where(TOKEN.RUN_ID
                        .isNull()
                        .and(TOKEN.REVOKED_AT.isNull())
                        .and(TOKEN.EXPIRES_AT.isNull().or(TOKEN.EXPIRES_AT.gt(now))))
                .orderBy(TOKEN.SECRET_HASH)
                .fetch(row -> new OwnedToken(
                        row.get(TOKEN.SECRET_HASH),
                        row.get(TOKEN.PERSON_ID),
                        Optional.ofNullable(row.get(TOKEN.EXPIRES_AT)).orElse(0L)));
    }

    /** The projects in which a role of theirs allows that, by id of the person. */
    Map<String, Set<String>> projects(Permission permission) {
        var projects = new HashMap<String, Set<String>>();
        database.dsl()
                .select(MEMBERSHIP.PERSON_ID, MEMBERSHIP.PROJECT, MEMBERSHIP.ROLE)
                .from(MEMBERSHIP)
                .forEach(row -> {
                    if (roles.resolve(row.get(MEMBERSHIP.ROLE)).allows(permission)) {
                        projects.computeIfAbsent(row.get(MEMBERSHIP.PERSON_ID), id -> new TreeSet<>())
                                .add(row.get(MEMBERSHIP.PROJECT));
                    }
                });
        return projects;
    }

    void addMember(String project, String userId, Role role) {
        database.dsl()
                .insertInto(MEMBERSHIP)
                .set(MEMBERSHIP.PROJECT, project)
                .set(MEMBERSHIP.PERSON_ID, userId)
                .set(MEMBERSHIP.ROLE, role.text())
                .onConflictDoNothing()
                .execute();
    }

    /** The roles that someone has in some project. */
    Set<Role> rolesAnywhere(String userId) {
        return database
                .dsl()
                .selectDistinct(MEMBERSHIP.ROLE)
                .from(MEMBERSHIP)
                .where(MEMBERSHIP.PERSON_ID.eq(userId))
                .fetch(MEMBERSHIP.ROLE)
                .stream()
                .map(roles::resolve)
                .collect(Collectors.toSet());
    }

    void removeMember(String project, String userId, Role role) {
        database.dsl()
                .deleteFrom(MEMBERSHIP)
                .where(MEMBERSHIP
                        .PROJECT
                        .eq(project)
                        .and(MEMBERSHIP.PERSON_ID.eq(userId))
                        .and(MEMBERSHIP.ROLE.eq(role.text())))
                .execute();
    }

    Set<Role> rolesIn(String project, String userId) {
        return database
                .dsl()
                .select(MEMBERSHIP.ROLE)
                .from(MEMBERSHIP)
                .where(MEMBERSHIP.PROJECT.eq(project).and(MEMBERSHIP.PERSON_ID.eq(userId)))
                .fetch(MEMBERSHIP.ROLE)
                .stream()
                .map(roles::resolve)
                .collect(Collectors.toSet());
    }

    /** Every role that somebody has in some project. */
    List<Membership> memberships() {
        return database.dsl()
                .selectFrom(MEMBERSHIP)
                .orderBy(MEMBERSHIP.PERSON_ID, MEMBERSHIP.PROJECT, MEMBERSHIP.ROLE)
                .fetch(row -> new Membership(
                        row.get(MEMBERSHIP.PERSON_ID),
                        row.get(MEMBERSHIP.PROJECT),
                        roles.resolve(row.get(MEMBERSHIP.ROLE))));
    }

    /** The projects in which somebody has a role. */
    List<String> projectsOf(String userId) {
        return database.dsl()
                .selectDistinct(MEMBERSHIP.PROJECT)
                .from(MEMBERSHIP)
                .where(MEMBERSHIP.PERSON_ID.eq(userId))
                .orderBy(MEMBERSHIP.PROJECT)
                .fetch(MEMBERSHIP.PROJECT);
    }

    List<Member> members(String project) {
        return database.dsl()
                .select(PERSON.ID, PERSON.NAME, PERSON.DISPLAY, MEMBERSHIP.ROLE)
                .from(MEMBERSHIP)
                .join(PERSON)
                .on(PERSON.ID.eq(MEMBERSHIP.PERSON_ID))
                .where(MEMBERSHIP.PROJECT.eq(project))
                .orderBy(PERSON.NAME, MEMBERSHIP.ROLE)
                .fetch(row -> new Member(
                        row.get(PERSON.ID),
                        row.get(PERSON.NAME),
                        row.get(PERSON.DISPLAY),
                        roles.resolve(row.get(MEMBERSHIP.ROLE))));
    }

    private static String rolesText(Set<Role> roles) {
        return roles.stream().map(Role::text).sorted().collect(Collectors.joining(","));
    }

    private User user(Record row) {
        String held = row.get(PERSON.ROLES);
        return new User(
                row.get(PERSON.ID),
                row.get(PERSON.NAME),
                row.get(PERSON.DISPLAY),
                Actor.Kind.valueOf(row.get(PERSON.KIND)),
                held.isEmpty()
                        ? Set.of()
                        : java.util.Arrays.stream(held.split(","))
                                .map(roles::resolve)
                                .collect(Collectors.toSet()),
                Optional.ofNullable(row.get(PERSON.OWNER_ID)),
                row.get(PERSON.CREATED_AT));
    }
}

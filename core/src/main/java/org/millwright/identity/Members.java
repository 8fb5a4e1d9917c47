package org.millwright.identity;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.millwright.kernel.Database;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Ledger;

/** Who has which role, in the whole installation and in each project. */
final class Members {
    private final Database database;
    private final Ledger ledger;
    private final UserStore store;
    private final Users users;
    private final Accounts accounts;
    private final Tokens tokens;

    Members(Database database, Ledger ledger, UserStore store, Users users, Accounts accounts, Tokens tokens) {
        this.database = database;
        this.ledger = ledger;
        this.store = store;
        this.users = users;
        this.accounts = accounts;
        this.tokens = tokens;
    }

    void grant(Actor by, String name, Role role, Optional<String> project) {
        users.access().require(by, Permission.MANAGE_USERS);
        Accounts.requireGivable(Set.of(role));
        database.write(() -> {
            User user = users.get(name);
            users.roles().of(role.text());
            if (project.isPresent()) {
                join(by, project.get(), user, role);
                return;
            }
            var held = new TreeSet<>(user.roles());
            held.add(role);
            store.setRoles(user.id(), held);
            if (store.passwordHash(user.id()).isPresent()) {
                users.endSetUp(user, held);
            }
            ledger.append(
                    by,
                    "user.role-granted",
                    user.ref(),
                    Json.object().put("role", role.text()).put("project", ""));
            database.afterCommit(tokens::forget);
        });
    }

    void revoke(Actor by, String name, Role role) {
        users.access().require(by, Permission.MANAGE_USERS);
        database.write(() -> {
            User user = users.get(name);
            if (role.equals(Role.ADMIN) && user.roles().contains(role)) {
                accounts.requireOtherAdmin(user);
            }
            var held = new TreeSet<>(user.roles());
            if (held.remove(role)) {
                store.setRoles(user.id(), held);
                ledger.append(by, "user.role-revoked", user.ref(), Json.object().put("role", role.text()));
            }
            database.afterCommit(tokens::forget);
        });
    }

    private static void requireGivable(Role role) {
        if (role.equals(Role.LOCAL_OWNER) || role.equals(Role.ADMIN)) {
            throw new Problem.Invalid(
                    "Role " + role.text() + " cannot be given in a project (expected: one for the project's work)",
                    "mw role list");
        }
    }

    void add(String project, String userId, Role role) {
        store.addMember(project, userId, role);
        database.afterCommit(tokens::forget);
    }

    void remove(String project, String userId, Role role) {
        store.removeMember(project, userId, role);
        database.afterCommit(tokens::forget);
    }

    void join(Actor by, String project, User user, Role role) {
        requireGivable(role);
        add(project, user.id(), role);
        ledger.append(
                by,
                "user.role-granted",
                List.of(user.ref(), "project:" + project),
                Json.object().put("role", role.text()).put("project", project));
    }

    void leave(Actor by, String project, User user, Role role) {
        if (!store.rolesIn(project, user.id()).contains(role)) {
            throw new Problem.NotFound(
                    user.name() + " has no role " + role.text() + " in project " + project,
                    "mw project member list " + project);
        }
        remove(project, user.id(), role);
        ledger.append(
                by,
                "user.role-revoked",
                List.of(user.ref(), "project:" + project),
                Json.object().put("role", role.text()).put("project", project));
    }

    List<Member> of(String project) {
        return database.read(() -> store.members(project));
    }

    List<Membership> all() {
        return database.read(store::memberships);
    }

    List<String> projectsOf(String userId) {
        return database.read(() -> store.projectsOf(userId));
    }

    Set<Role> rolesIn(String project, String userId) {
        return database.read(() -> store.rolesIn(project, userId));
    }
}

package org.millwright.identity;

import java.util.List;
import java.util.Set;
import org.millwright.kernel.Database;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Ledger;

/** Who has which role in which project. */
final class Members {
    private final Database database;
    private final Ledger ledger;
    private final UserStore store;

    Members(Database database, Ledger ledger, UserStore store) {
        this.database = database;
        this.ledger = ledger;
        this.store = store;
    }

    static void requireGivable(Role role) {
        if (role.equals(Role.LOCAL_OWNER) || role.equals(Role.ADMIN)) {
            throw new Problem.Invalid(
                    "Role " + role.text() + " cannot be given in a project (expected: one for the project's work)",
                    "mw role list");
        }
    }

    void add(Actor by, String project, User user, Role role) {
        requireGivable(role);
        store.addMember(project, user.id(), role);
        ledger.append(
                by,
                "user.role-granted",
                List.of("user:" + user.id(), "project:" + project),
                Json.object().put("role", role.text()).put("project", project));
    }

    void remove(Actor by, String project, User user, Role role) {
        if (!store.rolesIn(project, user.id()).contains(role)) {
            throw new Problem.NotFound(
                    user.name() + " has no role " + role.text() + " in project " + project,
                    "mw project member list " + project);
        }
        store.removeMember(project, user.id(), role);
        ledger.append(
                by,
                "user.role-revoked",
                List.of("user:" + user.id(), "project:" + project),
                Json.object().put("role", role.text()).put("project", project));
    }

    List<Member> of(String project) {
        return database.read(() -> store.members(project));
    }

    Set<Role> rolesIn(String project, String userId) {
        return database.read(() -> store.rolesIn(project, userId));
    }
}

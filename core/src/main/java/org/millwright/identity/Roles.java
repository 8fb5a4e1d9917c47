package org.millwright.identity;

import java.time.Clock;
import java.util.List;
import java.util.Set;
import org.millwright.kernel.Database;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Ledger;

/** The roles that there are: built in, and those that an administrator makes of the same permissions. */
public final class Roles {
    private static final int MOST = 100;

    private final Database database;
    private final Ledger ledger;
    private final Access access;
    private final Clock clock;
    private final RoleStore store;

    Roles(Database database, Ledger ledger, Access access, Clock clock, RoleStore store) {
        this.database = database;
        this.ledger = ledger;
        this.access = access;
        this.clock = clock;
        this.store = store;
    }

    /** A role of the installation: who made it when, in milliseconds since the epoch. */
    public record Custom(Role role, String description, String by, long at) {}

    public List<Custom> custom() {
        return database.read(store::all);
    }

    /** The role of a text; {@link Problem.Invalid} names those that there are. */
    public Role of(String text) {
        return database.read(() -> Role.find(text)
                .or(() -> store.find(text).map(Custom::role))
                .orElseThrow(() -> Role.unknown(
                        text,
                        store.all().stream().map(custom -> custom.role().text()).toList())));
    }

    /** Adds a role; {@link Problem.Invalid} when it holds together what is kept apart. */
    public Custom add(Actor by, String name, String description, Set<Permission> permissions) {
        access.require(by, Permission.MANAGE_USERS);
        Role role = Role.custom(name, permissions);
        if (permissions.isEmpty()) {
            throw new Problem.Invalid("Role " + name + " has no permissions (expected: at least one)", "mw role list");
        }
        if (description.length() > 500) {
            throw new Problem.Invalid("The description has " + description.length() + " characters (at most 500)");
        }
        Separation.require(role);
        return database.write(() -> {
            if (Role.find(name).isPresent() || store.find(name).isPresent()) {
                throw new Problem.Conflict("Role " + name + " exists already", "mw role list");
            }
            if (store.all().size() >= MOST) {
                throw new Problem.Invalid("There are " + MOST + " roles of the installation (that is the most)");
            }
            var custom = new Custom(role, description, by.id(), clock.millis());
            store.insert(custom);
            var details = Json.object();
            details.set(
                    "permissions",
                    Json.tree(
                            permissions.stream().map(Permission::text).sorted().toList()));
            ledger.append(by, "role.added", "role:" + name, details);
            return custom;
        });
    }

    /** Removes a role that nobody has. */
    public void remove(Actor by, String name) {
        access.require(by, Permission.MANAGE_USERS);
        database.write(() -> {
            if (Role.find(name).isPresent()) {
                throw new Problem.Conflict("Role " + name + " is built in and stays", "mw role list");
            }
            if (store.find(name).isEmpty()) {
                throw new Problem.NotFound("No role named " + name, "mw role list");
            }
            List<String> holders = store.holders(name);
            if (!holders.isEmpty()) {
                throw new Problem.Conflict(
                        "Role " + name + " is held by " + String.join(", ", holders),
                        "Take it away first: mw user revoke NAME " + name + ", mw project member remove PROJECT NAME "
                                + name);
            }
            store.delete(name);
            ledger.append(by, "role.removed", "role:" + name, Json.object());
        });
    }
}

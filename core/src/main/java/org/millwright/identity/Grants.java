package org.millwright.identity;

import java.util.Map;
import java.util.Optional;
import org.millwright.kernel.Database;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Ledger;

/**
 * Who may do what with experiments and registered models outside projects: their makers everything, others what they were
 * given, everyone else the installation's default.
 */
public final class Grants {
    private final Database database;
    private final Ledger ledger;
    private final GrantStore store;
    private final Level fallback;

    Grants(Database database, Ledger ledger, Level fallback) {
        this.database = database;
        this.ledger = ledger;
        this.store = new GrantStore(database);
        this.fallback = fallback;
    }

    /** One level that one person was given. */
    public record Grant(Resource resource, String personId, Level level) {}

    /** Makes its maker the owner; for the room that makes it, inside its transaction. */
    public void own(Actor by, Resource resource) {
        if (isPersonal(by)) {
            store.set(resource, by.id(), Level.MANAGE);
        }
    }

    /** Forgets a resource that is gone; for its room, inside its transaction. */
    public void forget(Resource resource) {
        store.deleteAll(resource);
    }

    /** Follows a new name; for its room, inside its transaction. */
    public void rename(Resource resource, String to) {
        store.rename(resource, to);
    }

    /** Gives a level for the first time. */
    public Grant create(Actor by, Resource resource, User user, Level level) {
        return database.write(() -> {
            requireManage(by, resource);
            if (store.find(resource, user.id()).isPresent()) {
                throw new Problem.Conflict(
                        "Permission of " + user.name() + " on " + resource + " already exists", "Update it instead.");
            }
            return set(by, resource, user, level);
        });
    }

    /** Changes a level that was given. */
    public Grant update(Actor by, Resource resource, User user, Level level) {
        return database.write(() -> {
            require(by, resource, user);
            return set(by, resource, user, level);
        });
    }

    public Grant get(Actor by, Resource resource, User user) {
        return database.read(() -> require(by, resource, user));
    }

    public void delete(Actor by, Resource resource, User user) {
        database.write(() -> {
            require(by, resource, user);
            store.delete(resource, user.id());
            ledger.append(
                    by, "permission.revoked", resource.subject(), Json.object().put("user", user.id()));
        });
    }

    /** Everything of a kind that someone was given a level on. */
    public Map<String, Level> of(User user, Resource.Kind kind) {
        return database.read(() -> store.of(user.id(), kind));
    }

    /** What an actor may do with something that no project governs. */
    public Level level(Actor actor, Resource resource) {
        if (!isPersonal(actor)) {
            return Level.MANAGE;
        }
        Optional<Level> given = database.read(() -> store.find(resource, actor.id()));
        return given.orElse(resource.isShared() ? Level.EDIT : fallback);
    }

    /** What levels let an actor read of a kind. */
    Readable readable(Actor actor, Resource.Kind kind) {
        boolean shared = kind == Resource.Kind.EXPERIMENT;
        return isPersonal(actor)
                ? new Readable(fallback.allows(Level.READ), shared, database.read(() -> store.of(actor.id(), kind)))
                : new Readable(true, shared, Map.of());
    }

    /**
     * Readable things: by the level given on each, by the default where none was given.
     *
     * @param shared whether the experiment that everyone may use is among them
     */
    public record Readable(boolean others, boolean shared, Map<String, Level> given) {
        public boolean allows(String id) {
            Level level = given.get(id);
            return level != null ? level.allows(Level.READ) : others || shared && id.equals(Resource.SHARED_EXPERIMENT);
        }

        /** Whether nothing needs to be looked at one by one. */
        public boolean isAll() {
            return others && given.values().stream().allMatch(level -> level.allows(Level.READ));
        }
    }

    /** Refuses with {@link Problem.Denied} less than a level. */
    public void require(Actor actor, Resource resource, Level needed) {
        Level level = level(actor, resource);
        if (!level.allows(needed)) {
            throw new Problem.Denied(
                    "Permission denied: " + actor.name() + " has " + level + " on " + resource + ", this needs "
                            + needed + ".",
                    "Ask its owner or an administrator.");
        }
    }

    private void requireManage(Actor by, Resource resource) {
        require(by, resource, Level.MANAGE);
    }

    private Grant require(Actor by, Resource resource, User user) {
        requireManage(by, resource);
        return store.find(resource, user.id())
                .map(level -> new Grant(resource, user.id(), level))
                .orElseThrow(() -> new Problem.NotFound(missing(resource, user)));
    }

    private static String missing(Resource resource, User user) {
        return switch (resource.kind()) {
            case EXPERIMENT ->
                "Experiment permission with experiment_id=" + resource.id() + " and username=" + user.name()
                        + " not found";
            case REGISTERED_MODEL ->
                "Registered model permission with workspace=default, name=" + resource.id() + " and username="
                        + user.name() + " not found";
        };
    }

    private Grant set(Actor by, Resource resource, User user, Level level) {
        store.set(resource, user.id(), level);
        ledger.append(
                by,
                "permission.granted",
                resource.subject(),
                Json.object().put("user", user.id()).put("level", level.name()));
        return new Grant(resource, user.id(), level);
    }

    /** For the room that removes someone, inside its transaction. */
    void forgetPerson(String id) {
        store.deletePerson(id);
    }

    /** Whether levels count for the actor: not for administrators, Millwright itself, nor steps, which have their run. */
    private static boolean isPersonal(Actor actor) {
        return actor.run().isEmpty()
                && !actor.roles().contains(Role.LOCAL_OWNER)
                && !actor.roles().contains(Role.ADMIN);
    }
}

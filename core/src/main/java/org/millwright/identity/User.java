package org.millwright.identity;

import java.util.Optional;
import java.util.Set;

/**
 * Someone (or some program) that Millwright knows.
 *
 * @param owner id of the account that stands for the person behind this one; empty where this one does
 * @param createdAt milliseconds since the epoch
 */
public record User(
        String id,
        String name,
        String display,
        Actor.Kind kind,
        Set<Role> roles,
        Optional<String> owner,
        long createdAt) {
    public User {
        roles = Set.copyOf(roles);
    }

    /** The user as the ledger names them. */
    String ref() {
        return "user:" + id;
    }

    /** This user acting, as no step does. */
    public Actor actor() {
        return actor(Optional.empty());
    }

    Actor actor(Optional<String> run) {
        Actor.Kind acting = run.isPresent() ? Actor.Kind.STEP : kind;
        return new Actor(id, name, acting, true, roles, run);
    }
}

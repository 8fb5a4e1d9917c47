package org.millwright.identity;

import java.util.Optional;
import java.util.Set;
import org.millwright.ledger.Author;

/**
 * Who does something: given to every verb that changes the factory.
 *
 * @param id opaque id that the ledger records; the name can be erased, the id stays
 * @param authenticated false for the local owner of a loopback server, who showed no credentials
 * @param roles roles in the whole installation; roles in a project are memberships
 * @param run the run that a step's token is bound to, and the only one it may write
 */
public record Actor(String id, String name, Kind kind, boolean authenticated, Set<Role> roles, Optional<String> run)
        implements Author {
    /** A person, a program with a token of its own, a pipeline step, or Millwright itself. */
    public enum Kind {
        PERSON,
        MACHINE,
        STEP,
        SYSTEM
    }

    /** The one who uses a loopback server without accounts. */
    public static final Actor LOCAL =
            new Actor("local", "local owner", Kind.PERSON, false, Set.of(Role.LOCAL_OWNER), Optional.empty());

    /** Millwright acting by a rule that people agreed on. */
    public static final Actor SYSTEM =
            new Actor("millwright", "millwright", Kind.SYSTEM, true, Set.of(Role.LOCAL_OWNER), Optional.empty());

    public Actor {
        roles = Set.copyOf(roles);
    }

    public boolean isPerson() {
        return kind == Kind.PERSON;
    }
}

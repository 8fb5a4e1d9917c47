package org.millwright.identity;

import java.util.Set;
import org.millwright.kernel.Problem;

/** Tells who shows a credential: from the metadata, or in a process without any from what it was told. */
public interface Authenticator {
    /** Who shows this token; {@link Problem.Unauthenticated} when nobody may with it. */
    Actor byToken(String token);

    /**
     * Refuses with {@link Problem.Denied} who has none of the permissions anywhere. A process without the metadata leaves that to
     * what it does with each.
     */
    default void requireSomewhere(Actor actor, Set<Permission> any) {}

    /** Whether {@link #byToken} would know the token at once, without waiting for a database. */
    boolean isKnown(String token);

    /** Who shows this name and password; a token is accepted in the password's place. */
    Actor byPassword(String name, String password);
}

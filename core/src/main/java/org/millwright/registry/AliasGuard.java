package org.millwright.registry;

import java.util.Optional;
import org.millwright.identity.Actor;

/** Asked before an alias or a stage moves; a room above that protects some throws what the client shall read. */
public interface AliasGuard {
    /**
     * Refuses by throwing, or lets pass by returning.
     *
     * @param name the alias, or the stage such as "Production"
     * @param version the version it would point to; empty when it is taken away
     */
    void check(Actor by, RegisteredModel model, String name, Optional<Long> version);
}

package org.millwright.identity;

/** The one gate check: asked before each governed action; a room above that judges policies throws what the caller shall read. */
@FunctionalInterface
public interface ActionGuard {
    /** Refuses by throwing, or lets pass by returning; writes down what it decided. */
    void check(Actor by, GovernedAction action);
}

package org.millwright.ledger;

/** Knows who there is. */
@FunctionalInterface
public interface People {
    /** Whether someone's name stands in the text; called within a transaction. */
    boolean areNamedIn(String text);
}

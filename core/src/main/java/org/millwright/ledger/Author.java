package org.millwright.ledger;

/** Who made a change, as the ledger records it: an opaque id, and whether it was proven by credentials. */
public interface Author {
    String id();

    boolean authenticated();
}

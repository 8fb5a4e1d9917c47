package org.millwright.ledger;

/** The ledger is not as it was signed; the message says where. */
public final class Altered extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public Altered(String message) {
        super(message);
    }
}

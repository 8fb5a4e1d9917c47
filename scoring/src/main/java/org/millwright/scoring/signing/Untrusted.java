package org.millwright.scoring.signing;

/** A folder or certificate is not what a trusted key signed; the message says what differs. */
public final class Untrusted extends RuntimeException {
    public Untrusted(String message) {
        super(message);
    }

    public Untrusted(String message, Throwable cause) {
        super(message, cause);
    }
}

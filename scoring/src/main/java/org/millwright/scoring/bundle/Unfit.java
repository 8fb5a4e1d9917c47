package org.millwright.scoring.bundle;

/** A version that is what was signed, but may not answer; the message says why, beginning with "it" or "its". */
public final class Unfit extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public Unfit(String message) {
        super(message);
    }
}

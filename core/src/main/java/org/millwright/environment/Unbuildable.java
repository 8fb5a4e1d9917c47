package org.millwright.environment;

/** A locked environment could not be built anew; the message holds what the package installer said. */
public final class Unbuildable extends RuntimeException {
    private final Why why;

    /** What stood in the way. */
    public enum Why {
        /** A package, or that version or file of it, is not in its index any more. */
        GONE,
        /** The index has another file under the name: its hash is not the locked one. */
        ALTERED,
        /** The index could not be asked, which says nothing about the package. */
        UNREACHABLE
    }

    public Unbuildable(Why why, String message) {
        super(message);
        this.why = why;
    }

    public Why why() {
        return why;
    }
}

package org.millwright.reproduction;

/** What a version was made of is not to be had any more: a verdict, not a fault of this attempt. */
final class CannotRerun extends RuntimeException {
    private final transient Cause why;

    CannotRerun(Cause why, String message) {
        super(message);
        this.why = why;
    }

    Cause why() {
        return why;
    }
}

package org.millwright.policy;

/**
 * What an expression came to.
 *
 * @param detail why it could not be decided, or ""
 */
public record Outcome(Kind kind, String detail) {
    /** UNKNOWN: a value is missing or an error occurred; that never passes. */
    public enum Kind {
        PASS,
        FAIL,
        UNKNOWN
    }

    static final Outcome PASSED = new Outcome(Kind.PASS, "");
    static final Outcome FAILED = new Outcome(Kind.FAIL, "");

    static Outcome unknown(String detail) {
        return new Outcome(Kind.UNKNOWN, detail);
    }

    public boolean passed() {
        return kind == Kind.PASS;
    }
}

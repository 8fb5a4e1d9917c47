package org.millwright.gate;

/**
 * What became of one rule.
 *
 * @param detail why it failed or could not be decided, "" when it passed
 */
public record Verdict(Rule rule, Outcome outcome, String detail) {
    /** ERROR: it could not be decided, for instance because data is missing; that never passes. */
    public enum Outcome {
        PASS,
        FAIL,
        ERROR
    }

    public boolean passed() {
        return outcome == Outcome.PASS;
    }
}

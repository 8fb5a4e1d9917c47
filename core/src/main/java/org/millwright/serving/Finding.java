package org.millwright.serving;

/**
 * What one check says of a step.
 *
 * @param check such as {@code requests}, {@code failed}, {@code latency}
 * @param text figure and limit, for people
 */
public record Finding(String check, State state, String text) {
    public enum State {
        PASSED,
        /** Not known yet: never a pass. */
        WAITING,
        FAILED
    }

    static Finding of(String check, boolean passed, String text) {
        return new Finding(check, passed ? State.PASSED : State.FAILED, text);
    }

    static Finding waiting(String check, String text) {
        return new Finding(check, State.WAITING, text);
    }
}

package org.millwright.insight;

/**
 * One station of a project's line and what happened there last.
 *
 * @param result of the last time in a few words, "" when nothing happened yet
 * @param at milliseconds since the epoch of the last time, 0 when nothing happened yet
 * @param ref asset with the evidence, with {@code #step} for a step of a run; "" when there is none
 */
public record Station(String name, Mood mood, String result, long at, String ref) {
    /** How a station is. */
    public enum Mood {
        IDLE,
        LIVE,
        OK,
        WARN,
        BAD
    }

    static Station idle(String name) {
        return new Station(name, Mood.IDLE, "", 0, "");
    }
}

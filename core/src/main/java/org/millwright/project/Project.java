package org.millwright.project;

import java.util.Locale;
import java.util.Optional;

/**
 * A project and where it stands.
 *
 * @param approved digest of the project file that is in force
 * @param proposed digest of the project file that waits for a decision
 * @param reason why it was refused, paused or retired; "" otherwise
 * @param changedAt milliseconds since the epoch of the last change of state
 */
public record Project(
        String name,
        State state,
        Optional<String> approved,
        Optional<String> proposed,
        String reason,
        long createdAt,
        long changedAt) {

    /** Nothing runs in a project unless it is active. */
    public enum State {
        REQUESTED,
        ACTIVE,
        REFUSED,
        PAUSED,
        RETIRED
    }

    /** The state in people's words: {@code proposed} until somebody decided. */
    public String stateText() {
        return state == State.REQUESTED ? "proposed" : state.name().toLowerCase(Locale.ROOT);
    }

    /** The reference that the ledger uses. */
    public String ref() {
        return ref(name);
    }

    public static String ref(String name) {
        return "project:" + name;
    }
}

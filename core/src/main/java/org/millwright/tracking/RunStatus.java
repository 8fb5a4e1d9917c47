package org.millwright.tracking;

import java.util.Optional;

/** Where a run is in its life. */
public enum RunStatus {
    RUNNING,
    SCHEDULED,
    FINISHED,
    FAILED,
    KILLED;

    public boolean isTerminal() {
        return this == FINISHED || this == FAILED || this == KILLED;
    }

    /** The status by its name or its number in the protocol (RUNNING is 1); empty when there is none. */
    public static Optional<RunStatus> of(String text) {
        for (RunStatus status : values()) {
            if (status.name().equals(text)
                    || Integer.toString(status.ordinal() + 1).equals(text)) {
                return Optional.of(status);
            }
        }
        return Optional.empty();
    }
}

package org.millwright.pipeline;

import java.util.Locale;

/** Whether a run goes on, or how it ended. */
public enum RunStatus {
    RUNNING,
    SUCCEEDED,
    FAILED,
    /** A gate, a contract or a check said no. */
    REFUSED,
    CANCELLED;

    public boolean ended() {
        return this != RUNNING;
    }

    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}

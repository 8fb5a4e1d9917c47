package org.millwright.pipeline;

import java.util.Locale;

/** Where one attempt of a step stands. */
public enum StepStatus {
    WAITING,
    RUNNING,
    SUCCEEDED,
    /** The outputs of an earlier step that was keyed the same were taken. */
    REUSED,
    FAILED,
    /** A gate, a contract or a check said no. */
    REFUSED,
    CANCELLED,
    /** The server stopped while the attempt ran. */
    LOST;

    /** Whether steps that wait for this one may go on. */
    public boolean isDone() {
        return this == SUCCEEDED || this == REUSED;
    }

    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}

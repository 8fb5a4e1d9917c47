package org.millwright.project;

import java.util.Optional;

/** One text of a project's file: who asked for it and who decided; times in milliseconds since the epoch. */
public record ProjectVersion(
        String project,
        String digest,
        String text,
        State state,
        String requestedBy,
        long requestedAt,
        Optional<String> decidedBy,
        Optional<Long> decidedAt,
        String reason) {

    /** Whether the text is in force, waits, was refused, or was followed by a newer one. */
    public enum State {
        PROPOSED,
        APPROVED,
        REFUSED,
        /** Waits for who asked to change or explain it. */
        SENT_BACK,
        SUPERSEDED
    }

    public ProjectFile file() {
        return ProjectFile.kept(text);
    }
}

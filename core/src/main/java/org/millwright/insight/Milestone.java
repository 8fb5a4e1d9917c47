package org.millwright.insight;

import java.util.Locale;
import java.util.Optional;

/** What a project reaches on its way to production, in order, and who is waited for until then. */
public enum Milestone {
    REQUESTED("project.requested", "whoever asks"),
    APPROVED("project.approved", "an approver"),
    FIRST_RUN("pipeline-run.started", "the team"),
    FIRST_VERSION("model.version-registered", "the team"),
    RELEASE_REQUESTED("release.requested", "the team"),
    RELEASE_APPROVED("release.approved", "an approver"),
    STAGED("deployment.staged", "Millwright"),
    PRODUCTION("deployment.promoted", "the roll-out");

    private final String action;
    private final String waitsFor;

    Milestone(String action, String waitsFor) {
        this.action = action;
        this.waitsFor = waitsFor;
    }

    /** As people read it: {@code release approved}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** Who has to do something for it to be reached. */
    public String waitsFor() {
        return waitsFor;
    }

    static Optional<Milestone> of(String action) {
        for (Milestone each : values()) {
            if (each.action.equals(action)) {
                return Optional.of(each);
            }
        }
        return Optional.empty();
    }
}

package org.millwright.approval;

import java.util.Locale;
import java.util.Map;

/**
 * A release that one person let through without an approval. Times are milliseconds since the epoch.
 *
 * @param release id of the release
 * @param digests of what was let through
 * @param until when a regular approval must be there
 */
public record Broken(
        String release,
        String project,
        String reason,
        Map<String, String> digests,
        String by,
        long at,
        long until,
        State state) {
    public Broken {
        digests = Map.copyOf(digests);
    }

    /** Whether it covers the release as far as that is: what answers by it is not stopped when its time is over. */
    boolean holds(Release release) {
        return switch (release.state()) {
            case STAGED, CANARY, PRODUCTION -> true;
            default -> state == State.OPEN || state == State.CONFIRMED;
        };
    }

    /** OPEN: waits for the regular approval; EXPIRED and REFUSED: it did not come, what was deployed was not touched. */
    public enum State {
        OPEN,
        CONFIRMED,
        REFUSED,
        EXPIRED;

        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}

package org.millwright.governance;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A decision that a person is asked for.
 *
 * @param subject reference of what is to be approved, such as {@code release:…}
 * @param digests of everything the decision is about, by name; it binds to exactly these
 * @param shown what the approver is shown
 * @param author id of the person whose work it is; may not decide, like the requester
 * @param expiresAt milliseconds since the epoch; undecided until then is refused
 */
public record Approval(
        String id,
        String project,
        String subject,
        String title,
        Map<String, String> digests,
        JsonNode shown,
        String requestedBy,
        String author,
        long requestedAt,
        long expiresAt,
        State state,
        Optional<String> decidedBy,
        Optional<Long> decidedAt,
        String reason) {

    public Approval {
        digests = java.util.Collections.unmodifiableMap(new TreeMap<>(digests));
    }

    /** VOID: what it was about changed. */
    public enum State {
        PENDING,
        APPROVED,
        REFUSED,
        EXPIRED,
        VOID
    }

    public String ref() {
        return "approval:" + id;
    }
}

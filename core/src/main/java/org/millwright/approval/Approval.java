package org.millwright.approval;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A decision that people are asked for.
 *
 * @param subject reference of what is to be approved, such as {@code release:…}
 * @param digests of everything the decision is about, by name; it binds to exactly these
 * @param shown what the approver is shown
 * @param author id of the person whose work it is; may not decide, like the requester
 * @param expiresAt milliseconds since the epoch; undecided until then is refused
 * @param decidedBy who ended it: the last of the approvers where several are needed
 * @param needed how many different people must approve
 * @param again id of the request that this one repeats
 * @param votes those who approved so far
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
        String reason,
        int needed,
        Optional<String> again,
        List<Vote> votes) {

    public Approval {
        digests = java.util.Collections.unmodifiableMap(new TreeMap<>(digests));
        votes = List.copyOf(votes);
    }

    /** VOID: what it was about changed. SENT_BACK: whoever asked is to answer and ask again. */
    public enum State {
        PENDING,
        APPROVED,
        REFUSED,
        EXPIRED,
        VOID,
        SENT_BACK;

        /** The name in the ledger and in JSON. */
        public String text() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        /** Whether it ended without a person's word against it, so that it can be asked for again in one step. */
        boolean lapsed() {
            return this == EXPIRED || this == VOID || this == SENT_BACK;
        }
    }

    /**
     * A person's yes.
     *
     * @param seat id of the person whose right it was: another one's where a deputy spoke
     * @param at milliseconds since the epoch
     */
    public record Vote(String by, String seat, long at, String reason) {}

    public String ref() {
        return "approval:" + id;
    }

    /** How many people are still to approve. */
    public int missing() {
        return Math.max(0, needed - votes.size());
    }
}

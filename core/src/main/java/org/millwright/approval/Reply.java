package org.millwright.approval;

import java.util.List;
import java.util.Optional;
import org.millwright.kernel.Problem;

/**
 * What a person says about a request.
 *
 * @param seen what they looked at, see {@link Seen}; empty where nothing was shown
 * @param conditions what must be done later, for an approval
 */
public record Reply(Answer answer, String reason, Optional<String> seen, List<Condition.Wanted> conditions) {
    static final int LONGEST = 4_000;
    static final int MOST = 20;

    public Reply {
        conditions = List.copyOf(conditions);
    }

    /** The three answers. */
    public enum Answer {
        APPROVE,
        REFUSE,
        SEND_BACK
    }

    /** Refuses what is too long to be read by anybody. */
    static void requireLength(String text) {
        if (text.length() > LONGEST) {
            throw new Problem.Invalid(
                    "A reason has " + text.length() + " characters (expected: at most " + LONGEST + ")");
        }
    }

    public static Reply of(Answer answer, String reason) {
        return new Reply(answer, reason, Optional.empty(), List.of());
    }
}

package org.millwright.project;

import java.time.Duration;
import org.millwright.kernel.Problem;

/**
 * What one deployment of a project may take of the server.
 *
 * @param requests scored at the same time, at most; others are told to come again
 * @param timeout how long a request waits for a free core, or for a free process of its model, before it is told so too
 */
public record Limits(int requests, Duration timeout) {
    public static final int MOST_REQUESTS = 1_024;
    static final Duration SHORTEST = Duration.ofMillis(10);
    static final Duration LONGEST = Duration.ofMinutes(10);

    /** As many as the server lets in at all, and longer than clients wait. */
    public static final Limits DEFAULT = new Limits(MOST_REQUESTS, Duration.ofSeconds(60));

    public Limits {
        if (requests < 1 || requests > MOST_REQUESTS || !isTimeout(timeout)) {
            throw new Problem.Invalid("limits: " + requests + " requests, " + timeout + " (expected: 1 to "
                    + MOST_REQUESTS + " requests, 10ms to 10m)");
        }
    }

    static boolean isTimeout(Duration time) {
        return time.compareTo(SHORTEST) >= 0 && time.compareTo(LONGEST) <= 0;
    }
}

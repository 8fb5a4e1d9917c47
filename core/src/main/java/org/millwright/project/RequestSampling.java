package org.millwright.project;

import java.time.Duration;
import java.util.Set;
import org.millwright.kernel.Problem;

/**
 * Which requests to a project's deployments are kept, and for how long.
 *
 * @param share of the requests, above 0 and at most 1
 * @param redact columns, sent or predicted, whose values are kept as a keyed hash only
 * @param keep how old a file may become
 * @param megabytes of a deployment's files together; the oldest go first
 */
public record RequestSampling(double share, Set<String> redact, Duration keep, int megabytes) {
    public static final Duration KEEP = Duration.ofDays(30);
    public static final int MEGABYTES = 1_000;
    static final int MOST_MEGABYTES = 1_000_000;

    public RequestSampling {
        redact = Set.copyOf(redact);
        if (!(share > 0 && share <= 1) || keep.toHours() < 1 || megabytes < 1 || megabytes > MOST_MEGABYTES) {
            throw new Problem.Invalid("log: sample " + share + ", keep " + keep + ", megabytes " + megabytes
                    + " (expected: above 0 to 1, 1h or more, 1 to " + MOST_MEGABYTES + ")");
        }
    }
}

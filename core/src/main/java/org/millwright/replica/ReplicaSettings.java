package org.millwright.replica;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.millwright.kernel.Problem;
import org.millwright.scoring.signing.TrustedKey;

/**
 * What a replica follows.
 *
 * @param server the server's address
 * @param token of a user with the role scorer; "" for a server that asks for none
 * @param cache folder for what answered last; it may be emptied while nothing runs
 * @param keys whose signatures are believed
 * @param deployments the only ones to answer for; none for all that the token's owner may serve
 * @param every how often to ask the server, and to report to it
 */
public record ReplicaSettings(
        URI server, String token, Path cache, List<TrustedKey> keys, Set<String> deployments, Duration every) {
    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofHours(1);

    public ReplicaSettings {
        keys = List.copyOf(keys);
        deployments = Set.copyOf(deployments);
        if (keys.isEmpty()) {
            throw new Problem.Invalid("There is no key to verify bundles with (expected: at least one)");
        }
        if (every.compareTo(SHORTEST) < 0 || every.compareTo(LONGEST) > 0) {
            throw new Problem.Invalid("The interval is " + every + " (expected: 100ms to 1h)");
        }
    }
}

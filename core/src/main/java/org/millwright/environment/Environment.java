package org.millwright.environment;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/**
 * A locked set of packages on one interpreter and platform.
 *
 * @param id hex SHA-256 of lock, interpreter version and platform
 * @param python full version
 * @param packages in the lock, for all platforms together
 * @param description packages installed, interpreter, system, processor; empty until it was built
 * @param failure why the last attempt to build it failed
 * @param createdAt milliseconds since the epoch, as the other times
 */
public record Environment(
        String id,
        State state,
        String python,
        String platform,
        String lockSha256,
        int packages,
        JsonNode description,
        Optional<String> failure,
        long createdAt,
        Optional<Long> builtAt,
        long usedAt) {
    /** How far it is. */
    public enum State {
        BUILDING,
        READY,
        FAILED
    }

    /** The asset reference, such as {@code environment:1f0c…}. */
    public String ref() {
        return "environment:" + id;
    }
}

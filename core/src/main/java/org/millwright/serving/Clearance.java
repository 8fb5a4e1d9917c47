package org.millwright.serving;

import java.time.Instant;
import java.util.Optional;

/** Says whether people agreed that a version may be deployed, and for how long. */
@FunctionalInterface
public interface Clearance {
    /** Refuses, with a {@link org.millwright.kernel.Problem}, a version whose release was not approved. */
    void require(String model, String version, String bundle);

    /** Until when the version may begin to serve somewhere; what serves by then goes on. Empty: for good. */
    default Optional<Instant> validUntil(String model, String version) {
        return Optional.empty();
    }
}

package org.millwright.serving;

import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.millwright.kernel.Problem;
import org.millwright.lineage.Certificate;

/** Keeps versions whose certificates expired from beginning to serve; what serves is never asked. */
final class Validities {
    private final Clearance clearance;
    private final Clock clock;

    Validities(Clearance clearance, Clock clock) {
        this.clearance = clearance;
        this.clock = clock;
    }

    void require(String model, String version) {
        clearance
                .validUntil(model, version)
                .filter(until -> !clock.instant().isBefore(until))
                .ifPresent(until -> {
                    throw Certificate.expired("model:" + model + "/" + version, until);
                });
    }

    /** For people to see; a certificate that is not believed shows elsewhere. */
    Optional<Instant> shown(String model, String version) {
        try {
            return clearance.validUntil(model, version);
        } catch (Problem e) {
            return Optional.empty();
        }
    }
}

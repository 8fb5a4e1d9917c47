package org.millwright.app;

import java.time.Instant;
import java.util.Optional;
import org.millwright.approval.Releases;
import org.millwright.lineage.Certificates;
import org.millwright.serving.Clearance;

/** What serving asks before it deploys: the approved release, and until when the certificate is valid. */
record Cleared(Releases releases, Certificates certificates) implements Clearance {
    @Override
    public void require(String model, String version, String bundle) {
        releases.requireApproved(model, version, bundle);
    }

    @Override
    public Optional<Instant> validUntil(String model, String version) {
        return certificates.validUntil("model:" + model + "/" + version);
    }
}

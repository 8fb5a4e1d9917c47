package org.millwright.scorer;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.millwright.scoring.Model;
import org.millwright.scoring.Signature;
import org.millwright.scoring.bundle.Bundle;
import org.millwright.scoring.profile.Reference;

/** A loaded version: closed when another took its place and its last call has returned. */
final class Loaded {
    private final String version;
    private final String digest;
    private final Model model;
    private final Optional<Reference> reference;
    private final AtomicInteger uses = new AtomicInteger(1);

    Loaded(Bundle bundle, Model model) {
        this.version = bundle.manifest().version();
        this.digest = bundle.digest();
        this.model = model;
        this.reference = bundle.reference();
    }

    String version() {
        return version;
    }

    /** Hex SHA-256 over all files of its bundle. */
    String digest() {
        return digest;
    }

    Signature signature() {
        return model.signature();
    }

    Model model() {
        return model;
    }

    Optional<Reference> reference() {
        return reference;
    }

    /** Starts a use, unless the version was retired and is closed. */
    boolean acquire() {
        for (int now = uses.get(); now > 0; now = uses.get()) {
            if (uses.compareAndSet(now, now + 1)) {
                return true;
            }
        }
        return false;
    }

    void release() {
        if (uses.decrementAndGet() == 0) {
            model.close();
        }
    }

    /** Ends its life as soon as no call uses it. */
    void retire() {
        release();
    }
}

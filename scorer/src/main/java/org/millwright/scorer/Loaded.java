package org.millwright.scorer;

import org.millwright.scoring.Leased;
import org.millwright.scoring.Model;
import org.millwright.scoring.Signature;
import org.millwright.scoring.bundle.Bundle;
import org.millwright.scoring.remote.Recorder;

/** A loaded version: closed when another took its place and its last call has returned. */
final class Loaded {
    private final String version;
    private final String digest;
    private final Leased leased;
    private final Recorder.By by;

    Loaded(Bundle bundle, Model model) {
        this.version = bundle.manifest().version();
        this.digest = bundle.digest();
        this.leased = new Leased(model);
        this.by = new Recorder.By(version, bundle.reference());
    }

    String version() {
        return version;
    }

    /** Hex SHA-256 over all files of its bundle. */
    String digest() {
        return digest;
    }

    Signature signature() {
        return leased.model().signature();
    }

    Model model() {
        return leased.model();
    }

    /** As whom a recorder knows it. */
    Recorder.By by() {
        return by;
    }

    /** Starts a use, unless the version was retired and is closed. */
    boolean acquire() {
        return leased.acquire();
    }

    void release() {
        leased.release();
    }

    /** Ends its life as soon as nothing uses it. */
    void retire() {
        leased.retire();
    }
}

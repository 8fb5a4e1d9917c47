package org.millwright.serving;

import org.millwright.scoring.Leased;
import org.millwright.scoring.Model;
import org.millwright.scoring.Signature;

/** A loaded version in use: closed when it was retired and its last request is answered. */
final class Live {
    private static final long QUICK_NANOS = 200_000;

    private final String version;
    private final Leased leased;
    private final Traffic traffic;
    private final Shadowing shadowing = new Shadowing();

    Live(String version, Model model, Traffic traffic) {
        this.version = version;
        this.leased = new Leased(model);
        this.traffic = traffic;
    }

    String version() {
        return version;
    }

    Signature signature() {
        return leased.model().signature();
    }

    String platform() {
        return leased.model().platform();
    }

    Traffic traffic() {
        return traffic;
    }

    /** How it compares while it is in the shadow. */
    Shadowing shadowing() {
        return shadowing;
    }

    Model model() {
        return leased.model();
    }

    /** Whether it answers within that time lately, and is free to begin. */
    boolean isQuick() {
        long usual = traffic.usual();
        return usual > 0 && usual < QUICK_NANOS && model().isFree();
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

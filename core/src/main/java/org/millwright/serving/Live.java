package org.millwright.serving;

import java.util.concurrent.atomic.AtomicInteger;
import org.millwright.scoring.Model;
import org.millwright.scoring.Signature;

/** A loaded version in use: closed when it was retired and its last request is answered. */
final class Live {
    private final String version;
    private final Model model;
    private final Traffic traffic;
    private final Shadowing shadowing = new Shadowing();
    private final AtomicInteger uses = new AtomicInteger(1);

    Live(String version, Model model, Traffic traffic) {
        this.version = version;
        this.model = model;
        this.traffic = traffic;
    }

    String version() {
        return version;
    }

    Signature signature() {
        return model.signature();
    }

    String platform() {
        return model.platform();
    }

    Traffic traffic() {
        return traffic;
    }

    /** How it compares while it is in the shadow. */
    Shadowing shadowing() {
        return shadowing;
    }

    Model model() {
        return model;
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

    /** Ends its life as soon as no request uses it. */
    void retire() {
        release();
    }
}

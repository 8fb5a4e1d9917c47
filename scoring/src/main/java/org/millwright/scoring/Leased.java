package org.millwright.scoring;

import java.util.concurrent.atomic.AtomicInteger;

/** A model that many threads use while another may take its place: closed when it was retired and its last use has ended. */
public final class Leased {
    private final Model model;
    private final AtomicInteger uses = new AtomicInteger(1);

    public Leased(Model model) {
        this.model = model;
    }

    public Model model() {
        return model;
    }

    /** Starts a use, unless the model was retired and is closed. */
    public boolean acquire() {
        for (int now = uses.get(); now > 0; now = uses.get()) {
            if (uses.compareAndSet(now, now + 1)) {
                return true;
            }
        }
        return false;
    }

    public void release() {
        if (uses.decrementAndGet() == 0) {
            model.close();
        }
    }

    /** Ends its life as soon as nobody uses it. */
    public void retire() {
        release();
    }
}

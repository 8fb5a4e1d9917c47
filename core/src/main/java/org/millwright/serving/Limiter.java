package org.millwright.serving;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.millwright.kernel.Problem;
import org.millwright.project.Limits;

/** Holds one deployment to its limits, so that it leaves the others their part of the server; for many threads at once. */
public final class Limiter {
    private final AtomicInteger requests = new AtomicInteger();
    private final LongAdder refused = new LongAdder();
    private final LongAdder timedOut = new LongAdder();
    private volatile Limits limits;

    Limiter(Limits limits) {
        this.limits = limits;
    }

    /** Holds it to others from now on. */
    void set(Limits changed) {
        limits = changed;
    }

    /** Takes a place until {@link #leave}; {@link Problem.Busy} when all are taken. */
    void enter(String deployment) {
        int now = requests.incrementAndGet();
        if (now > limits.requests()) {
            requests.decrementAndGet();
            refused.increment();
            throw new Problem.Busy(
                    "Deployment " + deployment + " answers " + limits.requests() + " requests at once, not more",
                    "Send it again in a second.");
        }
    }

    void leave() {
        requests.decrementAndGet();
    }

    Duration patience() {
        return limits.timeout();
    }

    /** What the caller is told whose request waited too long; it is counted here only. */
    Problem.Busy timedOut(String deployment, String why) {
        timedOut.increment();
        return new Problem.Busy(
                "Deployment " + deployment + " had no time for the request: " + why, "Send it again in a second.");
    }

    public Limits limits() {
        return limits;
    }

    /** Requests that are scored, or wait for that, now. */
    public int requests() {
        return requests.get();
    }

    /** Requests that were told to come again, because too many were scored at once. */
    public long refused() {
        return refused.sum();
    }

    /** Requests that waited too long. */
    public long timedOut() {
        return timedOut.sum();
    }
}

package org.millwright.scoring.onnx;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.millwright.scoring.Overloaded;

/** Bounds calls into native code to the number of cores, first come first served: more only makes all of them slow. */
final class NativeCalls {
    private static final Semaphore CORES = new Semaphore(Runtime.getRuntime().availableProcessors(), true);

    static final Duration FOREVER = ChronoUnit.FOREVER.getDuration();

    private NativeCalls() {}

    /** Enters, or throws {@link Overloaded} when no core was free in that time. */
    static void enter(Duration patience) {
        if (patience.equals(FOREVER)) {
            CORES.acquireUninterruptibly();
            return;
        }
        try {
            if (!CORES.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new Overloaded("All cores were busy for " + patience.toMillis() + " ms");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Overloaded("Interrupted while waiting for a core");
        }
    }

    static boolean isFree() {
        return CORES.availablePermits() > 0;
    }

    static void leave() {
        CORES.release();
    }
}

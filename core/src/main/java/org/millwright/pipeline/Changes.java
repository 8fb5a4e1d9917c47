package org.millwright.pipeline;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Counts the moves of the runs that go on here, for those who wait for the next one. */
final class Changes {
    private final Map<String, Integer> counts = new HashMap<>();

    synchronized int count(String run) {
        return counts.getOrDefault(run, 0);
    }

    synchronized void note(String run) {
        counts.merge(run, 1, Integer::sum);
        notifyAll();
    }

    /** The run has ended: nothing will be noted any more. */
    synchronized void forget(String run) {
        counts.remove(run);
        notifyAll();
    }

    /** Waits until the count differs from the one seen, at most for the time; interrupting ends it too. */
    synchronized void await(String run, int seen, Duration atMost) {
        long until = System.nanoTime() + atMost.toNanos();
        try {
            long left = atMost.toMillis();
            while (count(run) == seen && left > 0) {
                wait(left);
                left = Duration.ofNanos(until - System.nanoTime()).toMillis();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

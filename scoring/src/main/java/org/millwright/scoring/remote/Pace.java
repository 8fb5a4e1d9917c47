package org.millwright.scoring.remote;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait for the next look: about the interval, and twice as long after each failure up to five minutes. A tenth
 * more or less by chance, so that many applications do not ask at the same moment.
 */
public record Pace(Duration interval, RandomGenerator random) {
    private static final long MOST = 300_000;
    private static final double SPREAD = 0.1;

    public Pace {
        if (interval.toMillis() < 1) {
            throw new IllegalArgumentException("the interval is " + interval + " (expected: at least a millisecond)");
        }
    }

    /** @param failures since the last success */
    public long millis(int failures) {
        long usual = interval.toMillis();
        long most = Math.max(usual, MOST);
        long wait = Math.min(most, usual << Math.min(failures, 16));
        return Math.max(1, Math.round(wait * (1 + SPREAD * (2 * random.nextDouble() - 1))));
    }
}

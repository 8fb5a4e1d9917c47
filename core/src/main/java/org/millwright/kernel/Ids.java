package org.millwright.kernel;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.HexFormat;
import java.util.Random;
import java.util.random.RandomGenerator;

/** Makers of identifiers: 128 bits, the first 48 the time in milliseconds, so that ids sort by creation. */
public final class Ids {
    private final Clock clock;
    private final RandomGenerator random;
    private long lastMillis;
    private int sequence;

    public Ids(Clock clock) {
        this(clock, new SecureRandom());
    }

    private Ids(Clock clock, RandomGenerator random) {
        this.clock = clock;
        this.random = random;
    }

    /** Ids that repeat for the same seed and clock; for tests. */
    public static Ids seeded(Clock clock, long seed) {
        return new Ids(clock, new Random(seed));
    }

    /** 32 lower-case hex digits that sort by creation. */
    public String next() {
        var id = new byte[16];
        random.nextBytes(id);
        long millis;
        int step;
        synchronized (this) {
            long now = clock.millis();
            if (now > lastMillis) {
                lastMillis = now;
                sequence = 0;
            } else {
                sequence++;
            }
            millis = lastMillis;
            step = sequence;
        }
        for (int i = 0; i < 6; i++) {
            id[i] = (byte) (millis >>> (8 * (5 - i)));
        }
        id[6] = (byte) (step >>> 8);
        id[7] = (byte) step;
        return HexFormat.of().formatHex(id);
    }

    /** An id with a readable kind in front, such as {@code release-0192…}. */
    public String next(String kind) {
        return kind + "-" + next();
    }

    /** 32 random hex digits that tell nothing about their time. */
    public String random() {
        var id = new byte[16];
        random.nextBytes(id);
        return HexFormat.of().formatHex(id);
    }
}

package org.millwright.serving;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for what another thread does. */
public final class Await {
    private static final Duration MOST = Duration.ofSeconds(30);

    private Await() {}

    /** Returns as soon as it is so; fails when it is not within half a minute. */
    public static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + MOST.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited %s", MOST).isLessThan(end);
            Thread.onSpinWait();
        }
    }
}

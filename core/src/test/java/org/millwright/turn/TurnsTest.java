package org.millwright.turn;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class TurnsTest {
    @Test
    void whatFailsIsTriedAgainAtTheNextTurn() throws InterruptedException {
        var three = new CountDownLatch(3);
        try (var turns = new Turns("tests", Duration.ofMillis(1), () -> {
            three.countDown();
            throw new IllegalStateException("never mind");
        })) {
            turns.start();
            assertThat(three.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void afterItsEndNoTurnBegins() throws InterruptedException {
        var begun = new AtomicInteger();
        var thread = new AtomicReference<Thread>();
        var started = new CountDownLatch(1);
        var ended = new CountDownLatch(1);
        var turns = new Turns("tests", Duration.ZERO, () -> {
            begun.incrementAndGet();
            thread.set(Thread.currentThread());
            started.countDown();
            try {
                ended.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        turns.start();
        assertThat(started.await(30, TimeUnit.SECONDS)).isTrue();
        turns.close();
        ended.countDown();
        thread.get().join();
        assertThat(begun).hasValue(1);
    }
}

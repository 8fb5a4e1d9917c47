package org.millwright.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.millwright.kernel.Problem;
import org.millwright.scoring.DataType;
import org.millwright.scoring.Frame;
import org.millwright.scoring.Vector;
import org.millwright.serving.Scored;

class InboxTest {
    private static final int THREADS = 8;
    private static final int EACH = 20_000;

    /** A row whose every value follows from its number; every third number is missing, every fifth truth. */
    private static Scored row(String version, long... numbers) {
        int rows = numbers.length;
        var reals = new double[rows];
        var wholes = new long[rows];
        var truths = new boolean[rows];
        var texts = new @Nullable String[rows];
        var ids = new String[rows];
        var missing = new BitSet();
        for (int i = 0; i < rows; i++) {
            boolean gone = numbers[i] % 3 == 0;
            missing.set(i, gone);
            reals[i] = gone ? Double.NaN : numbers[i] / 2.0;
            wholes[i] = gone ? 0 : numbers[i];
            truths[i] = !gone && numbers[i] % 5 == 0;
            texts[i] = gone ? null : "text " + numbers[i] % 10;
            ids[i] = version + "-" + numbers[i];
        }
        Frame inputs = Frame.of(rows)
                .column("real", DataType.DOUBLE, new Vector.Doubles(reals, missing))
                .column("whole", DataType.LONG, new Vector.Longs(wholes, missing))
                .column("truth", DataType.BOOLEAN, new Vector.Booleans(truths, missing))
                .column("text", DataType.STRING, new Vector.Strings(texts))
                .build();
        double[] predictions = new double[rows];
        for (int i = 0; i < rows; i++) {
            predictions[i] = -numbers[i];
        }
        return new Scored("d", "p", "m", version, 7, inputs, predictions, ids, numbers);
    }

    private static void check(Pack pack, Map<String, Integer> seen) {
        for (int row = 0; row < pack.rows(); row++) {
            long number = pack.times()[row];
            Scored expected = row(pack.version(), number);
            assertThat(pack.inputs().row(row)).isEqualTo(expected.inputs().row(0));
            assertThat(((Vector.Longs) pack.inputs().column("whole")).isNull(row))
                    .isEqualTo(number % 3 == 0);
            assertThat(pack.predictions()[row]).isEqualTo(-number);
            assertThat(pack.at()[row]).isEqualTo(7);
            assertThat(pack.ids()[row]).isEqualTo(expected.ids()[0]);
            seen.merge(pack.ids()[row], 1, Integer::sum);
        }
    }

    @Test
    void everyRowOfManyThreadsIsInExactlyOneBatchAsItWas() throws Exception {
        var inbox = new Inbox(1 << 20);
        var start = new CountDownLatch(1);
        Map<String, Integer> seen = new HashMap<>();
        try (var threads = Executors.newFixedThreadPool(THREADS)) {
            List<Future<?>> all = new ArrayList<>();
            for (int t = 0; t < THREADS; t++) {
                int first = t * EACH;
                all.add(threads.submit(() -> {
                    start.await();
                    for (int i = first; i < first + EACH; i += 2) {
                        inbox.offer(row(i % 4 == 0 ? "1" : "2", i, i + 1), 1);
                    }
                    return null;
                }));
            }
            start.countDown();
            while (!all.stream().allMatch(Future::isDone) || !inbox.isEmpty()) {
                Inbox.Batch batch = inbox.next(5_000);
                int rows = 0;
                for (Pack pack : batch.packs()) {
                    rows += pack.rows();
                    check(pack, seen);
                }
                assertThat(rows).isEqualTo(batch.rows());
                inbox.committed(batch);
            }
            for (Future<?> each : all) {
                each.get();
            }
        }
        assertThat(seen)
                .hasSize(THREADS * EACH)
                .allSatisfy((id, times) -> assertThat(times).isEqualTo(1));
        assertThat(inbox.waitingRows()).isZero();
    }

    @Test
    void rowsOfOtherColumnsGetABlockOfTheirOwn() {
        var inbox = new Inbox(1_000);
        inbox.offer(row("1", 1), 1_000);
        Frame other = Frame.of(1).doubles("whole", new double[] {0.5}).build();
        inbox.offer(
                new Scored("d", "p", "m", "1", 7, other, new double[] {1}, new String[] {""}, new long[] {4}), 1_000);
        inbox.offer(row("1", 2), 1_000);
        List<List<String>> names = new ArrayList<>();
        inbox.next(10).packs().forEach(pack -> names.add(pack.inputs().names()));
        assertThat(names)
                .containsExactly(
                        List.of("real", "whole", "truth", "text"),
                        List.of("whole"),
                        List.of("real", "whole", "truth", "text"));
    }

    @Test
    void aBatchIsTheSameUntilItIsCommitted() {
        var inbox = new Inbox(1_000);
        assertThat(inbox.offer(row("1", 1, 2, 3), 3)).isTrue();
        assertThat(inbox.offer(row("1", 4), 3)).isFalse();
        Inbox.Batch batch = inbox.next(10);
        inbox.offer(row("1", 5), 3);
        assertThat(inbox.next(10)).isSameAs(batch);
        assertThat(batch.rows()).isEqualTo(4);
        inbox.committed(batch);
        assertThat(inbox.next(10).rows()).isEqualTo(1);
        assertThat(inbox.next(10).sequence()).isEqualTo(2);
    }

    @Test
    void aBatchJobWaitsForItsTurnUntilItIsStopped() throws Exception {
        var inbox = new Inbox(10);
        var busy = new CountDownLatch(1);
        var over = new CountDownLatch(1);
        Thread other = Thread.ofVirtual()
                .start(() -> inbox.alone(() -> {
                    busy.countDown();
                    try {
                        over.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                }));
        busy.await();
        var stopped = new CompletableFuture<Throwable>();
        Thread waiting = Thread.ofVirtual().start(() -> {
            try {
                inbox.inTurn(() -> stopped.complete(new AssertionError("it was another's turn")));
            } catch (Problem.Unavailable e) {
                stopped.complete(e);
            }
        });
        waiting.interrupt();
        assertThat(stopped.get(10, TimeUnit.SECONDS)).hasMessageContaining("Stopped while rows waited");

        var went = new CompletableFuture<Boolean>();
        Thread.ofVirtual().start(() -> inbox.inTurn(() -> went.complete(true)));
        assertThat(went).isNotDone();
        over.countDown();
        assertThat(went.get(10, TimeUnit.SECONDS)).isTrue();
        other.join();
    }
}

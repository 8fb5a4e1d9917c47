package org.millwright.serving;

import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.millwright.kernel.Problem;

/** Requests answered, refused and failed, and how long answers took; for many threads at once. */
public final class Counts {
    private static final int BUCKETS = 128;
    private static final double PER_DOUBLING = 5;

    /** Doublings of a microsecond of the histogram's first and last bound: 16 µs and 34 s. */
    private static final int FIRST = 4;

    private static final int LAST = 25;

    private final LongAdder answered = new LongAdder();
    private final LongAdder rows = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final AtomicLongArray latencies = new AtomicLongArray(BUCKETS);

    void countAnswer(int count, long nanos) {
        answered.increment();
        rows.add(count);
        latencies.incrementAndGet(bucket(nanos));
    }

    void countRefusal() {
        refused.increment();
    }

    void countFailure() {
        failed.increment();
    }

    /** Adds what another process counted. */
    void add(Counted other) {
        answered.add(other.answered());
        rows.add(other.rows());
        refused.add(other.refused());
        failed.add(other.failed());
        for (int i = 0; i < BUCKETS; i++) {
            latencies.addAndGet(i, other.latencies().get(i));
        }
    }

    /** All of them together. */
    public static Counts together(Iterable<Counts> parts) {
        var all = new Counts();
        parts.forEach(part -> all.add(part.counted()));
        return all;
    }

    public long answered() {
        return answered.sum();
    }

    public long rows() {
        return rows.sum();
    }

    /** Requests that did not fit the model's signature: the callers' faults. */
    public long refused() {
        return refused.sum();
    }

    /** Requests that the model failed on: our faults. */
    public long failed() {
        return failed.sum();
    }

    /** Share of requests that failed, of those answered or failed; 0 without any. */
    public double failedShare() {
        long all = answered() + failed();
        return all == 0 ? 0 : (double) failed() / all;
    }

    /** The time in milliseconds within which that share of answers came, about 15 % too high at most; NaN without any. */
    public double latency(double share) {
        return latency(snapshot().latencies(), share);
    }

    private static double latency(long[] times, double share) {
        long all = LongStream.of(times).sum();
        long wanted = (long) Math.ceil(all * share);
        long seen = 0;
        for (int i = 0; i < BUCKETS && all > 0; i++) {
            seen += times[i];
            if (seen >= wanted) {
                return Math.pow(2, (i + 1) / PER_DOUBLING) / 1000;
            }
        }
        return Double.NaN;
    }

    /**
     * Answers by how long they took.
     *
     * @param bounds in seconds, rising, the last one infinite
     * @param counts answers above the bound before and up to this one
     * @param seconds all answers took together; found from the counts, 7 % off at most
     */
    public record Histogram(double[] bounds, long[] counts, double seconds) {}

    public Histogram histogram() {
        long[] times = snapshot().latencies();
        var bounds = new double[LAST - FIRST + 2];
        var counts = new long[bounds.length];
        double micros = 0;
        for (int i = 0; i < BUCKETS; i++) {
            int doubling = (int) Math.floor(i / PER_DOUBLING) + 1;
            counts[Math.clamp(doubling - FIRST, 0, counts.length - 1)] += times[i];
            micros += times[i] * Math.pow(2, (i + 0.5) / PER_DOUBLING);
        }
        for (int i = 0; i < bounds.length; i++) {
            bounds[i] = FIRST + i > LAST ? Double.POSITIVE_INFINITY : Math.pow(2, FIRST + i) / 1e6;
        }
        return new Histogram(bounds, counts, micros / 1e6);
    }

    /** Answers, failures and their times at a moment. */
    record Snapshot(long answered, long failed, long[] latencies) {
        static final Snapshot NOTHING = new Snapshot(0, 0, new long[BUCKETS]);
    }

    Snapshot snapshot() {
        var times = new long[BUCKETS];
        for (int i = 0; i < BUCKETS; i++) {
            times[i] = latencies.get(i);
        }
        return new Snapshot(answered(), failed(), times);
    }

    /** What was counted since that moment. */
    Evidence.Side since(Snapshot before) {
        Snapshot now = snapshot();
        var times = new long[BUCKETS];
        for (int i = 0; i < BUCKETS; i++) {
            times[i] = now.latencies()[i] - before.latencies()[i];
        }
        double p99 = latency(times, 0.99);
        return new Evidence.Side(
                now.answered() - before.answered(),
                now.failed() - before.failed(),
                Double.isNaN(p99) ? OptionalDouble.empty() : OptionalDouble.of(p99));
    }

    /**
     * What was counted, for another process to add.
     *
     * @param latencies answers by how long they took, in this class's own steps
     */
    public record Counted(long answered, long rows, long refused, long failed, List<Long> latencies) {
        static final Counted NOTHING = new Counted(0, 0, 0, 0, Collections.nCopies(BUCKETS, 0L));

        public Counted {
            latencies = List.copyOf(latencies);
            boolean sound = latencies.size() == BUCKETS
                    && latencies.stream().allMatch(count -> count >= 0)
                    && latencies.stream().mapToLong(count -> count).sum() == answered
                    && rows >= 0
                    && refused >= 0
                    && failed >= 0;
            if (!sound) {
                throw new Problem.Invalid("The counts of a version do not add up (expected: none below 0, and "
                        + BUCKETS + " counts of latencies whose sum is 'answered')");
            }
        }

        boolean isNothing() {
            return answered == 0 && refused == 0 && failed == 0;
        }

        public static Counted sum(Counted one, Counted other) {
            return one.combined(other, 1);
        }

        /** Without what had been counted before; answers that end meanwhile are counted the next time. */
        Counted minus(Counted before) {
            return combined(before, -1);
        }

        private Counted combined(Counted other, int sign) {
            List<Long> times = IntStream.range(0, BUCKETS)
                    .mapToObj(i -> latencies.get(i) + sign * other.latencies.get(i))
                    .toList();
            return new Counted(
                    times.stream().mapToLong(count -> count).sum(),
                    rows + sign * other.rows,
                    refused + sign * other.refused,
                    failed + sign * other.failed,
                    times);
        }
    }

    Counted counted() {
        List<Long> times = LongStream.of(snapshot().latencies()).boxed().toList();
        return new Counted(
                times.stream().mapToLong(count -> count).sum(), rows.sum(), refused.sum(), failed.sum(), times);
    }

    private static int bucket(long nanos) {
        double micros = Math.max(1, nanos / 1000.0);
        return (int) Math.min(BUCKETS - 1, Math.log(micros) / Math.log(2) * PER_DOUBLING);
    }
}

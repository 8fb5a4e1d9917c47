package org.millwright.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import org.millwright.history.History;
import org.millwright.identity.Actor;

/**
 * What the ledger costs when it is written, how long a proof and a verification take, and how soon a moment of the past is told.
 *
 * @param kept where filled logs stay from one run of the bench to the next
 * @param proven entries of the log that proofs of inclusion are taken from
 * @param verified entries of the log that is verified, and of which states are told
 * @param tracked runs that are tracked in a round
 */
record LedgerBench(Path kept, int rounds, long proven, long verified, int tracked) implements Measurement {
    private static final double MOST_OVERHEAD = 10;

    @Override
    public void run(Report report) {
        tracking(report);
        states(report);
        proofs(report);
    }

    /** The same runs with and without the ledger, in turns. */
    private void tracking(Report report) {
        var shares = new double[rounds];
        var work = new double[rounds];
        var with = new double[rounds];
        var without = new double[rounds];
        for (int round = -1; round < rounds; round++) {
            Spent recorded = track(true);
            Spent unrecorded = track(false);
            if (round >= 0) {
                with[round] = recorded.seconds();
                without[round] = unrecorded.seconds();
                shares[round] = 100 * (recorded.seconds() / unrecorded.seconds() - 1);
                work[round] = 100 * (recorded.cpu() / unrecorded.cpu() - 1);
            }
        }
        String what = String.format(Locale.ROOT, "%,d runs of 20 batches of 100 metrics", tracked);
        report.figure(what, Samples.of(with), "%.2f s");
        report.figure("  without the ledger", Samples.of(without), "%.2f s");
        report.below("  what the ledger adds", Samples.of(shares), "%.1f %%", MOST_OVERHEAD);
        report.below("  what it adds to the CPU time", Samples.of(work), "%.1f %%", MOST_OVERHEAD);
    }

    /** How long it took, and how long processors worked for it, in seconds. */
    private record Spent(double seconds, double cpu) {}

    private Spent track(boolean recorded) {
        Path folder = Folders.temporary();
        try (var tracked = new TrackedRuns(folder, recorded)) {
            double cpu = cpu();
            long nanos = time(() -> tracked.track(tracked()));
            return new Spent(nanos / 1e9, cpu() - cpu);
        } finally {
            Folders.delete(folder);
        }
    }

    /** Seconds that processors worked for this process. */
    static double cpu() {
        return ProcessHandle.current()
                        .info()
                        .totalCpuDuration()
                        .orElse(Duration.ZERO)
                        .toNanos()
                / 1e9;
    }

    private void states(Report report) {
        try (var log = new FilledLog(kept.resolve("ledger-states-" + verified))) {
            fill(report, log, verified);
            var seconds = new double[rounds];
            for (int i = 0; i < rounds; i++) {
                long start = System.nanoTime();
                log.ledger().verify();
                seconds[i] = (System.nanoTime() - start) / 1e9;
            }
            report.below(String.format(Locale.ROOT, "verify %,d entries", verified), Samples.of(seconds), "%.1f s", 10);
            told(report, log, "a model among many", FilledLog.model(1));
            told(report, log, "the model of a tenth of all entries", FilledLog.model(0));
        }
    }

    private void told(Report report, FilledLog log, String what, String ref) {
        History history = log.history();
        long first = time(() -> history.at(Actor.LOCAL, ref, Optional.of(log.time(verified - 1))));
        var random = new Random(1);
        var millis = new double[Math.max(5, rounds * 20)];
        for (int i = 0; i < millis.length; i++) {
            long at = log.time(random.nextLong(verified));
            millis[i] = time(() -> history.at(Actor.LOCAL, ref, Optional.of(at))) / 1e6;
        }
        report.below(
                String.format(Locale.ROOT, "state at a time, of %,d events: %s", verified, what),
                Samples.of(millis),
                "%.1f ms",
                100);
        report.note(String.format(Locale.ROOT, "the first time, when its snapshots were made: %.0f ms", first / 1e6));
    }

    private void proofs(Report report) {
        try (var log = new FilledLog(kept.resolve("ledger-proofs-" + proven))) {
            fill(report, log, proven);
            var random = new Random(1);
            var millis = new double[Math.max(10, rounds * 200)];
            for (int i = 0; i < millis.length; i++) {
                long index = random.nextLong(proven);
                millis[i] = time(() -> log.ledger().inclusion(index, proven)) / 1e6;
            }
            report.below(
                    String.format(Locale.ROOT, "proof of inclusion among %,d entries", proven),
                    Samples.of(millis),
                    "%.2f ms",
                    10);
        }
    }

    private static void fill(Report report, FilledLog log, long entries) {
        long missing = entries - log.ledger().size();
        if (missing > 0) {
            long nanos = time(() -> log.fill(entries));
            report.note(String.format(
                    Locale.ROOT,
                    "%,d entries appended in %.0f s (%,.0f a second)",
                    missing,
                    nanos / 1e9,
                    missing / (nanos / 1e9)));
        }
    }

    private static long time(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return System.nanoTime() - start;
    }

    static Path folder(Path path) {
        try {
            return Files.createDirectories(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

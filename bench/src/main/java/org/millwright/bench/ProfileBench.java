package org.millwright.bench;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.millwright.scoring.DataType;
import org.millwright.scoring.Frame;
import org.millwright.scoring.Vector;
import org.millwright.scoring.profile.ColumnProfile;
import org.millwright.scoring.profile.Drift;
import org.millwright.scoring.profile.Profile;
import org.millwright.scoring.profile.Reference;

/**
 * Profiles of 50 columns: what a value costs, how large they are, and every drift measure of a week of hours in ten segments
 * from profiles as they are stored. 30 columns are continuous, 10 have few values, 10 are categories.
 *
 * @param windows hours, each with ten segments
 */
record ProfileBench(int runs, int windows) implements Measurement {
    private static final int COLUMNS = 50;
    private static final int SEGMENTS = 10;
    private static final int BATCH = 4_096;
    private static final int ROWS = 500;

    @Override
    public void run(Report report) {
        var random = new Random(17);
        Frame training = rows(random, 20_000, 0);
        double[] predictions = random.doubles(training.rows()).toArray();
        Reference reference = Reference.of(training, predictions, predictions, 0, 0);
        report.below("updating a profile, a value", update(reference, random), "%.0f ns", 100);
        size(report, reference, random);
        List<String> stored = stored(reference, random);
        double[] took = new double[runs];
        for (int i = -1; i < runs; i++) {
            long start = System.nanoTime();
            measure(reference, stored);
            if (i >= 0) {
                took[i] = (System.nanoTime() - start) / 1e9;
            }
        }
        report.below(
                COLUMNS + " columns of " + windows + " windows in " + SEGMENTS + " segments",
                Samples.of(took),
                "%.2f s",
                1);
    }

    private static Frame rows(Random random, int count, double shift) {
        Frame.Builder rows = Frame.of(count);
        for (int c = 0; c < COLUMNS; c++) {
            int kind = c % 5;
            if (kind < 3) {
                rows.doubles(
                        "c" + c, random.doubles(count).map(x -> 10 * x + shift).toArray());
            } else if (kind == 3) {
                rows.doubles("c" + c, random.ints(count, 0, 24).asDoubleStream().toArray());
            } else {
                String[] texts = random.ints(count, 0, 40)
                        .mapToObj(number -> "value " + number)
                        .toArray(String[]::new);
                rows.column("c" + c, DataType.STRING, new Vector.Strings(texts));
            }
        }
        return rows.build();
    }

    /** CPU nanoseconds a value, of rows that come in batches as under load. */
    private Samples update(Reference reference, Random random) {
        Frame batch = rows(random, BATCH, 0);
        int rounds = Math.max(4, windows);
        double[] nanos = new double[runs];
        for (int i = -1; i < runs; i++) {
            Profile window = reference.window();
            long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            for (int round = 0; round < rounds; round++) {
                observe(window, batch);
            }
            long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start;
            if (i >= 0) {
                nanos[i] = (double) cpu / rounds / BATCH / COLUMNS;
            }
        }
        return Samples.of(nanos);
    }

    private static void observe(Profile window, Frame rows) {
        for (int c = 0; c < rows.width(); c++) {
            window.column(rows.name(c)).orElseThrow().observe(rows.column(c));
        }
    }

    /** Sizes after few and after many rows: the last is what a column takes however many come. */
    private void size(Report report, Reference reference, Random random) {
        for (int batches : new int[] {1, Math.max(2, windows)}) {
            Profile window = reference.window();
            for (int i = 0; i < batches; i++) {
                observe(window, rows(random, BATCH, i));
            }
            report.figure(
                    "a stored column after " + batches * BATCH + " rows",
                    Samples.of((double) window.toJson().length() / COLUMNS),
                    "%.0f bytes");
        }
    }

    private List<String> stored(Reference reference, Random random) {
        List<String> stored = new ArrayList<>();
        for (int i = 0; i < windows * SEGMENTS; i++) {
            Profile window = reference.window();
            observe(window, rows(random, ROWS, i % 24 / 24.0));
            stored.add(window.toJson());
        }
        return stored;
    }

    private static void measure(Reference reference, List<String> stored) {
        double sum = IntStream.range(0, stored.size())
                .parallel()
                .mapToDouble(i -> sum(reference, Profile.fromJson(stored.get(i))))
                .sum();
        if (!(sum > 0)) {
            throw new IllegalStateException("no drift was measured: " + sum);
        }
    }

    private static double sum(Reference reference, Profile window) {
        double sum = 0;
        for (ColumnProfile column : reference.inputs().columns()) {
            sum += Drift.between(column, window.column(column.name()).orElseThrow())
                    .psi();
        }
        return sum;
    }
}

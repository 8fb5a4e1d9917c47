package org.millwright.bench;

import java.nio.file.Path;

/**
 * Late outcomes of classes, sent over REST as JSON, joined to single predictions on SQLite as it is embedded; and then
 * measured with their segments.
 *
 * @param rows predictions, each with an outcome
 */
record LabelBench(int runs, int rows) implements Measurement {
    private static final double GOAL = 10;

    @Override
    public void run(Report report) {
        var joined = new double[runs];
        var measured = new double[runs];
        for (int i = 0; i < runs; i++) {
            Path folder = Folders.temporary();
            try (var late = new LateOutcomes(folder, rows)) {
                joined[i] = seconds(late::send);
                measured[i] = seconds(late::measure);
            } finally {
                Folders.delete(folder);
            }
        }
        report.below(String.format("%,d late outcomes joined", rows), Samples.of(joined), "%.2f s", GOAL);
        report.figure("every metric of them, by segment, with bias", Samples.of(measured), "%.2f s");
    }

    private static double seconds(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) / 1e9;
    }
}

package org.millwright.bench;

import java.nio.file.Path;
import java.time.Duration;

/**
 * What a step costs that does nothing: a chain of them, so that each waits for the one before, on SQLite as it is embedded.
 *
 * @param steps in the chain
 */
record StepBench(int runs, int steps) implements Measurement {
    @Override
    public void run(Report report) {
        Path folder = Folders.temporary();
        try (var chain = new Chain(folder, steps)) {
            chain.run(true);
            var made = new double[runs];
            var reused = new double[runs];
            for (int i = 0; i < runs; i++) {
                made[i] = millis(chain.run(true));
                reused[i] = millis(chain.run(false));
            }
            report.below("a step that does nothing, of a chain of " + steps, Samples.of(made), "%.1f ms", 50);
            report.figure("a step that is skipped, as nothing has changed", Samples.of(reused), "%.1f ms");
        } finally {
            Folders.delete(folder);
        }
    }

    private double millis(Duration all) {
        return all.toNanos() / 1e6 / steps;
    }
}

package org.millwright.bench;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;

/**
 * How long a server takes to its first healthy answer, on a new data folder and on one that is there, and what memory it
 * keeps when nobody calls.
 *
 * @param settle seconds until the memory is looked at
 */
record StartBench(Product product, int runs, int settle) implements Measurement {
    @Override
    public void run(Report report) {
        var fresh = new double[runs];
        var again = new double[runs];
        var memory = new double[runs];
        for (int i = 0; i < runs; i++) {
            Path data = Folders.temporary();
            try {
                try (Server server = product.serve(data)) {
                    fresh[i] = server.starting().toNanos() / 1e9;
                    memory[i] = settled(server::memory);
                }
                try (Server server = product.serve(data)) {
                    again[i] = server.starting().toNanos() / 1e9;
                }
            } finally {
                Folders.delete(data);
            }
        }
        report.below("cold start to first healthy answer, new data folder", Samples.of(fresh), "%.2f s", 1.5);
        report.below("the same, data folder there", Samples.of(again), "%.2f s", 1.5);
        report.below("idle memory", Samples.of(memory), "%.0f MB", 250);
    }

    private double settled(DoubleSupplier memory) {
        try {
            TimeUnit.SECONDS.sleep(settle);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return memory.getAsDouble();
    }
}

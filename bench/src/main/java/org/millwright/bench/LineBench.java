package org.millwright.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.millwright.kernel.Json;

/**
 * How long {@code mw demo --once} takes on a new data folder when the packages were fetched before, and how much of that is
 * not Python's: the time when no step's process and no installation was at work. Then the same again on what is there.
 *
 * @param kept where the last demo's folder stays, for measurements that need a deployed model
 */
record LineBench(Product product, Path kept, int runs) implements Measurement {
    private static final String DEMO = "demo";

    /** @param cpu seconds that Millwright's own process used */
    record Line(double seconds, double own, double python, double cpu) {}

    @Override
    public void run(Report report) {
        var seconds = new double[runs];
        var own = new double[runs];
        var cpu = new double[runs];
        var again = new double[runs];
        var ownAgain = new double[runs];
        for (int i = 0; i < runs; i++) {
            Folders.delete(kept.resolve(DEMO));
            Line line = demo(product, kept.resolve(DEMO));
            seconds[i] = line.seconds();
            own[i] = line.own();
            cpu[i] = line.cpu();
            Line second = demo(product, kept.resolve(DEMO));
            again[i] = second.seconds();
            ownAgain[i] = second.own();
        }
        report.figure("mw demo --once, new data folder, packages fetched before", Samples.of(seconds), "%.1f s");
        report.below("of it in Millwright, not in Python and installs", Samples.of(own), "%.1f s", 15);
        report.figure("CPU time of Millwright's process", Samples.of(cpu), "%.1f s");
        report.figure("mw demo --once again on the same folder", Samples.of(again), "%.1f s");
        report.figure("of it in Millwright", Samples.of(ownAgain), "%.1f s");
    }

    /** The folder of a server that has run the line: the last demo's, or one of a demo that runs now. */
    static Path served(Product product, Path kept) {
        Path folder = kept.resolve(DEMO);
        if (!folder.resolve("server").toFile().isDirectory()) {
            demo(product, folder);
        }
        return folder.resolve("server");
    }

    private static Line demo(Product product, Path folder) {
        long start = System.nanoTime();
        Process process = product.start(
                new File("/dev/null"),
                Map.of("MW_OUTPUT", "json"),
                "demo",
                "--once",
                "--port",
                "0",
                "--data",
                folder.toString());
        double cpu = watch(process);
        double seconds = (System.nanoTime() - start) / 1e9;
        JsonNode told = told(process);
        if (process.exitValue() != 0) {
            throw new IllegalStateException("mw demo --once --data " + folder + " ended with " + process.exitValue());
        }
        double python = told.path("pythonSeconds").asDouble();
        return new Line(seconds, seconds - python, python, cpu);
    }

    private static JsonNode told(Process process) {
        try (var out = process.getInputStream()) {
            return Json.parse(out.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for the end; returns the CPU seconds last seen. */
    private static double watch(Process process) {
        double cpu = 0;
        try {
            do {
                cpu = Math.max(
                        cpu,
                        process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / 1e9);
            } while (!process.waitFor(50, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroy();
        }
        return cpu;
    }
}

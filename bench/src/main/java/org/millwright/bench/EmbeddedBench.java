package org.millwright.bench;

import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.millwright.scorer.Scorer;
import org.millwright.scorer.ScorerState;
import org.millwright.scoring.bundle.Bundle;
import org.millwright.scoring.bundle.BundleArchive;
import org.millwright.scoring.signing.TrustedKey;

/**
 * A row of the demo's model scored by the embedded scorer, profiled and reported, against the same call of ONNX Runtime alone
 * in the same process: with one thread, and with one a core. Rounds take turns.
 *
 * @param calls of each thread in a round
 */
record EmbeddedBench(Product product, Path kept, int runs, int warmUp, int calls) implements Measurement {
    static final String MODEL = "flight-delays";

    /** Scores a recorded row. */
    private interface Call {
        double score(Map<String, @Nullable Object> row) throws OrtException;
    }

    @Override
    public void run(Report report) {
        Path data = LineBench.served(product, kept);
        Path folder = Folders.temporary();
        try (Server server = product.serve(data)) {
            Path key = data.resolve("keys/bundles.pem.pub");
            Bundle bundle = bundle(server, folder, key);
            try (Scorer scorer = Scorer.of("models:/" + MODEL + "@champion")
                    .server("http://127.0.0.1:" + server.port())
                    .trust(key)
                    .cache(folder.resolve("cache"))
                    .report(Duration.ofSeconds(5))
                    .open()) {
                run(report, scorer, bundle);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            Folders.delete(folder);
        }
    }

    static Bundle bundle(Server server, Path folder, Path key) throws IOException {
        Path archive =
                server.download("/api/1/models/" + MODEL + "/aliases/champion/bundle", folder.resolve("bundle.zip"));
        try (InputStream in = Files.newInputStream(archive)) {
            BundleArchive.unpack(in, folder.resolve("bundle"));
        }
        return Bundle.open(folder.resolve("bundle"), List.of(TrustedKey.fromPem(Files.readString(key))));
    }

    private void run(Report report, Scorer scorer, Bundle bundle) throws IOException {
        List<Map<String, @Nullable Object>> rows = IntStream.range(
                        0, bundle.probe().inputs().rows())
                .mapToObj(bundle.probe().inputs()::row)
                .toList();
        byte[] graph =
                Files.readAllBytes(bundle.folder().resolve(bundle.manifest().main()));
        List<String> columns = bundle.manifest().signature().names();
        int cores = Runtime.getRuntime().availableProcessors();
        for (int threads : cores > 1 ? new int[] {1, cores} : new int[] {1}) {
            compare(report, scorer, graph, columns, rows, threads);
        }
        ScorerState.Profiles profiles = scorer.report().profiles();
        report.note(String.format(
                java.util.Locale.ROOT,
                "of the rows scored, %.1f %% were lost to monitoring",
                100.0 * profiles.lost() / Math.max(1, profiles.lost() + profiles.sent() + profiles.waiting())));
    }

    private void compare(
            Report report,
            Scorer scorer,
            byte[] graph,
            List<String> columns,
            List<Map<String, @Nullable Object>> rows,
            int threads) {
        List<BareOnnx> bare = new ArrayList<>();
        try {
            for (int i = 0; i < threads; i++) {
                bare.add(new BareOnnx(graph, columns, 1));
            }
            List<Call> alone = bare.stream().<Call>map(each -> each::score).toList();
            List<Call> embedded = IntStream.range(0, threads)
                    .<Call>mapToObj(i -> row -> scorer.score(row).number())
                    .toList();
            micros(alone, rows, warmUp);
            micros(embedded, rows, warmUp);
            var limit = new double[runs];
            var ours = new double[runs];
            var ratio = new double[runs];
            for (int i = 0; i < runs; i++) {
                limit[i] = micros(alone, rows, calls);
                ours[i] = micros(embedded, rows, calls);
                ratio[i] = ours[i] / limit[i];
            }
            String how = ", 1 row, " + (threads == 1 ? "1 thread" : threads + " threads");
            report.figure("ONNX Runtime alone" + how, Samples.of(limit), "%.2f µs");
            report.figure("embedded scorer, monitored" + how, Samples.of(ours), "%.2f µs");
            report.below("embedded scorer against the runtime alone" + how, Samples.of(ratio), "%.2f ×", 1.3);
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime cannot load the model", e);
        } finally {
            bare.forEach(EmbeddedBench::close);
        }
    }

    private static void close(BareOnnx bare) {
        try {
            bare.close();
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Microseconds of a call, as each thread waits for its own. */
    private static double micros(List<Call> threads, List<Map<String, @Nullable Object>> rows, int calls) {
        try (var pool = Executors.newFixedThreadPool(threads.size())) {
            long start = System.nanoTime();
            List<Future<Double>> sums = new ArrayList<>();
            for (Call call : threads) {
                sums.add(pool.submit(() -> {
                    double sum = 0;
                    for (int i = 0; i < calls; i++) {
                        sum += call.score(rows.get(i % rows.size()));
                    }
                    return sum;
                }));
            }
            for (Future<Double> sum : sums) {
                if (Double.isNaN(sum.get())) {
                    throw new IllegalStateException("a row has no prediction");
                }
            }
            return (System.nanoTime() - start) / 1e3 / calls;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("scoring failed", e);
        }
    }
}

package org.millwright.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.millwright.engines.process.StepProcess;
import org.millwright.engines.worker.PythonWorkers;
import org.millwright.engines.worker.WorkerSettings;
import org.millwright.environment.PythonModels.PythonModel;
import org.millwright.environment.PythonModels.Use;
import org.millwright.scoring.DataType;
import org.millwright.scoring.Frame;
import org.millwright.scoring.Model;
import org.millwright.scoring.Signature;
import org.millwright.scoring.onnx.OnnxModel;
import org.millwright.scoring.trees.TreeModel;

/**
 * What it brings to answer requests of one row that wait at the same time by one call: models in this process, as they are
 * asked and as {@link JoinedCalls} would, and a Python worker's with recorded rows and without. Callers are virtual threads,
 * as in the server, each asking again as soon as it has its answer.
 *
 * @param calls of each round by a Python worker; models in this process get more, as they take less
 */
record JoinBench(Path kept, int rounds, int calls) implements Measurement {
    private static final int COLUMNS = 20;
    private static final List<Integer> CALLERS = List.of(8, 32);
    private static final List<String> PACKAGES = List.of("onnx==1.19.1", "numpy==2.2.6", "xgboost-cpu==3.2.0");

    /** A model asked both ways. */
    private record Pair(Model alone, Model joined, int factor) {}

    /** @param cpu microseconds of this process for each request */
    private record Round(Load.Result result, double cpu) {}

    @Override
    public void run(Report report) {
        Path folder = Folders.temporary();
        List<AutoCloseable> open = new ArrayList<>();
        try {
            Map<String, Pair> pairs = new LinkedHashMap<>();
            Path python = Path.of(Venv.with(kept, "join", PACKAGES).program("python"));
            Peer.run(python.toString(), script(folder, "join_models.py").toString(), folder.toString());
            byte[] small = Files.readAllBytes(folder.resolve("small.onnx"));
            byte[] large = Files.readAllBytes(folder.resolve("large.onnx"));
            byte[] trees = Files.readAllBytes(folder.resolve("trees.ubj"));
            add(pairs, "ONNX, linear", 40, () -> OnnxModel.load(small, signature()));
            add(pairs, "ONNX, a million weights", 10, () -> OnnxModel.load(large, signature()));
            add(pairs, "XGBoost, 500 trees of depth 8", 20, () -> TreeModel.xgboost(trees, signature()));
            pairs.values().forEach(pair -> open.addAll(List.of(pair.alone(), pair.joined())));
            Path other = Path.of(Venv.with(kept, "worker", WorkerBench.PACKAGES).program("python"));
            Path saved = folder.resolve("model");
            Peer.run(other.toString(), script(folder, "worker_model.py").toString(), "save", saved.toString());
            var processes = new StepProcess(folder.resolve("work"), Clock.systemUTC(), Long.MAX_VALUE, System.getenv());
            var workers = new PythonWorkers(folder.resolve("workers"), processes, WorkerSettings.DEFAULT);
            open.add(workers);
            Signature signature = WorkerBench.signature(saved);
            pairs.put(
                    "Python worker",
                    new Pair(
                            workers.load(model(other, saved, signature, Optional.empty())),
                            workers.load(model(other, saved, signature, Optional.of(WorkerBench.frame(signature, 16)))),
                            1));
            pairs.forEach((name, pair) -> CALLERS.forEach(callers -> measure(report, name, pair, callers)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            open.reversed().forEach(JoinBench::close);
            Folders.delete(folder);
        }
    }

    private static void add(Map<String, Pair> pairs, String name, int factor, Supplier<Model> load) {
        pairs.put(name, new Pair(load.get(), new JoinedCalls(load.get()), factor));
    }

    private static PythonModel model(Path python, Path saved, Signature signature, Optional<Frame> recorded) {
        return new PythonModel(
                "linear",
                signature,
                () -> python,
                1,
                target -> Folders.copy(saved, target, "none is left out"),
                Use.REQUESTS,
                recorded);
    }

    private void measure(Report report, String name, Pair pair, int callers) {
        int count = calls * pair.factor();
        var alone = new Round[rounds];
        var joined = new Round[rounds];
        round(pair.alone(), callers, count);
        round(pair.joined(), callers, count);
        for (int i = 0; i < rounds; i++) {
            alone[i] = round(pair.alone(), callers, count);
            joined[i] = round(pair.joined(), callers, count);
        }
        String what = name + ", " + callers + " callers";
        report.figure(what + ", alone", rates(alone), "%,.0f req/s");
        report.figure("  joined", rates(joined), "%,.0f req/s");
        double[] gain = new double[rounds];
        Arrays.setAll(
                gain, i -> joined[i].result().perSecond() / alone[i].result().perSecond());
        report.figure("  joined by alone", Samples.of(gain), "%.2f ×");
        report.note("to the bit the same: " + (isSame(pair) ? "yes" : "NO"));
        report.figure("  CPU here alone", cpu(alone), "%.1f µs");
        report.figure("  CPU here joined", cpu(joined), "%.1f µs");
        report.figure("  p50 alone", quantiles(alone, 0.5), "%.3f ms");
        report.figure("  p50 joined", quantiles(joined, 0.5), "%.3f ms");
        report.figure("  p99 alone", quantiles(alone, 0.99), "%.3f ms");
        report.figure("  p99 joined", quantiles(joined, 0.99), "%.3f ms");
    }

    /** Whether rows that differ are answered together as alone. */
    private static boolean isSame(Pair pair) {
        Frame rows = WorkerBench.frame(pair.alone().signature(), 32);
        Frame together = pair.alone().predict(rows);
        for (int row = 0; row < rows.rows(); row++) {
            Frame alone = pair.alone().predict(rows.slice(row, row + 1));
            if (!Objects.equals(alone.value(0, 0), together.value(0, row))) {
                return false;
            }
        }
        return true;
    }

    private static Samples rates(Round[] rounds) {
        return Samples.of(Arrays.stream(rounds)
                .mapToDouble(round -> round.result().perSecond())
                .toArray());
    }

    private static Samples cpu(Round[] rounds) {
        return Samples.of(Arrays.stream(rounds).mapToDouble(Round::cpu).toArray());
    }

    private static Samples quantiles(Round[] rounds, double share) {
        return Samples.of(Arrays.stream(rounds)
                .mapToDouble(round -> round.result().quantile(share))
                .toArray());
    }

    private static Round round(Model model, int callers, int count) {
        Frame row = WorkerBench.frame(model.signature(), 1);
        var next = new AtomicInteger();
        var millis = new double[count];
        List<Thread> threads = new ArrayList<>();
        double before = cpuMicros();
        long start = System.nanoTime();
        for (int i = 0; i < callers; i++) {
            threads.add(Thread.ofVirtual().start(() -> {
                for (int n = next.getAndIncrement(); n < count; n = next.getAndIncrement()) {
                    long asked = System.nanoTime();
                    model.predict(row);
                    millis[n] = (System.nanoTime() - asked) / 1e6;
                    // As when the next request is read from its connection: others get their turn.
                    Thread.yield();
                }
            }));
        }
        threads.forEach(Load::join);
        double seconds = (System.nanoTime() - start) / 1e9;
        double cpu = (cpuMicros() - before) / count;
        Arrays.sort(millis);
        return new Round(new Load.Result(0, seconds, millis), cpu);
    }

    private static double cpuMicros() {
        return ProcessHandle.current()
                        .info()
                        .totalCpuDuration()
                        .map(Duration::toNanos)
                        .orElse(0L)
                / 1e3;
    }

    private static Signature signature() {
        List<Signature.Column> columns = new ArrayList<>();
        for (int i = 0; i < COLUMNS; i++) {
            columns.add(Signature.Column.of("c" + i, DataType.DOUBLE));
        }
        return new Signature(columns, List.of());
    }

    private static Path script(Path folder, String name) throws IOException {
        Path script = folder.resolve(name);
        try (var in = JoinBench.class.getResourceAsStream(name)) {
            Files.copy(Objects.requireNonNull(in), script);
        }
        return script;
    }

    private static void close(AutoCloseable part) {
        try {
            part.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}

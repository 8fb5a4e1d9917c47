package org.millwright.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.millwright.engines.process.StepProcess;
import org.millwright.engines.worker.PythonWorkers;
import org.millwright.engines.worker.WorkerSettings;
import org.millwright.environment.PythonModels.PythonModel;
import org.millwright.environment.PythonModels.Use;
import org.millwright.kernel.Yaml;
import org.millwright.scoring.Frame;
import org.millwright.scoring.Model;
import org.millwright.scoring.Signature;

/**
 * What a Python worker adds to a prediction: the same model asked from here, over the socket, and called inside Python, one
 * call at a time. Both processes are up and warm; rounds take turns.
 *
 * @param warmUp calls of each before
 * @param calls of each round
 */
record WorkerBench(Path kept, int runs, int warmUp, int calls) implements Measurement {
    static final List<String> PACKAGES = List.of("mlflow-skinny==3.17.2", "pandas==2.3.3");
    private static final String SCRIPT = "worker_model.py";

    @Override
    public void run(Report report) {
        Path python = Path.of(Venv.with(kept, "worker", PACKAGES).program("python"));
        Path folder = Folders.temporary();
        try {
            Path script = folder.resolve(SCRIPT);
            try (var in = WorkerBench.class.getResourceAsStream(SCRIPT)) {
                Files.copy(Objects.requireNonNull(in), script);
            }
            Path saved = folder.resolve("model");
            Peer.run(python.toString(), script.toString(), "save", saved.toString());
            var processes = new StepProcess(folder.resolve("work"), Clock.systemUTC(), Long.MAX_VALUE, System.getenv());
            try (var workers = new PythonWorkers(folder.resolve("workers"), processes, WorkerSettings.DEFAULT);
                    Model model = workers.load(new PythonModel(
                            "linear",
                            signature(saved),
                            () -> python,
                            1,
                            target -> copy(saved, target),
                            Use.REQUESTS,
                            Optional.empty()));
                    var inside = new Inside(python, script, saved)) {
                for (int rows : List.of(1, 100)) {
                    run(report, model, inside, rows);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            Folders.delete(folder);
        }
    }

    private void run(Report report, Model model, Inside inside, int rows) throws IOException {
        Frame frame = frame(model.signature(), rows);
        millis(model, frame, warmUp);
        inside.millis(rows, warmUp);
        var there = new double[runs];
        var here = new double[runs];
        var added = new double[runs];
        for (int i = 0; i < runs; i++) {
            there[i] = inside.millis(rows, calls);
            here[i] = millis(model, frame, calls);
            added[i] = here[i] - there[i];
        }
        String what = ", " + rows + (rows == 1 ? " row" : " rows") + ", median call";
        report.figure("MLflow's pyfunc inside Python" + what, Samples.of(there), "%.3f ms");
        report.figure("the same by a Python worker" + what, Samples.of(here), "%.3f ms");
        if (rows == 1) {
            report.below("what the worker adds", Samples.of(added), "%.3f ms", 1);
        } else {
            report.figure("what the worker adds", Samples.of(added), "%.3f ms");
        }
    }

    /** In a virtual thread, as the server asks. */
    private static double millis(Model model, Frame frame, int calls) {
        var median = new CompletableFuture<Double>();
        Thread.ofVirtual().start(() -> {
            try {
                median.complete(median(model, frame, calls));
            } catch (RuntimeException e) {
                median.completeExceptionally(e);
            }
        });
        return median.join();
    }

    private static double median(Model model, Frame frame, int calls) {
        var nanos = new long[calls];
        for (int i = 0; i < calls; i++) {
            long start = System.nanoTime();
            model.predict(frame);
            nanos[i] = System.nanoTime() - start;
        }
        Arrays.sort(nanos);
        return nanos[calls / 2] / 1e6;
    }

    static Frame frame(Signature signature, int rows) {
        Frame.Builder frame = Frame.of(rows);
        for (Signature.Column column : signature.inputs()) {
            if (column.type().isReal()) {
                var values = new double[rows];
                Arrays.setAll(values, i -> i + 0.5);
                frame.doubles(column.name(), values);
            } else {
                var values = new String[rows];
                Arrays.fill(values, "UA");
                frame.column(column.name(), column.type(), new org.millwright.scoring.Vector.Strings(values));
            }
        }
        return frame.build();
    }

    static Signature signature(Path saved) throws IOException {
        Yaml.Value section = Yaml.parse("MLmodel", Files.readString(saved.resolve("MLmodel")))
                .get("signature")
                .orElseThrow();
        return Signature.fromMlflow(section.text("inputs", ""), section.text("outputs", ""));
    }

    private static void copy(Path from, Path to) throws IOException {
        Folders.copy(from, to, "none is left out");
    }

    /** A Python that calls the model itself. */
    private static final class Inside implements AutoCloseable {
        private final Process process;
        private final PrintWriter orders;
        private final BufferedReader answers;

        Inside(Path python, Path script, Path saved) throws IOException {
            process = new ProcessBuilder(python.toString(), script.toString(), "time", saved.toString())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            orders = new PrintWriter(process.getOutputStream(), true, StandardCharsets.UTF_8);
            answers = process.inputReader(StandardCharsets.UTF_8);
        }

        double millis(int rows, int calls) throws IOException {
            orders.println(String.format(Locale.ROOT, "%d %d", rows, calls));
            String answer = answers.readLine();
            if (answer == null) {
                throw new IOException(
                        "Python ended with " + process.onExit().join().exitValue());
            }
            return Double.parseDouble(answer) / 1000;
        }

        @Override
        public void close() {
            process.destroy();
        }
    }
}

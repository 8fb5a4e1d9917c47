package org.millwright.scoring;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A Python environment with pinned packages, made once in the user's cache and kept. */
public final class Python {
    private final Path environment;

    private Python(Path environment) {
        this.environment = environment;
    }

    /** MLflow, the libraries whose models are handed off, and what brings them to portable form. */
    public static Python handOff() {
        return with(
                "hand-off-1",
                "mlflow-skinny==3.17.2",
                "xgboost-cpu==3.2.0",
                "lightgbm==4.6.0",
                "catboost==1.2.8",
                "skops==0.16.0",
                "scikit-learn==1.7.2",
                "skl2onnx==1.20.0",
                "onnx==1.23.2",
                "onnxruntime==1.23.2",
                "pandas==2.3.3",
                "pyarrow==26.0.1");
    }

    /** The environment of that name with those packages; throws when it cannot be made. */
    public static Python with(String name, String... packages) {
        Path cache = Path.of(System.getProperty("user.home"), ".cache", "millwright-test");
        Path environment = cache.resolve(name);
        try {
            Files.createDirectories(cache);
            try (FileChannel channel = FileChannel.open(
                            cache.resolve(name + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = channel.lock()) {
                if (!Files.exists(environment.resolve("ready"))) {
                    make(environment, packages);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Python(environment);
    }

    private static void make(Path environment, String... packages) throws IOException {
        run(List.of("python3", "-m", "venv", "--clear", environment.toString()));
        List<String> install =
                new ArrayList<>(List.of(environment.resolve("bin/python").toString(), "-m", "pip", "install", "-q"));
        install.addAll(List.of(packages));
        run(install);
        Files.createFile(environment.resolve("ready"));
    }

    private static void run(List<String> command) {
        Result result = start(command);
        if (result.code() != 0) {
            throw new IllegalStateException("this test needs Python 3.10+ with venv and a PyPI index: "
                    + String.join(" ", command) + " ended with " + result.code() + ": " + result.output());
        }
    }

    /** The folder of the environment's programs. */
    public Path bin() {
        return environment.resolve("bin");
    }

    /** Runs a script of the environment's bin folder. */
    public Result script(String name, String... arguments) {
        List<String> command = new ArrayList<>(List.of(bin().resolve(name).toString()));
        command.addAll(List.of(arguments));
        return start(command);
    }

    /** How a process ended and what it printed on both streams. */
    public record Result(int code, String output) {}

    private static Result start(List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes());
            if (!process.waitFor(5, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new IllegalStateException(command.get(0) + " did not end within five minutes");
            }
            return new Result(process.exitValue(), output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}

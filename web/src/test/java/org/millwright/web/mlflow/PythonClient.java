package org.millwright.web.mlflow;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.millwright.kernel.Json;

/**
 * A Python with the real MLflow client, made once per requirements in the user's cache folder.
 *
 * <p>It comes from the package index that pip or uv is set to; without Python or index the tests that need it fail.
 */
final class PythonClient {
    private static final int MINUTES = 15;

    private final Path python;

    private PythonClient(Path python) {
        this.python = python;
    }

    /** The current client. */
    static PythonClient make() {
        return make("requirements.txt");
    }

    /** The client that the requirements name. */
    static PythonClient make(String list) {
        byte[] requirements = resource(list).getBytes(StandardCharsets.UTF_8);
        Path cache = Path.of(System.getProperty("user.home"), ".cache", "millwright-test");
        Path folder = cache.resolve("mlflow-client-" + Json.sha256(requirements).substring(0, 16));
        Path python = folder.resolve("bin/python");
        try {
            Files.createDirectories(cache);
            try (FileChannel channel = FileChannel.open(
                            cache.resolve(folder.getFileName() + ".lock"),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
                    var lock = channel.lock()) {
                Path ready = folder.resolve("ready");
                if (!Files.exists(ready) && lock.isValid()) {
                    Path wanted = Files.write(cache.resolve(folder.getFileName() + ".txt"), requirements);
                    install(folder, python, wanted);
                    Files.writeString(ready, "");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new PythonClient(python);
    }

    private static void install(Path folder, Path python, Path list) {
        if (isThere("uv")) {
            run(Map.of(), List.of("uv", "venv", "--clear", folder.toString()));
            run(Map.of(), List.of("uv", "pip", "install", "--python", python.toString(), "-r", list.toString()));
        } else {
            run(Map.of(), List.of("python3", "-m", "venv", "--clear", folder.toString()));
            run(
                    Map.of(),
                    List.of(
                            python.toString(),
                            "-m",
                            "pip",
                            "install",
                            "--quiet",
                            "--disable-pip-version-check",
                            "-r",
                            list.toString()));
        }
    }

    /** Runs a script of the test resources and returns what it printed; fails with that when it fails. */
    String run(String script, Map<String, String> environment) {
        try {
            // Alone in its folder: Python takes a folder beside a script for a module of that name.
            Path folder = Files.createTempDirectory("script");
            Path file = folder.resolve("script.py");
            Files.writeString(file, resource(script));
            try {
                return run(environment, List.of(python.toString(), file.toString()));
            } finally {
                Files.delete(file);
                Files.delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isThere(String program) {
        for (String folder : System.getenv("PATH").split(java.io.File.pathSeparator)) {
            if (Files.isExecutable(Path.of(folder, program))) {
                return true;
            }
        }
        return false;
    }

    private static String run(Map<String, String> environment, List<String> command) {
        try {
            Path output = Files.createTempFile("output", ".txt");
            var builder = new ProcessBuilder(new ArrayList<>(command))
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile());
            builder.environment().putAll(environment);
            builder.environment().put("OMP_NUM_THREADS", "1");
            builder.environment().put("GIT_PYTHON_REFRESH", "quiet");
            Process process = builder.start();
            boolean ended = process.waitFor(MINUTES, TimeUnit.MINUTES);
            if (!ended) {
                process.destroyForcibly();
            }
            String printed = Files.readString(output);
            Files.delete(output);
            if (!ended || process.exitValue() != 0) {
                throw new AssertionError(String.join(" ", command) + " failed:\n" + printed);
            }
            return printed;
        } catch (IOException e) {
            throw new UncheckedIOException(String.join(" ", command) + " did not start", e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String resource(String name) {
        try (var in = PythonClient.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

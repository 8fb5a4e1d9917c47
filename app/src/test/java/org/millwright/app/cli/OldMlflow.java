package org.millwright.app.cli;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.millwright.scoring.Python;

/** A real MLflow server over a folder, which ends with the test, and Python with the client of the same version. */
final class OldMlflow implements AutoCloseable {
    private static final String VERSION = "mlflow==3.17.2";
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Python python;
    private final Path folder;
    private final int port;
    private final Process server;

    /** Starts it and waits until it is healthy. */
    OldMlflow(Path folder) throws IOException, InterruptedException {
        this.python = Python.with(VERSION.replace("==", "-"), VERSION);
        this.folder = Files.createDirectories(folder);
        this.port = freePort();
        var builder = new ProcessBuilder(
                        python.bin().resolve("mlflow").toString(),
                        "server",
                        "--workers=1",
                        "--port=" + port,
                        "--backend-store-uri=sqlite:///" + folder.resolve("mlflow.db"),
                        "--artifacts-destination=" + folder.resolve("artifacts"))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile());
        builder.environment().put("PATH", python.bin() + File.pathSeparator + System.getenv("PATH"));
        builder.environment().put("MLFLOW_SERVER_ENABLE_JOB_EXECUTION", "false");
        builder.environment().put("MLFLOW_DISABLE_TELEMETRY", "true");
        this.server = builder.start();
        try {
            awaitHealth();
        } catch (IOException | InterruptedException | RuntimeException | AssertionError e) {
            close();
            throw e;
        }
    }

    String url() {
        return "http://127.0.0.1:" + port;
    }

    /** Runs a script of the test resources with the client; throws with what it printed when it fails. */
    void run(String script, String... arguments) throws IOException {
        Path file = folder.resolve(script);
        try (var in = OldMlflow.class.getResourceAsStream(script)) {
            Files.write(file, in.readAllBytes());
        }
        Python.Result result = python.script(
                "python",
                Stream.concat(Stream.of(file.toString()), Stream.of(arguments)).toArray(String[]::new));
        if (result.code() != 0) {
            throw new AssertionError(script + " " + String.join(" ", arguments) + ":\n" + result.output());
        }
    }

    private void awaitHealth() throws IOException, InterruptedException {
        var health = HttpRequest.newBuilder(URI.create(url() + "/health")).build();
        long until = System.nanoTime() + PATIENCE.toNanos();
        try (HttpClient http = HttpClient.newHttpClient()) {
            while (System.nanoTime() < until && !server.waitFor(100, TimeUnit.MILLISECONDS)) {
                try {
                    if (http.send(health, BodyHandlers.discarding()).statusCode() == 200) {
                        return;
                    }
                } catch (IOException e) {
                    // does not listen yet
                }
            }
        }
        throw new AssertionError("mlflow server does not answer:\n" + Files.readString(folder.resolve("log")));
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Ends the server with the processes that it started. */
    @Override
    public void close() {
        List<ProcessHandle> all = Stream.concat(server.descendants(), Stream.of(server.toHandle()))
                .toList();
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(process -> process.onExit().join());
    }
}

package org.millwright.app;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
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
import java.util.concurrent.locks.LockSupport;
import org.millwright.scoring.Python;

/** {@code mlflow models serve}, the real one, for a model in a folder. */
final class MlflowServe implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Process process;
    private final Path log;
    private final int port;

    MlflowServe(Python python, Path model, Path folder) {
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
            log = folder.resolve("mlflow.log");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var builder = new ProcessBuilder(List.of(
                python.bin().resolve("mlflow").toString(),
                "models",
                "serve",
                "--model-uri",
                model.toString(),
                "--env-manager",
                "local",
                "--host",
                "127.0.0.1",
                "--port",
                Integer.toString(port)));
        builder.environment().merge("PATH", python.bin().toString(), (path, bin) -> bin + File.pathSeparator + path);
        builder.directory(folder.toFile()).redirectErrorStream(true).redirectOutput(log.toFile());
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until it answers. */
    MlflowServe awaitReady() {
        long until = System.nanoTime() + PATIENCE.toNanos();
        try (var http = HttpClient.newHttpClient()) {
            while (System.nanoTime() < until && process.isAlive()) {
                try {
                    HttpRequest ping =
                            HttpRequest.newBuilder(URI.create(url() + "/ping")).build();
                    if (http.send(ping, BodyHandlers.discarding()).statusCode() == 200) {
                        return this;
                    }
                } catch (IOException e) {
                    LockSupport.parkNanos(20_000_000);
                }
            }
            throw new AssertionError("mlflow models serve did not become ready:\n" + Files.readString(log));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    String url() {
        return "http://127.0.0.1:" + port;
    }

    @Override
    public void close() {
        List<ProcessHandle> started = process.descendants().toList();
        started.forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}

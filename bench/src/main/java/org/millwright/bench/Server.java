package org.millwright.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.millwright.kernel.Json;

/**
 * A server in a process of its own.
 *
 * @param starting from the start of the process to its first healthy answer
 * @param beside what it needs and nobody else does: closed after it
 */
record Server(Process process, int port, Duration starting, Closing beside) implements AutoCloseable {
    /** Something to close. */
    interface Closing {
        void close();
    }

    Server with(Closing other) {
        return new Server(process, port, starting, other);
    }

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** @param start when the process was started, by {@link System#nanoTime} */
    static Server awaitHealthy(Process process, int port, long start) {
        return awaitHealthy(process, port, start, "/health");
    }

    /** @param path where it tells its health */
    static Server awaitHealthy(Process process, int port, long start, String path) {
        var health = ("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
        while (System.nanoTime() - start < PATIENCE.toNanos() && process.isAlive()) {
            try (var connection = new Connection(port)) {
                if (connection.ask(health) == 200) {
                    return new Server(process, port, Duration.ofNanos(System.nanoTime() - start), () -> {});
                }
            } catch (IOException e) {
                // not yet
            }
            LockSupport.parkNanos(Duration.ofMillis(2).toNanos());
        }
        process.destroy();
        throw new IllegalStateException("The server did not become healthy within " + PATIENCE.toSeconds() + " s");
    }

    /** CPU seconds that the process has used. */
    double cpu() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / 1e9;
    }

    /** Its resident memory in MB, as {@code ps} tells it. */
    double memory() {
        return memory(process.pid());
    }

    private static double memory(long pid) {
        try {
            Process ps = new ProcessBuilder("ps", "-o", "rss=", "-p", Long.toString(pid)).start();
            String text = new String(ps.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            return text.isBlank() ? 0 : Double.parseDouble(text.strip()) / 1024;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** CPU seconds of the process and of those that it started. */
    double cpuOfAll() {
        return all().mapToDouble(handle ->
                        handle.info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / 1e9)
                .sum();
    }

    /** Resident memory in MB of the process and of those that it started. */
    double memoryOfAll() {
        return all().mapToDouble(handle -> memory(handle.pid())).sum();
    }

    private Stream<ProcessHandle> all() {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants());
    }

    JsonNode get(String path) {
        return Json.parse(send(path, BodyHandlers.ofByteArray()).body());
    }

    Path download(String path, Path file) {
        return send(path, BodyHandlers.ofFile(file)).body();
    }

    private <T> HttpResponse<T> send(String path, HttpResponse.BodyHandler<T> handler) {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<T> answer = http.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                            .build(),
                    handler);
            if (answer.statusCode() != 200) {
                throw new IllegalStateException(path + " answered " + answer.statusCode());
            }
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        List<ProcessHandle> started = process.descendants().toList();
        process.destroy();
        started.forEach(ProcessHandle::destroy);
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            beside.close();
        }
    }
}

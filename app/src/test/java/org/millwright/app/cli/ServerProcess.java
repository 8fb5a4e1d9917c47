package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.millwright.app.Main;

/** {@code mw} as a process of its own, which can be killed as the system kills it. */
final class ServerProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Pattern PLACE = Pattern.compile("(?:Millwright|A scorer) is at (http://[^ ]*:(\\d+)/)");

    private final Path log;
    private final Process process;

    private ServerProcess(Path log, Process process) {
        this.log = log;
        this.process = process;
    }

    /** Starts {@code mw} with a command line; what it writes goes to a file beside the data. */
    static ServerProcess run(Path log, Map<String, String> environment, String... command) {
        var line = new ArrayList<String>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@../app/jvm.options",
                "@../app/server.options",
                "-XX:TieredStopAtLevel=1",
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        line.addAll(List.of(command));
        try {
            Files.createDirectories(log.getParent());
            var builder = new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(log.toFile());
            builder.environment().putAll(environment);
            return new ServerProcess(log, builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A server over a data folder on a free port; does not wait for it. */
    static ServerProcess begin(Path data) {
        Path log = data.resolveSibling(data.getFileName() + "-" + System.nanoTime() + ".log");
        return run(log, Map.of(), "serve", "--port", "0", "--data", data.toString());
    }

    /** A server that listens on that port. */
    static ServerProcess serve(Path data, int port) {
        Path log = data.resolveSibling(data.getFileName() + "-" + System.nanoTime() + ".log");
        ServerProcess server = run(log, Map.of(), "serve", "--port", Integer.toString(port), "--data", data.toString());
        server.port();
        return server;
    }

    /** A server that listens. */
    static ServerProcess serve(Path data) {
        ServerProcess server = begin(data);
        server.port();
        return server;
    }

    int port() {
        return Integer.parseInt(place().group(2));
    }

    String url() {
        return place().group(1);
    }

    private Matcher place() {
        return await("the server to listen", () -> {
            if (!process.isAlive()) {
                throw new AssertionError("The server ended with " + process.exitValue() + ":\n" + said());
            }
            Matcher place = PLACE.matcher(said());
            return place.find() ? place : null;
        });
    }

    /** The classes that it has loaded, as the JDK's own tool tells them. */
    String classes() {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        try {
            Process asked = new ProcessBuilder(jcmd.toString(), Long.toString(process.pid()), "VM.class_hierarchy")
                    .redirectErrorStream(true)
                    .start();
            return new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Everything that it wrote so far. */
    String said() {
        try {
            return Files.readString(log, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends it as a power failure would, and waits until it is gone. */
    void kill() {
        process.destroyForcibly();
        exit(PATIENCE);
    }

    /** Asks it to end (SIGTERM) and tells how long that took. */
    Duration terminate() {
        long start = System.nanoTime();
        process.destroy();
        exit(PATIENCE);
        return Duration.ofNanos(System.nanoTime() - start);
    }

    /** Waits for its own end. */
    int exit() {
        return exit(PATIENCE);
    }

    private int exit(Duration most) {
        try {
            if (!process.waitFor(most.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("Still running:\n" + said());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The answer of the server's API, as the local owner. */
    JsonNode get(String path) {
        return new Client(java.net.URI.create(url()), java.util.Optional.empty()).get(path);
    }

    /** What the supplier gives once it gives something; fails after a minute. */
    static <T> T await(String what, Supplier<T> condition) {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < until) {
            T found = condition.get();
            if (found != null) {
                return found;
            }
            java.util.concurrent.locks.LockSupport.parkNanos(5_000_000);
        }
        throw new AssertionError("Waited in vain for " + what);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}

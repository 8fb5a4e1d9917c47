package org.millwright.bench;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The Millwright that is measured.
 *
 * @param command what starts it, before the arguments
 */
record Product(List<String> command) {
    static Product at(Path root) {
        return new Product(List.of(root.resolve("mw").toString()));
    }

    /** Starts a command of it; what it says goes to the file, or nowhere. */
    Process start(File output, Map<String, String> environment, String... arguments) {
        var all = new ArrayList<>(command);
        all.addAll(List.of(arguments));
        var builder = new ProcessBuilder(all).redirectError(output);
        builder.environment().putAll(environment);
        try {
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts a server with that data and waits until it is healthy. */
    Server serve(Path data, String... more) {
        return serve(data, Map.of(), more);
    }

    Server serve(Path data, Map<String, String> environment, String... more) {
        int port = freePort();
        var arguments = new ArrayList<>(List.of("serve", "--port", Integer.toString(port), "--data", data.toString()));
        arguments.addAll(List.of(more));
        long start = System.nanoTime();
        Process process = start(new File("/dev/null"), environment, arguments.toArray(String[]::new));
        return Server.awaitHealthy(process, port, start);
    }

    static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

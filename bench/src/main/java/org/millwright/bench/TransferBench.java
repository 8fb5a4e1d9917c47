package org.millwright.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * A file through the artifact proxy, up and down, beside MLflow's; then a large one, and what memory the server has before and
 * after.
 *
 * @param megabytes of the file that is compared
 * @param large megabytes of the large one
 */
record TransferBench(Product product, Path kept, int rounds, int megabytes, int large, List<Peer> peers)
        implements Measurement {
    private static final int CHUNK = 1 << 20;

    @Override
    public void run(Report report) {
        var servers = new EnumMap<Peer, Server>(Peer.class);
        var folders = new EnumMap<Peer, Path>(Peer.class);
        try {
            for (Peer peer : peers) {
                folders.put(peer, Folders.temporary());
                servers.put(peer, peer.start(product, kept, folders.get(peer)));
            }
            compare(report, servers);
            servers.forEach((peer, server) -> {
                if (peer == Peer.MILLWRIGHT) {
                    large(report, server);
                }
            });
        } finally {
            servers.values().forEach(Server::close);
            folders.values().forEach(Folders::delete);
        }
    }

    private void compare(Report report, Map<Peer, Server> servers) {
        var up = new Table<>(peers);
        var down = new Table<>(peers);
        touchMemory();
        for (int round = -1; round < rounds; round++) {
            for (var server : servers.entrySet()) {
                String path = path(server.getValue(), "file" + round);
                double put = seconds(() -> put(server.getValue(), path, (long) megabytes * CHUNK));
                double get = seconds(() -> get(server.getValue(), path, (long) megabytes * CHUNK));
                if (round >= 0) {
                    up.add(server.getKey(), megabytes / put);
                    down.add(server.getKey(), megabytes / get);
                }
            }
        }
        up.print(
                report,
                "artifact of " + megabytes + " MB, up, hashed and synced",
                "%.0f MB/s",
                true,
                Map.of(Peer.MLFLOW, 2.0));
        down.print(report, "the same down, verified", "%.0f MB/s", true, Map.of(Peer.MLFLOW, 2.0));
    }

    private void large(Report report, Server server) {
        String path = path(server, "large");
        double before = server.memory();
        double put = seconds(() -> put(server, path, (long) large * CHUNK));
        double get = seconds(() -> get(server, path, (long) large * CHUNK));
        report.text(
                "memory, before and after %,d MB up and down".formatted(large),
                String.format(
                        java.util.Locale.ROOT,
                        "%.0f MB, %.0f MB; %.0f MB/s up, %.0f MB/s down",
                        before,
                        server.memory(),
                        large / put,
                        large / get));
    }

    private static String path(Server server, String name) {
        try (var client = new TrackingClient(server.port())) {
            return "/api/2.0/mlflow-artifacts/artifacts/0/" + client.run("0") + "/artifacts/" + name;
        }
    }

    /**
     * Writes and deletes more than all files that follow: on a virtual machine, pages of memory that were not used lately cost
     * more than all the rest of a transfer, and nobody knows whose turn meets them.
     */
    private void touchMemory() {
        Path folder = Folders.temporary();
        try (var out = Files.newOutputStream(folder.resolve("scratch"));
                var noise = new Noise(8L * (rounds + 1) * megabytes * CHUNK)) {
            noise.transferTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            Folders.delete(folder);
        }
    }

    private static double seconds(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) / 1e9;
    }

    private static void put(Server server, String path, long bytes) {
        int status = ask(
                server,
                connection ->
                        connection.send(head("PUT", path, "Content-Length: " + bytes + "\r\n"), new Noise(bytes)));
        if (status != 200) {
            throw new IllegalStateException(path + " answered " + status);
        }
    }

    private static void get(Server server, String path, long bytes) {
        long read = ask(server, connection -> connection.count(head("GET", path, "")));
        if (read != bytes) {
            throw new IllegalStateException(path + " gave " + read + " bytes (expected: " + bytes + ")");
        }
    }

    private interface Request<T> {
        T on(Connection connection) throws IOException;
    }

    private static <T> T ask(Server server, Request<T> request) {
        try (var connection = new Connection(server.port())) {
            return request.on(connection);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] head(String method, String path, String more) {
        return (method + " " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + more + "\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** Bytes that no two streams have in common, made once a mebibyte so that making them costs nothing. */
    private static final class Noise extends InputStream {
        private static final byte[] BLOCK = new byte[CHUNK];

        static {
            new SplittableRandom(1).nextBytes(BLOCK);
        }

        private final long seed = System.nanoTime();
        private long left;

        Noise(long bytes) {
            left = bytes;
        }

        @Override
        public int read() {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) {
            if (left == 0) {
                return -1;
            }
            int at = (int) Math.floorMod(seed + left, (long) CHUNK);
            int n = (int) Math.min(Math.min(left, length), CHUNK - at);
            System.arraycopy(BLOCK, at, bytes, offset, n);
            left -= n;
            return n;
        }
    }
}

package org.millwright.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * What MLflow's clients ask for, from this server and from two others side by side, each with SQLite, and from this one on
 * PostgreSQL: the rounds of the servers alternate, so that what else the machine does hits all of them.
 *
 * @param kept where peers and filled databases stay from one run to the next
 * @param rounds how often each is measured
 * @param runs how many runs searches look through
 */
record TrackingBench(Product product, Path kept, int rounds, int runs, int scale, List<Peer> peers)
        implements Measurement {
    private static final int POINTS = 100;
    /** How long each server answers a question before it is measured: the first answers are those of a cold program. */
    private static final Duration WARM = Duration.ofSeconds(4);

    /** How long a server is asked at most in a round. */
    private static final Duration MOST = Duration.ofSeconds(3);

    private static final Map<Peer, Integer> LOGS =
            Map.of(Peer.MILLWRIGHT, 40_000, Peer.POSTGRESQL, 10_000, Peer.FASTTRACKML, 4_000, Peer.MLFLOW, 400);

    @Override
    public void run(Report report) {
        var servers = new EnumMap<Peer, Target>(Peer.class);
        try {
            starts(report);
            for (Peer peer : peers) {
                servers.put(peer, target(peer));
            }
            throughput(report, servers);
            searches(report, servers);
            history(report, servers);
        } finally {
            servers.values().forEach(target -> target.server().close());
        }
    }

    /** A server that is measured, and what its requests are about. */
    record Target(Peer peer, Server server, String run, String filled) {}

    private void starts(Report report) {
        var seconds = new Table<>(peers);
        var memory = new Table<>(peers);
        for (int i = 0; i < Math.min(rounds, 3); i++) {
            for (Peer peer : peers) {
                Path data = Folders.temporary();
                try (Server server = peer.start(product, kept, data)) {
                    seconds.add(peer, server.starting().toNanos() / 1e9);
                    memory.add(peer, server.memoryOfAll());
                } finally {
                    Folders.delete(data);
                }
            }
        }
        seconds.print(report, "start to healthy, new data", "%.2f s", false, Map.of(Peer.MLFLOW, 20.0));
        memory.print(report, "memory of all its processes", "%.0f MB", false, Map.of(Peer.MLFLOW, 8.0));
    }

    Target target(Peer peer) {
        Path data = kept.resolve("tracking-" + peer.name().toLowerCase(Locale.ROOT) + "-" + runs);
        Path mark = data.resolve("filled");
        boolean there = peer.remembers() && Files.exists(mark);
        if (!there) {
            Folders.delete(data);
        }
        Server server = peer.start(product, kept, data);
        try (var client = new TrackingClient(server.port())) {
            String filled = there ? Files.readString(mark) : client.experiment("filled");
            if (!there) {
                fill(server.port(), filled);
                Files.writeString(mark, filled);
            }
            return new Target(peer, server, run(server), filled);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** By a connection of its own: while a server was filled, an older one may have been closed. */
    private static String run(Server server) {
        try (var client = new TrackingClient(server.port())) {
            return client.run("0");
        }
    }

    private void fill(int port, String experiment) {
        var next = new AtomicInteger();
        IntStream.range(0, 8)
                .mapToObj(i -> Thread.ofPlatform().start(() -> {
                    try (var client = new TrackingClient(port)) {
                        for (int n = next.getAndIncrement(); n < runs; n = next.getAndIncrement()) {
                            client.fill(experiment, n);
                        }
                    }
                }))
                .toList()
                .forEach(Load::join);
        if (next.get() < runs) {
            throw new IllegalStateException("Only " + next.get() + " of " + runs + " runs could be made");
        }
    }

    private void throughput(Report report, Map<Peer, Target> servers) {
        for (int connections : new int[] {8, 32}) {
            load(report, servers, "log-metric, " + connections + " connections", connections, 1, 10.0, 70.0, 1);
        }
        load(report, servers, "log-batch of 1,000 metrics, 4 connections", 4, 100, 8.0, 8.0, 1_000);
        for (int connections : new int[] {8, 32}) {
            load(report, servers, "create run, " + connections + " connections", connections, 4, 5.0, 5.0, 0);
        }
    }

    /** @param batch how many metrics a request logs; 0 for creating runs */
    private void load(
            Report report,
            Map<Peer, Target> servers,
            String what,
            int connections,
            int share,
            double fasttrackml,
            double mlflow,
            int batch) {
        var rates = new Table<>(peers);
        var cpu = new Table<>(peers);
        var p99 = new Table<>(peers);
        var failed = new EnumMap<Peer, Integer>(Peer.class);
        for (int round = -1; round < rounds; round++) {
            for (Target target : servers.values()) {
                int requests = Math.max(connections, LOGS.getOrDefault(target.peer(), 400) / share / scale);
                try (var client = new TrackingClient(target.server().port())) {
                    String run = client.run("0");
                    var requested = switch (batch) {
                        case 0 -> client.creates("0");
                        case 1 -> client.metrics(run);
                        default -> client.batches(run);
                    };
                    double before = target.server().cpuOfAll();
                    var result = Load.run(target.server().port(), connections, requests, requested);
                    failed.merge(target.peer(), result.failed(), Integer::sum);
                    if (result.failed() > 0 && target.peer() == Peer.MILLWRIGHT) {
                        throw new IllegalStateException(result.failed() + " requests failed: " + what + " " + target);
                    }
                    if (round >= 0) {
                        rates.add(target.peer(), result.perSecond() * Math.max(1, batch));
                        cpu.add(target.peer(), 1e3 * (target.server().cpuOfAll() - before) / requests);
                        p99.add(target.peer(), result.quantile(0.99));
                    }
                }
            }
        }
        rates.print(
                report,
                what,
                batch > 1 ? "%,.0f metrics/s" : "%,.0f req/s",
                true,
                Map.of(Peer.FASTTRACKML, fasttrackml, Peer.MLFLOW, mlflow));
        p99.print(report, "  p99", "%.1f ms", false, Map.of());
        cpu.print(report, "  CPU a request", "%.3f ms", false, Map.of());
        failed.values().removeIf(count -> count == 0);
        if (!failed.isEmpty()) {
            report.text("  requests that failed", failed.toString().toLowerCase(Locale.ROOT));
        }
    }

    private void searches(Report report, Map<Peer, Target> servers) {
        for (boolean filtered : new boolean[] {true, false}) {
            for (int page : new int[] {100, 1_000}) {
                String what = String.format(
                        Locale.ROOT, "search %,d runs, %s, page of %,d", runs, filtered ? "filtered" : "all", page);
                reads(report, servers, what, 12, Map.of(Peer.FASTTRACKML, 5.0, Peer.MLFLOW, 50.0), target -> {
                    try (var client = new TrackingClient(target.server().port())) {
                        return client.search(target.filled(), filtered, page);
                    }
                });
            }
        }
    }

    private void history(Report report, Map<Peer, Target> servers) {
        for (Target target : servers.values()) {
            try (var client = new TrackingClient(target.server().port())) {
                var batches = client.batches(target.run());
                for (int n = 0; n < POINTS * 10 / Math.min(scale, 10); n++) {
                    client.size(batches.apply(n));
                }
            }
        }
        reads(report, servers, "history of 100,000 points", 6, Map.of(Peer.FASTTRACKML, 8.0), target -> {
            try (var client = new TrackingClient(target.server().port())) {
                return client.history(target.run(), "b3");
            }
        });
    }

    private void reads(
            Report report,
            Map<Peer, Target> servers,
            String what,
            int times,
            Map<Peer, Double> goals,
            Function<Target, byte[]> request) {
        var millis = new Table<>(peers);
        for (int round = -1; round < rounds; round++) {
            for (Target target : servers.values()) {
                try (var client = new TrackingClient(target.server().port())) {
                    byte[] bytes = request.apply(target);
                    var took = new ArrayList<Double>();
                    long least = round < 0 ? WARM.toNanos() / scale : 0;
                    long begin = System.nanoTime();
                    for (long passed = 0;
                            passed < least || took.isEmpty() || (took.size() < times && passed < MOST.toNanos());
                            passed = System.nanoTime() - begin) {
                        long start = System.nanoTime();
                        client.size(bytes);
                        took.add((System.nanoTime() - start) / 1e6);
                    }
                    if (round >= 0) {
                        millis.add(
                                target.peer(),
                                Samples.of(took.stream().mapToDouble(x -> x).toArray())
                                        .median());
                    }
                }
            }
        }
        millis.print(report, what, "%.1f ms", false, goals);
    }
}

package org.millwright.bench;

import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.millwright.scoring.bundle.Bundle;

/**
 * The demo's model asked over REST and gRPC, monitored, beside the HTTP server alone, MLServer, {@code mlflow models serve}
 * and ONNX Runtime in this process. All are up and warm, by how much they answered; rounds take turns.
 *
 * @param warmUp requests of one row that each of our servers answers before, and a tenth of that of 100 rows
 * @param requests of one row in each of our rounds
 * @param peers whether the others are installed and asked as well
 */
record ServingBench(Product product, Path root, Path kept, int rounds, int warmUp, int requests, boolean peers)
        implements Measurement {
    private static final String DEPLOYMENT = EmbeddedBench.MODEL;
    private static final List<Integer> CONNECTIONS = List.of(1, 8, 32);
    private static final int BATCH = 100;
    private static final int BATCH_COSTS = 8;
    private static final int PEER_COSTS = 25;

    /** What answers. */
    private enum Who {
        REST,
        GRPC,
        BARE_ECHO,
        BARE_GRPC_ECHO,
        MLSERVER,
        MLFLOW_SERVE;

        boolean isPeer() {
            return this == MLSERVER || this == MLFLOW_SERVE;
        }
    }

    /** A server and the port for its clients. */
    private record Target(Server server, int port) {}

    /** Figures of the servers at some load. */
    private record Figures(Table<Who> rates, Table<Who> p50, Table<Who> p99, Table<Who> cpu) {
        Figures(List<Who> all) {
            this(new Table<>(all), new Table<>(all), new Table<>(all), new Table<>(all));
        }
    }

    @Override
    public void run(Report report) {
        Path data = LineBench.served(product, kept);
        Path folder = Folders.temporary();
        Map<Who, Target> targets = new LinkedHashMap<>();
        int grpc = Product.freePort();
        try (Server own = product.serve(data, "--grpc-port", Integer.toString(grpc))) {
            Bundle bundle = EmbeddedBench.bundle(own, folder, data.resolve("keys/bundles.pem.pub"));
            var one = ServingRequests.of(own, DEPLOYMENT, 1);
            var many = ServingRequests.of(own, DEPLOYMENT, BATCH);
            targets.put(Who.REST, new Target(own, own.port()));
            targets.put(Who.GRPC, new Target(own, grpc));
            int bareGrpc = Product.freePort();
            Server echo = ServingPeers.echo(root, bareGrpc);
            targets.put(Who.BARE_ECHO, new Target(echo, echo.port()));
            targets.put(Who.BARE_GRPC_ECHO, new Target(echo, bareGrpc));
            if (peers) {
                var others = new ServingPeers(kept, folder);
                Path model = others.model(own, "models:/" + DEPLOYMENT + "@champion");
                add(targets, Who.MLSERVER, others.mlserver(model, DEPLOYMENT, one.declared()));
                add(targets, Who.MLFLOW_SERVE, others.mlflowServe(model));
            }
            targets.forEach((who, target) -> {
                round(who, target, one, 8, count(who, warmUp, 1, 8));
                round(who, target, many, 8, count(who, warmUp, BATCH, 8));
            });
            measure(report, targets, one, 1, bundle);
            onOneCore(report, targets, one);
            measure(report, targets, many, BATCH, bundle);
            report.note("the embedded scorer and Python workers: mw bench embedded worker");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            targets.values().forEach(target -> target.server().close());
            Folders.delete(folder);
        }
    }

    private static void add(Map<Who, Target> targets, Who who, Server server) {
        targets.put(who, new Target(server, server.port()));
    }

    /** As many requests as take about as long as those of one row over REST. */
    private static int count(Who who, int requests, int rows, int connections) {
        int share = (who.isPeer() ? PEER_COSTS : 1) * (rows == 1 ? 1 : BATCH_COSTS) * (connections == 1 ? 3 : 1);
        return Math.max(2 * connections, requests / share);
    }

    private void measure(Report report, Map<Who, Target> targets, ServingRequests bodies, int rows, Bundle bundle)
            throws IOException {
        double[] limit = new double[rounds];
        for (int connections : CONNECTIONS) {
            var figures = new Figures(List.copyOf(targets.keySet()));
            for (int round = 0; round < rounds; round++) {
                for (var target : targets.entrySet()) {
                    measure(target.getKey(), target.getValue(), bodies, rows, connections, figures);
                }
                if (connections == 1) {
                    limit[round] = bare(bundle, bodies, rows, count(Who.REST, requests, rows, 1));
                }
            }
            String load = rows
                    + (rows == 1 ? " row, " : " rows, ")
                    + connections
                    + (connections == 1 ? " connection" : " connections");
            print(report, figures, load, connections);
            goals(report, figures, load, rows, connections);
            if (connections == 1) {
                report.figure(
                        "ONNX Runtime in process, " + rows + (rows == 1 ? " row" : " rows"),
                        Samples.of(limit),
                        "%.3f ms");
            }
            if (rows > 1 && connections < 32) {
                whole(report, figures, load, connections, limit);
            }
        }
    }

    /** One connection again without the kernel's choice of cores; a core has caches and a compiler to warm anew. */
    private void onOneCore(Report report, Map<Who, Target> targets, ServingRequests bodies) {
        var ours = new LinkedHashMap<>(targets);
        ours.keySet().retainAll(List.of(Who.REST, Who.GRPC));
        var figures = new Figures(List.copyOf(ours.keySet()));
        var core =
                OneCore.of(ours.values().stream().map(Target::server).distinct().toList());
        if (core.isEmpty()) {
            report.note("without taskset one core alone is not measured");
            return;
        }
        try (var held = core.orElseThrow()) {
            ours.forEach((who, target) -> round(who, target, bodies, 1, count(who, warmUp, 1, 1)));
            for (int round = 0; round < rounds; round++) {
                ours.forEach((who, target) -> measure(who, target, bodies, 1, 1, figures));
            }
        }
        print(report, figures, "1 row, 1 connection, all on one core", 1);
        Samples grpc = figures.rates().ratios(Who.GRPC, Who.REST);
        report.atLeast("gRPC by REST, req/s, 1 row, 1 connection, all on one core", grpc, "%.2f ×", 1);
    }

    private void measure(Who who, Target target, ServingRequests bodies, int rows, int connections, Figures figures) {
        int count = count(who, requests, rows, connections);
        double before = target.server().cpuOfAll();
        Load.Result result = round(who, target, bodies, connections, count);
        figures.cpu().add(who, 1e3 * (target.server().cpuOfAll() - before) / count);
        figures.rates().add(who, result.perSecond());
        figures.p50().add(who, result.quantile(0.5));
        figures.p99().add(who, result.quantile(0.99));
    }

    private static Load.Result round(Who who, Target target, ServingRequests bodies, int connections, int count) {
        Load.Result result = switch (who) {
            case GRPC, BARE_GRPC_ECHO ->
                Load.run(connections, count, () -> new GrpcClient(target.port(), bodies::grpc));
            case MLFLOW_SERVE -> Load.run(target.port(), connections, count, bodies::split);
            default -> Load.run(target.port(), connections, count, bodies::v2);
        };
        if (result.failed() > 0) {
            throw new IllegalStateException(result.failed() + " of " + count + " requests failed: "
                    + who.name().toLowerCase(Locale.ROOT));
        }
        return result;
    }

    /** The median milliseconds of a call that does nothing else, in one thread. */
    private static double bare(Bundle bundle, ServingRequests bodies, int rows, int calls) throws IOException {
        byte[] graph =
                Files.readAllBytes(bundle.folder().resolve(bundle.manifest().main()));
        var nanos = new long[calls];
        try (var runtime = new BareOnnx(graph, bundle.manifest().signature().names(), 1, rows)) {
            for (int i = -calls / 2; i < calls; i++) {
                long start = System.nanoTime();
                runtime.score(bodies.rows(i + calls));
                if (i >= 0) {
                    nanos[i] = System.nanoTime() - start;
                }
            }
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime cannot score the model", e);
        }
        Arrays.sort(nanos);
        return nanos[calls / 2] / 1e6;
    }

    private static void print(Report report, Figures figures, String load, int connections) {
        double times = connections == 1 ? 8 : 20;
        figures.rates().print(report, load, "%,.0f req/s", true, Map.of(Who.MLSERVER, times, Who.MLFLOW_SERVE, times));
        figures.p50().print(report, "  p50", "%.2f ms", false, Map.of());
        figures.p99().print(report, "  p99", "%.2f ms", false, Map.of(Who.MLSERVER, 1.0, Who.MLFLOW_SERVE, 1.0));
        figures.cpu().print(report, "  CPU a request", "%.3f ms", false, Map.of());
    }

    private static void goals(Report report, Figures figures, String load, int rows, int connections) {
        Samples grpc = figures.rates().ratios(Who.GRPC, Who.REST);
        report.atLeast("gRPC by REST, req/s, " + load, grpc, "%.2f ×", 1);
        if (rows == 1) {
            Samples share = figures.rates().ratios(Who.REST, Who.BARE_ECHO);
            report.atLeast("REST by bare echo, req/s, " + load, share, "%.2f ×", 0.75);
            Samples most = figures.rates().ratios(Who.BARE_GRPC_ECHO, Who.REST);
            report.figure("gRPC's bare echo by REST, the most that gRPC could be, " + load, most, "%.2f ×");
        }
        if (rows == 1 && connections > 1) {
            report.below("REST, CPU a request, " + load, figures.cpu().samples(Who.REST), "%.3f ms", 0.06);
        }
    }

    /** A batch by the sum of the runtime's call and the echo: as one client waits, else as the CPU is used. */
    private static void whole(Report report, Figures figures, String load, int connections, double[] limit) {
        Table<Who> table = connections == 1 ? figures.p50() : figures.cpu();
        List<Double> ours = table.values(Who.REST);
        List<Double> echo = table.values(Who.BARE_ECHO);
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < limit.length; round++) {
            ratios.add(ours.get(round) / (limit[round] + echo.get(round)));
        }
        report.below(
                (connections == 1 ? "p50" : "CPU") + " by runtime and echo, " + load,
                Samples.of(ratios.stream().mapToDouble(x -> x).toArray()),
                "%.2f ×",
                1.5);
    }
}

package org.millwright.bench;

import java.nio.file.Path;
import java.util.List;

/**
 * Single-row requests to the demo's deployment, every prediction under an id of its own so that its outcome could follow;
 * with monitoring and without, taking turns.
 *
 * @param requests of each round, after a third as many that warm the server up
 */
record ScoringBench(Product product, Path kept, int runs, int requests) implements Measurement {
    private static final int CONNECTIONS = 8;
    private static final String DEPLOYMENT = "flight-delays";

    /** @param cpu milliseconds of the server's CPU for each request */
    record Round(double perSecond, double p50, double p99, double cpu) {}

    @Override
    public void run(Report report) {
        Path data = LineBench.served(product, kept);
        var on = new Round[runs];
        var off = new Round[runs];
        for (int i = 0; i < runs; i++) {
            on[i] = round(data);
            off[i] = round(data, "--without-monitoring");
        }
        tell(report, "monitored", on);
        tell(report, "not monitored", off);
        var lost = new double[runs];
        var cpu = new double[runs];
        for (int i = 0; i < runs; i++) {
            lost[i] = 100 * (1 - on[i].perSecond() / off[i].perSecond());
            cpu[i] = 100 * (on[i].cpu() / off[i].cpu() - 1);
        }
        report.below("throughput that monitoring costs", Samples.of(lost), "%.1f %%", 5);
        report.figure("CPU that monitoring adds to a request", Samples.of(cpu), "%.1f %%");
    }

    private static void tell(Report report, String how, Round[] rounds) {
        String what = ", 1 row, " + CONNECTIONS + " connections, " + how;
        report.figure("requests a second" + what, samples(rounds, 0), "%.0f");
        report.figure("p50" + what, samples(rounds, 1), "%.2f ms");
        report.figure("p99" + what, samples(rounds, 2), "%.2f ms");
        report.figure("CPU of a request" + what, samples(rounds, 3), "%.3f ms");
    }

    private static Samples samples(Round[] rounds, int field) {
        var values = new double[rounds.length];
        for (int i = 0; i < rounds.length; i++) {
            Round round = rounds[i];
            values[i] = List.of(round.perSecond(), round.p50(), round.p99(), round.cpu())
                    .get(field);
        }
        return Samples.of(values);
    }

    private Round round(Path data, String... options) {
        try (Server server = product.serve(data, options)) {
            return round(server, ScoringRequests.of(server, DEPLOYMENT), requests);
        }
    }

    /** Warms the server up and measures it. */
    static Round round(Server server, ScoringRequests bodies, int requests) {
        require(Load.run(server.port(), CONNECTIONS, Math.max(1, requests / 3), bodies::next));
        double before = server.cpu();
        Load.Result result = Load.run(server.port(), CONNECTIONS, requests, bodies::next);
        require(result);
        double cpu = (server.cpu() - before) * 1000 / requests;
        return new Round(result.perSecond(), result.quantile(0.5), result.quantile(0.99), cpu);
    }

    private static void require(Load.Result result) {
        if (result.failed() > 0) {
            throw new IllegalStateException(result.failed() + " requests were not answered with 200");
        }
    }
}

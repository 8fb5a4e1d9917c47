package org.millwright.bench;

import java.nio.file.Path;
import java.util.List;

/**
 * Single-row requests to the demo's deployment, with monitoring and without: as clients usually send them, and every one
 * under an id of its own, so that monitoring keeps it for its outcome. Both servers are up and warm; rounds take turns.
 *
 * @param warmUp requests that each server answers before: its compiler is busy for as long
 * @param requests of each round
 */
record ScoringBench(Product product, Path kept, int runs, int warmUp, int requests) implements Measurement {
    private static final int CONNECTIONS = 8;
    private static final String DEPLOYMENT = "flight-delays";

    /** @param cpu milliseconds of the server's CPU for each request */
    record Round(double perSecond, double p50, double p99, double cpu) {}

    @Override
    public void run(Report report) {
        Path data = LineBench.served(product, kept);
        Path copy = Folders.temporary();
        try {
            Folders.copy(data, copy, "environments");
            try (Server off = product.serve(data, "--without-monitoring");
                    Server on = product.serve(copy)) {
                run(report, off, on);
            }
        } finally {
            Folders.delete(copy);
        }
    }

    private void run(Report report, Server off, Server on) {
        var plain = ScoringRequests.of(on, DEPLOYMENT, false);
        var named = ScoringRequests.of(on, DEPLOYMENT, true);
        for (Server server : List.of(off, on)) {
            round(server, plain, warmUp - warmUp / 2);
            round(server, named, warmUp / 2);
        }
        var rounds = new Round[4][runs];
        for (int i = 0; i < runs; i++) {
            rounds[0][i] = round(off, plain, requests);
            rounds[1][i] = round(on, plain, requests);
            rounds[2][i] = round(off, named, requests);
            rounds[3][i] = round(on, named, requests);
        }
        tell(report, "not monitored", rounds[0]);
        tell(report, "monitored", rounds[1]);
        tell(report, "with ids, not monitored", rounds[2]);
        tell(report, "with ids, monitored", rounds[3]);
        report.below("throughput that monitoring costs", share(rounds[1], rounds[0]), "%.1f %%", 5);
        report.figure("the same, each prediction kept for its outcome", share(rounds[3], rounds[2]), "%.1f %%");
    }

    /** How many percent of the throughput are lost, by pairs of rounds that followed each other. */
    private static Samples share(Round[] on, Round[] off) {
        var lost = new double[on.length];
        for (int i = 0; i < lost.length; i++) {
            lost[i] = 100 * (1 - on[i].perSecond() / off[i].perSecond());
        }
        return Samples.of(lost);
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

    static Round round(Server server, ScoringRequests bodies, int requests) {
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

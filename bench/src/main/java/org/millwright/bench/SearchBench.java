package org.millwright.bench;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Searches over very many runs, which stay filled from one run of the bench to the next.
 *
 * @param runs how many runs there are
 */
record SearchBench(Product product, Path kept, int rounds, int runs) implements Measurement {
    @Override
    public void run(Report report) {
        var tracking = new TrackingBench(product, kept, rounds, runs, 1, List.of(Peer.MILLWRIGHT));
        Map<String, String> searches = new LinkedHashMap<>();
        searches.put(
                "metric and parameter, by metric",
                "\"filter\":\"metrics.m1 > 0.5 and params.p1 = 'v3'\"," + "\"order_by\":[\"metrics.m0 DESC\"]");
        searches.put("everything, newest first", "\"filter\":\"\"");
        searches.put("everything, by metric", "\"order_by\":[\"metrics.m0 ASC\"]");
        searches.put(
                "rare metric values, by another",
                "\"filter\":\"metrics.m1 > 0.999\",\"order_by\":[\"metrics.m0 DESC\"]");
        searches.put("one name", "\"filter\":\"attributes.run_name = 'run-77'\"");
        TrackingBench.Target target = tracking.target(Peer.MILLWRIGHT);
        try (Server server = target.server();
                var client = new TrackingClient(server.port())) {
            searches.forEach((what, query) -> {
                byte[] request = client.request(
                        "POST",
                        "runs/search",
                        "{\"experiment_ids\":[\"" + target.filled() + "\"],\"max_results\":100," + query + "}");
                var millis = new double[rounds * 5];
                client.size(request);
                for (int i = 0; i < millis.length; i++) {
                    long start = System.nanoTime();
                    client.size(request);
                    millis[i] = (System.nanoTime() - start) / 1e6;
                }
                report.below(
                        String.format(Locale.ROOT, "page of 100 of %,d runs: %s", runs, what),
                        Samples.of(millis),
                        "%.1f ms",
                        100);
            });
        }
    }
}

package org.millwright.app.cli;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webclient.http1.Http1Client;
import io.helidon.webclient.http1.Http1ClientResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.millwright.kernel.Json;

/** Sends rows over several connections, in order of time, and shows how it goes. */
final class ReplaySender {
    private static final int LABELS = 1_000;

    private static final HeaderName VERSION = HeaderNames.create("x-mw-model-version");

    private final Client client;
    private final Http1Client http;
    private final Screen screen;
    private final String deployment;
    private final int connections;

    ReplaySender(Client client, Screen screen, String deployment, int connections) {
        this.client = client;
        this.http = client.quick(connections);
        this.screen = screen;
        this.deployment = deployment;
        this.connections = connections;
    }

    /** How the requests went; how many each version answered. */
    record Sent(
            int requests,
            int failed,
            double perSecond,
            String p50,
            String p99,
            Map<String, Integer> versions,
            String firstFailure) {}

    /** What the senders share. */
    private static final class Tally {
        final AtomicInteger next = new AtomicInteger();
        final AtomicInteger done = new AtomicInteger();
        final AtomicInteger failed = new AtomicInteger();
        final AtomicReference<String> failure = new AtomicReference<>("");
        final Map<String, Integer> versions = new TreeMap<>();
        final long[] nanos;

        Tally(int rows) {
            nanos = new long[rows];
        }

        synchronized void answeredBy(String version) {
            versions.merge(version, 1, Integer::sum);
        }

        void fail(String why) {
            failed.incrementAndGet();
            failure.compareAndSet("", why);
        }
    }

    Sent send(List<ReplayRows.Row> rows) {
        var tally = new Tally(rows.size());
        long start = System.nanoTime();
        var working = new CountDownLatch(connections);
        for (int i = 0; i < connections; i++) {
            Thread.startVirtualThread(() -> {
                try {
                    work(rows, tally);
                } finally {
                    working.countDown();
                }
            });
        }
        try {
            while (!working.await(150, TimeUnit.MILLISECONDS)) {
                show(tally.done.get(), rows.size(), System.nanoTime() - start);
            }
        } catch (InterruptedException e) {
            tally.next.set(rows.size());
            Thread.currentThread().interrupt();
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        screen.settle();
        long[] sorted = tally.nanos.clone();
        Arrays.sort(sorted);
        return new Sent(
                rows.size(),
                tally.failed.get(),
                rows.size() / seconds,
                quantile(sorted, 0.5),
                quantile(sorted, 0.99),
                Map.copyOf(tally.versions),
                tally.failure.get());
    }

    private void work(List<ReplayRows.Row> rows, Tally tally) {
        String path = "/v2/models/" + Client.part(deployment) + "/infer";
        for (int i = tally.next.getAndIncrement(); i < rows.size(); i = tally.next.getAndIncrement()) {
            long start = System.nanoTime();
            try {
                try (Http1ClientResponse answer = http.post(path)
                        .header(HeaderValues.CONTENT_TYPE_JSON)
                        .submit(rows.get(i).body())) {
                    byte[] body = answer.as(byte[].class);
                    tally.nanos[i] = System.nanoTime() - start;
                    if (answer.status().code() == 200) {
                        tally.answeredBy(answer.headers().first(VERSION).orElse("?"));
                    } else {
                        tally.fail(answer.status().code() + " " + new String(body, StandardCharsets.UTF_8));
                    }
                }
            } catch (RuntimeException e) {
                tally.fail(String.valueOf(e.getMessage()));
            }
            tally.done.incrementAndGet();
        }
    }

    private void show(int done, int all, long nanos) {
        double rate = done / (nanos / 1e9);
        double left = rate == 0 ? 0 : (all - done) / rate;
        screen.live(List.of(String.format(
                Locale.ROOT,
                "  %s %s  %,d of %,d requests  %,.0f a second  %.0f s left",
                screen.busy("●"),
                screen.busy(Texts.bar((double) done / Math.max(1, all), 20)),
                done,
                all,
                rate,
                left)));
    }

    private static String quantile(long[] sorted, double share) {
        if (sorted.length == 0) {
            return "";
        }
        int index = Math.min(sorted.length - 1, (int) Math.ceil(share * sorted.length) - 1);
        return String.format(Locale.ROOT, "%.2f ms", sorted[Math.max(0, index)] / 1e6);
    }

    /** Sends the outcomes that are known; returns how many. */
    int label(List<ReplayRows.Row> rows) {
        List<ReplayRows.Row> known =
                rows.stream().filter(row -> row.label() != null).toList();
        for (int from = 0; from < known.size(); from += LABELS) {
            var labels = Json.array();
            for (ReplayRows.Row row : known.subList(from, Math.min(known.size(), from + LABELS))) {
                labels.addObject().put("id", row.id()).set("value", row.label());
            }
            client.post("/api/1/deployments/" + Client.part(deployment) + "/labels", labels);
            screen.live(List.of("  " + screen.busy("●") + " " + Texts.count(Math.min(known.size(), from + LABELS))
                    + " of " + Texts.count(known.size()) + " outcomes"));
        }
        screen.settle();
        return known.size();
    }

    /** Says that nothing older will follow, so that the windows before it can be judged. */
    void watermark(Instant time) {
        client.post(
                "/api/1/deployments/" + Client.part(deployment) + "/watermark",
                Json.object().put("time", time.toString()));
    }
}

package org.millwright.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.IntFunction;
import org.millwright.kernel.Json;

/** The requests of MLflow's clients, as bytes. */
final class TrackingClient implements AutoCloseable {
    private static final int BATCH = 1_000;
    private static final long TIME = 1_700_000_000_000L;

    private final int port;
    private final Connection connection;

    TrackingClient(int port) {
        this.port = port;
        try {
            this.connection = new Connection(port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    JsonNode post(String path, String body) {
        try {
            return Json.parse(connection.body(request("POST", path, body)));
        } catch (IOException e) {
            throw new UncheckedIOException(path + ": " + e.getMessage(), e);
        }
    }

    /** Bytes of the answer. */
    int size(byte[] request) {
        try {
            return connection.body(request).length;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    byte[] request(String method, String path, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        byte[] head = (method + " /api/2.0/mlflow/" + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + port
                        + (body.isEmpty()
                                ? ""
                                : "\r\nContent-Type: application/json\r\nContent-Length: " + bytes.length)
                        + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        var all = new byte[head.length + bytes.length];
        System.arraycopy(head, 0, all, 0, head.length);
        System.arraycopy(bytes, 0, all, head.length, bytes.length);
        return all;
    }

    String experiment(String name) {
        return post("experiments/create", "{\"name\":\"" + name + "\"}")
                .path("experiment_id")
                .asText();
    }

    String run(String experiment) {
        return post("runs/create", create(experiment, 0, TIME))
                .path("run")
                .path("info")
                .path("run_id")
                .asText();
    }

    /** @param start of the run, in milliseconds since the epoch */
    private static String create(String experiment, int n, long start) {
        return "{\"experiment_id\":\"" + experiment + "\",\"start_time\":" + start
                + ",\"run_name\":\"run-" + n + "\",\"tags\":[{\"key\":\"mlflow.user\",\"value\":\"ana\"},"
                + "{\"key\":\"mlflow.source.name\",\"value\":\"train.py\"}]}";
    }

    /** Runs that start now, as clients make them. */
    IntFunction<byte[]> creates(String experiment) {
        return n -> request("POST", "runs/create", create(experiment, n, System.currentTimeMillis()));
    }

    /** One value a request, of ten keys. */
    IntFunction<byte[]> metrics(String run) {
        return n -> request(
                "POST",
                "runs/log-metric",
                "{\"run_id\":\"" + run + "\",\"run_uuid\":\"" + run + "\",\"key\":\"m" + n % 10 + "\",\"value\":"
                        + 1.0 / (n + 1) + ",\"timestamp\":" + (TIME + n) + ",\"step\":" + n + "}");
    }

    /** A thousand values a request. */
    IntFunction<byte[]> batches(String run) {
        return n -> {
            var body = new StringBuilder(90 * BATCH)
                    .append("{\"run_id\":\"")
                    .append(run)
                    .append("\",\"run_uuid\":\"")
                    .append(run)
                    .append("\",\"metrics\":[");
            for (int i = 0; i < BATCH; i++) {
                int step = n * BATCH + i;
                body.append(i == 0 ? "" : ",")
                        .append("{\"key\":\"b")
                        .append(i % 10)
                        .append("\",\"value\":")
                        .append(0.5 + i / 7.0)
                        .append(",\"timestamp\":")
                        .append(TIME + step)
                        .append(",\"step\":")
                        .append(step)
                        .append('}');
            }
            return request("POST", "runs/log-batch", body.append("]}").toString());
        };
    }

    /** A run with ten metrics and five parameters, by its number. */
    void fill(String experiment, int n) {
        String run = post("runs/create", create(experiment, n, TIME + n * 7_919L % 1_000_000_000L))
                .path("run")
                .path("info")
                .path("run_id")
                .asText();
        var body = new StringBuilder("{\"run_id\":\"").append(run).append("\",\"metrics\":[");
        for (int i = 0; i < 10; i++) {
            body.append(String.format(
                    Locale.ROOT,
                    "%s{\"key\":\"m%d\",\"value\":%.9f,\"timestamp\":%d,\"step\":0}",
                    i == 0 ? "" : ",",
                    i,
                    share(n, i),
                    TIME));
        }
        body.append("],\"params\":[");
        for (int i = 0; i < 5; i++) {
            body.append(i == 0 ? "" : ",")
                    .append("{\"key\":\"p")
                    .append(i)
                    .append("\",\"value\":\"v")
                    .append((int) (10 * share(n, 100 + i)))
                    .append("\"}");
        }
        post("runs/log-batch", body.append("]}").toString());
    }

    /** A number from 0 to 1 that looks random and is the same in every run. */
    private static double share(int n, int i) {
        return (new java.util.SplittableRandom(n * 1_000L + i).nextLong() >>> 11) * 0x1.0p-53;
    }

    byte[] search(String experiment, boolean filtered, int page) {
        return request(
                "POST",
                "runs/search",
                "{\"experiment_ids\":[\"" + experiment + "\"],\"max_results\":" + page
                        + (filtered ? ",\"filter\":\"metrics.m1 > 0.5 and params.p1 = 'v3'\"" : "")
                        + ",\"order_by\":[\"metrics.m0 DESC\"]}");
    }

    byte[] history(String run, String key) {
        return request("GET", "metrics/get-history?run_id=" + run + "&metric_key=" + key + "&max_results=200000", "");
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

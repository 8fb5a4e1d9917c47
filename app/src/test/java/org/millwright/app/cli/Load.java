package org.millwright.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.millwright.app.Wire;
import org.millwright.kernel.Json;

/**
 * MLflow clients that log and upload without pause, until the server is gone, and remember what it acknowledged.
 *
 * <p>One more client stops in the middle of a large upload and never goes on.
 */
final class Load implements AutoCloseable {
    private static final String HALF = "half.bin";
    private static final int LARGE = 4 << 20;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    /** Metrics of each run: the first so many steps are acknowledged. */
    private final Map<String, AtomicInteger> steps = new ConcurrentHashMap<>();

    private final Set<String> files = ConcurrentHashMap.newKeySet();
    private final List<Thread> clients = new ArrayList<>();
    private final List<Wire> halves = new ArrayList<>();
    private final AtomicInteger acknowledged = new AtomicInteger();
    private int generation;

    /** Begins against the server; all clients of before are over. */
    void begin(int port) {
        generation++;
        acknowledged.set(0);
        for (int i = 0; i < 3; i++) {
            String run = run(port);
            clients.add(Thread.startVirtualThread(() -> log(port, run)));
            String name = "g" + generation + "-c" + i + "-";
            clients.add(Thread.startVirtualThread(() -> upload(port, run, name)));
        }
        String path = place(steps.keySet().iterator().next(), HALF);
        halves.add(new Wire(port).send(Wire.head("PUT", path, LARGE)).send(new byte[LARGE / 2]));
    }

    /** Waits until the server has acknowledged so many requests since the beginning. */
    void awaitAcknowledged(int many) {
        ServerProcess.await(many + " acknowledged requests", () -> acknowledged.get() >= many ? true : null);
    }

    /** Waits for the clients, which end with their server. */
    void awaitEnd() {
        for (Thread client : clients) {
            try {
                assertThat(client.join(Duration.ofSeconds(30))).isTrue();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        clients.clear();
        close();
    }

    private String run(int port) {
        var made = send(post(port, "runs/create", "{\"experiment_id\": \"0\"}"));
        String id = Json.parse(made.body()).at("/run/info/run_id").asText();
        assertThat(id).hasSize(32);
        steps.put(id, new AtomicInteger());
        return id;
    }

    private void log(int port, String run) {
        AtomicInteger done = steps.get(run);
        boolean goesOn = true;
        while (goesOn) {
            String metric = "{\"run_id\": \"" + run + "\", \"metrics\": [{\"key\": \"loss\", \"value\": "
                    + value(done.get()) + ", \"timestamp\": 1, \"step\": " + done.get() + "}]}";
            goesOn = isAcknowledged(post(port, "runs/log-batch", metric));
            if (goesOn) {
                done.incrementAndGet();
            }
        }
    }

    private void upload(int port, String run, String prefix) {
        boolean goesOn = true;
        for (int i = 0; goesOn; i++) {
            String path = place(run, prefix + i);
            goesOn = isAcknowledged(request(port, path)
                    .PUT(BodyPublishers.ofByteArray(bytes(prefix + i)))
                    .build());
            if (goesOn) {
                files.add(path);
            }
        }
    }

    private boolean isAcknowledged(HttpRequest request) {
        try {
            boolean taken = http.send(request, BodyHandlers.discarding()).statusCode() == 200;
            if (taken) {
                acknowledged.incrementAndGet();
            }
            return taken;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What was acknowledged at a moment: steps by run, and files. */
    record Acknowledged(Map<String, Integer> steps, Set<String> files) {}

    Acknowledged acknowledged() {
        var now = new HashMap<String, Integer>();
        steps.forEach((run, done) -> now.put(run, done.get()));
        return new Acknowledged(now, Set.copyOf(files));
    }

    /** Everything that was acknowledged is there and as it was sent, and nothing is there by half. */
    void verify(int port) {
        verify(port, acknowledged());
    }

    /** The same of a copy that was begun when so much was acknowledged. */
    void verify(int port, Acknowledged least) {
        least.steps().forEach((run, done) -> {
            JsonNode metrics = json(
                            port,
                            "/api/2.0/mlflow/metrics/get-history?run_id=" + run + "&metric_key=loss&max_results=25000")
                    .path("metrics");
            assertThat(metrics.size()).isBetween(done, steps.get(run).get() + 1);
            for (int i = 0; i < metrics.size(); i++) {
                assertThat(metrics.path(i).path("step").asInt()).isEqualTo(i);
                assertThat(metrics.path(i).path("value").asDouble()).isEqualTo(value(i));
            }
            for (JsonNode file :
                    json(port, "/api/2.0/mlflow/artifacts/list?run_id=" + run).path("files")) {
                String name = file.path("path").asText();
                assertThat(name).isNotEqualTo(HALF);
                byte[] kept = send(request(port, place(run, name)).GET().build(), BodyHandlers.ofByteArray())
                        .body();
                assertThat(kept).as(name).isEqualTo(bytes(name));
            }
        });
        for (String path : least.files()) {
            assertThat(send(request(port, path).GET().build()).statusCode())
                    .as(path)
                    .isEqualTo(200);
        }
    }

    private static String place(String run, String name) {
        return "/api/2.0/mlflow-artifacts/artifacts/0/" + run + "/artifacts/" + name;
    }

    private static double value(int step) {
        return 1.0 / (1 + step);
    }

    /** Up to 200 kB that the name decides. */
    private static byte[] bytes(String name) {
        var random = new Random(name.hashCode());
        var bytes = new byte[1 + random.nextInt(200_000)];
        random.nextBytes(bytes);
        return bytes;
    }

    private JsonNode json(int port, String path) {
        HttpResponse<String> answer = send(request(port, path).GET().build());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return Json.parse(answer.body());
    }

    private static HttpRequest post(int port, String endpoint, String body) {
        return request(port, "/api/2.0/mlflow/" + endpoint)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build();
    }

    private static HttpRequest.Builder request(int port, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(30));
    }

    private HttpResponse<String> send(HttpRequest request) {
        return send(request, BodyHandlers.ofString());
    }

    private <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
        try {
            return http.send(request, handler);
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(request.uri() + " was not answered", e);
        }
    }

    @Override
    public void close() {
        halves.forEach(Wire::close);
        halves.clear();
    }
}

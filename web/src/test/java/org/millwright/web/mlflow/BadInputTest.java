package org.millwright.web.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.millwright.kernel.Json;
import org.millwright.kernel.OnDatabases;

/** Odd but honest input, clients that race, and clients that go in the middle. */
@ParameterizedClass
@MethodSource("org.millwright.kernel.OnDatabases#each")
final class BadInputTest {
    private static final String MEGABYTE = "x".repeat(1 << 20);

    private final MlflowServer server;

    BadInputTest(OnDatabases.Maker maker) {
        server = new MlflowServer(maker.make(), false, 100_000_000);
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void emojiAndTextThatRunsFromRightToLeftSurvive() {
        String odd = "🧑‍🚀\u202Eabc\u202C שלום ｆｕｌｌ ẍ̃";
        String id = server.post("experiments/create", Json.write(Json.object().put("name", odd)))
                .json()
                .path("experiment_id")
                .asText();
        assertThat(server.get("experiments/get?experiment_id=" + id)
                        .json()
                        .at("/experiment/name")
                        .asText())
                .isEqualTo(odd);
        String run = run();
        for (String path : List.of("runs/log-parameter", "runs/set-tag")) {
            assertThat(server.post(
                                    path,
                                    Json.write(Json.object()
                                            .put("run_id", run)
                                            .put("key", "k")
                                            .put("value", odd)))
                            .status())
                    .isEqualTo(200);
        }
        JsonNode data = server.get("runs/get?run_id=" + run).json().at("/run/data");
        assertThat(data.at("/params/0/value").asText()).isEqualTo(odd);
        JsonNode found = server.post(
                        "runs/search",
                        Json.write(Json.object()
                                .put("filter", "params.k = '" + odd + "'")
                                .set("experiment_ids", Json.tree(List.of("0")))))
                .json();
        assertThat(found.path("runs")).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "experiments/create, name",
        "registered-models/create, name",
        "runs/create, run_name",
        "runs/set-tag, key",
        "runs/log-metric, key",
        "runs/log-parameter, key",
        "logged-models, name",
        "webhooks, name",
        "users/create, username"
    })
    void namesOfAMegabyteAndNulsAreRefusedInOneLine(String path, String field) {
        for (String name : List.of(MEGABYTE, "a\0b", "\0")) {
            var message = Json.object()
                    .put("experiment_id", "0")
                    .put("run_id", run())
                    .put("value", "1")
                    .put("timestamp", 1)
                    .put("url", "https://example.invalid/x")
                    .put("password", "a long password")
                    .put(field, name);
            message.putArray("events")
                    .addObject()
                    .put("entity", "MODEL_VERSION")
                    .put("action", "CREATED");
            var answer = server.post(path, Json.write(message));
            assertThat(answer.status())
                    .as(path + " " + answer.message().length())
                    .isEqualTo(400);
            assertThat(answer.code()).isEqualTo("INVALID_PARAMETER_VALUE");
            assertThat(answer.message().length()).isLessThan(1_500);
        }
    }

    @Test
    void numbersAtTheEdgesAreKept() {
        String run = run();
        String[] values = {"1e12", "-1e12", "1.7976931348623157e308", "5e-324", "0.1"};
        for (int i = 0; i < values.length; i++) {
            var answer = server.post(
                    "runs/log-metric",
                    "{\"run_id\":\"" + run + "\",\"key\":\"m" + i + "\",\"value\":" + values[i]
                            + ",\"timestamp\":9007199254740993,\"step\":-9223372036854775808}");
            assertThat(answer.status()).as(answer.message()).isEqualTo(200);
        }
        for (JsonNode metric : server.get("runs/get?run_id=" + run).json().at("/run/data/metrics")) {
            int i = Integer.parseInt(metric.path("key").asText().substring(1));
            assertThat(metric.path("value").asDouble()).isEqualTo(Double.parseDouble(values[i]));
            assertThat(metric.path("step").asLong()).isEqualTo(Long.MIN_VALUE);
            assertThat(metric.path("timestamp").asLong()).isEqualTo(9_007_199_254_740_993L);
        }
    }

    @ParameterizedTest
    @CsvSource({"-1", "-9223372036854775808"})
    void timesBefore1970AreRefused(String time) {
        String run = run();
        var answer = server.post(
                "runs/log-metric", "{\"run_id\":\"" + run + "\",\"key\":\"m\",\"value\":1,\"timestamp\":" + time + "}");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.message()).contains("timestamp");
    }

    @Test
    void ofTwoClientsThatMoveAnAliasTheLastOneWinsAndNothingIsTorn() throws Exception {
        server.post("registered-models/create", "{\"name\":\"m\"}");
        for (int i = 0; i < 2; i++) {
            server.post("model-versions/create", "{\"name\":\"m\",\"source\":\"s3://b/" + i + "\"}");
        }
        var moves = new ArrayList<Callable<Integer>>();
        for (int i = 0; i < 40; i++) {
            String body = "{\"name\":\"m\",\"alias\":\"best\",\"version\":\"" + (1 + i % 2) + "\"}";
            moves.add(() -> server.post("registered-models/alias", body).status());
        }
        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var moved : pool.invokeAll(moves)) {
                assertThat(moved.get()).isEqualTo(200);
            }
        }
        JsonNode aliases = server.get("registered-models/get?name=m").json().at("/registered_model/aliases");
        assertThat(aliases).hasSize(1);
        String last = server.tracking
                .ledger
                .about("model:m")
                .getLast()
                .details()
                .path("version")
                .asText();
        assertThat(aliases.get(0).path("version").asText()).isEqualTo(last);
        assertThat(server.get("registered-models/alias?name=m&alias=best")
                        .json()
                        .at("/model_version/version")
                        .asText())
                .isEqualTo(last);
    }

    @Test
    void ofTwoClientsThatLogAParameterOneIsRefused() throws Exception {
        String run = run();
        var logs = new ArrayList<Callable<Integer>>();
        for (int i = 0; i < 20; i++) {
            String body = "{\"run_id\":\"" + run + "\",\"key\":\"p\",\"value\":\"" + i % 2 + "\"}";
            logs.add(() -> server.post("runs/log-parameter", body).status());
        }
        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            var statuses = new ArrayList<Integer>();
            for (var logged : pool.invokeAll(logs)) {
                statuses.add(logged.get());
            }
            assertThat(statuses).containsOnly(200, 400);
            assertThat(statuses.stream().filter(status -> status == 200)).hasSize(10);
        }
    }

    @Test
    void aClientThatGoesInMidUploadLeavesNothing() throws Exception {
        String path = "/api/2.0/mlflow-artifacts/artifacts/0/" + run() + "/artifacts/half.bin";
        for (boolean chunked : new boolean[] {false, true}) {
            try (var socket =
                    new Socket("127.0.0.1", Integer.parseInt(server.url().replaceFirst(".*:", "")))) {
                String head = "PUT " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                        + (chunked ? "Transfer-Encoding: chunked\r\n\r\n1000\r\n" : "Content-Length: 1000000\r\n\r\n");
                socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
                socket.getOutputStream().write(new byte[4_096]);
                socket.getOutputStream().flush();
                socket.setSoLinger(true, 0);
            }
        }
        var gone = new LinkedBlockingQueue<Boolean>();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (leftovers() > 0 && System.nanoTime() < deadline) {
            assertThat(gone.poll(20, TimeUnit.MILLISECONDS)).isNull();
        }
        assertThat(leftovers()).isZero();
        assertThat(server.call("GET", path, Optional.empty(), "").status()).isEqualTo(404);
        assertThat(server.call("PUT", path, Optional.of(new byte[] {1}), "").status())
                .isEqualTo(200);
    }

    private long leftovers() throws IOException {
        try (var files = java.nio.file.Files.list(server.tracking.folder.resolve("artifacts/incoming"))) {
            return files.count();
        }
    }

    private String run() {
        return server.post("runs/create", "{\"experiment_id\":\"0\",\"start_time\":5}")
                .json()
                .at("/run/info/run_id")
                .asText();
    }
}

package org.millwright.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.identity.Role;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.replica.ReplicaSettings;
import org.millwright.scoring.Frame;
import org.millwright.scoring.signing.SigningKey;
import org.millwright.scoring.signing.TrustedKey;
import org.millwright.serving.TestBundles;
import org.millwright.web.WebSettings;

/** A process that only scores, beside a server that asks for credentials. */
class ScorerProcessTest {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

    @TempDir
    Path folder;

    private Map<String, String> traces = Map.of();

    private ScorerProcess scorer(PullServer server, String who, TrustedKey key) {
        var settings = new ReplicaSettings(
                URI.create(server.url()),
                server.token(who),
                folder.resolve("cache"),
                List.of(key),
                Set.of(),
                Duration.ofMillis(100));
        return ScorerProcess.start(
                new WebSettings("127.0.0.1", 0, true, Set.of()), Optional.of(0), settings, traces, Clock.systemUTC());
    }

    private static TrustedKey key(PullServer server) throws IOException {
        return TrustedKey.fromPem(Files.readString(server.key()));
    }

    private static HttpResponse<String> score(int port, String token, ObjectNode body) {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/deployments/delays/invocations"))
                .header("Content-Type", "application/json")
                .header("traceparent", "00-" + TRACE + "-00f067aa0ba902b7-01")
                .POST(BodyPublishers.ofString(body.toString()));
        return send(token.isEmpty() ? request : request.header("Authorization", "Bearer " + token));
    }

    private static HttpResponse<String> get(int port, String path, String token) {
        return send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("Authorization", "Bearer " + token));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return HTTP.send(request.build(), BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError("not answered", e);
        }
    }

    private static void await(String what, BooleanSupplier condition) {
        long until = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited for " + what).isLessThan(until);
            LockSupport.parkNanos(5_000_000);
        }
    }

    private static ObjectNode rows() {
        Frame rows = TestBundles.rows();
        ObjectNode body = Json.object();
        var records = body.putArray("dataframe_records");
        var times = body.putObject("params").putArray("event_time");
        for (int row = 0; row < rows.rows(); row++) {
            records.add(Json.tree(rows.row(row)));
            times.add(1_790_000_000_000L + row % 3 * 24 * 3_600_000L);
        }
        return body;
    }

    @Test
    void answersCallersOfTheServerByTheirTokensWithTheSameWindows() throws IOException {
        String direct;
        try (var server = new PullServer(folder.resolve("direct"), 1)) {
            server.release(1);
            await("version 1", () -> server.score("app").statusCode() == 200);
            server.promote();
            assertThat(send(HttpRequest.newBuilder(URI.create(server.url() + "/deployments/delays/invocations"))
                                    .header("Content-Type", "application/json")
                                    .header("Authorization", "Bearer " + server.token("app"))
                                    .POST(BodyPublishers.ofString(rows().toString())))
                            .statusCode())
                    .isEqualTo(200);
            direct = windows(server);
        }
        try (var receiver = new TraceReceiver();
                var server = new PullServer(folder.resolve("apart"), 1)) {
            traces = receiver.variables();
            server.release(1);
            await("version 1", () -> server.score("app").statusCode() == 200);
            server.promote();
            server.add("scorers", Role.SCORER);
            server.add("prometheus", Role.OPERATIONS);
            try (var scorer = scorer(server, "scorers", key(server))) {
                int port = scorer.port();
                assertThat(scorer.grpcPort()).isPresent();
                await(
                        "the first routing",
                        () -> get(port, "/v2/health/ready", "").statusCode() == 200);
                assertThat(score(port, server.token("app"), rows()).statusCode())
                        .isEqualTo(200);
                assertThat(receiver.await(TRACE, "score").attributes())
                        .containsEntry("millwright.deployment", "delays");
                assertThat(score(port, "", rows()).statusCode()).isEqualTo(401);
                assertThat(score(port, "mw_0_wrong", rows()).body()).contains("unknown here, expired or revoked");
                assertThat(score(port, server.token("ben"), rows()).statusCode())
                        .isEqualTo(401);
                assertThat(get(port, "/metrics", server.token("app")).statusCode())
                        .isEqualTo(403);
                assertThat(get(port, "/metrics", server.token("prometheus")).body())
                        .contains("millwright_scoring_rows_total{deployment=\"delays\",version=\"1\"} 50.0");
                await("the profiles", () -> scorer.replica().state().profiles().sent() == 50);
            }
            assertThat(windows(server)).isEqualTo(direct);
        }
    }

    /** Windows of the rows' own days, with what they show. */
    private static String windows(PullServer server) {
        await(
                "the windows",
                () -> server.rows().values().stream().mapToLong(rows -> rows).sum() >= 50);
        var windows = Json.array();
        server.monitor().path("windows").forEach(window -> {
            if (window.path("window").asText().startsWith("2026-09")) {
                ObjectNode seen = window.deepCopy();
                windows.add(seen.retain("window", "version", "rows", "drift", "multivariate"));
            }
        });
        assertThat(windows).isNotEmpty();
        return windows.toPrettyString();
    }

    @Test
    void onlyARoleThatMayServeIsToldWhatToRoute() throws IOException {
        try (var server = new PullServer(folder, 1)) {
            server.release(1);
            await("version 1", () -> server.score("app").statusCode() == 200);
            server.promote();
            assertThat(server.get("app", "scorers/routing").statusCode()).isEqualTo(403);
            assertThat(server.get("", "scorers/routing").statusCode()).isEqualTo(401);
            server.add("scorers", Role.SCORER);
            HttpResponse<String> routing = server.get("scorers", "scorers/routing");
            assertThat(routing.statusCode()).isEqualTo(200);
            assertThat(routing.body()).doesNotContain(server.token("app"));
            String tag = routing.headers().firstValue("ETag").orElseThrow();
            assertThat(server.get("scorers", "scorers/routing", "If-None-Match", tag)
                            .statusCode())
                    .isEqualTo(304);
            for (String wrong : List.of(
                    "{}",
                    "{\"replica\":\"replica-1\",\"sequence\":0,\"entries\":[]}",
                    "{\"replica\":\"replica-1\",\"sequence\":1,\"entries\":[{\"deployment\":\"delays\",\"version\":\"1\","
                            + "\"step\":0,\"counts\":{\"answered\":5,\"rows\":5,\"refused\":0,\"failed\":0,\"latencies\":[5]}}]}")) {
                HttpResponse<String> answer = server.send("scorers", "scorers/counts", wrong);
                assertThat(answer.statusCode()).as(wrong + answer.body()).isEqualTo(400);
                assertThat(answer.body()).doesNotContain("Exception");
            }
            assertThat(server.send("app", "scorers/counts", report(1)).statusCode())
                    .isEqualTo(403);
            assertThat(server.send("scorers", "scorers/counts", report(1)).body())
                    .contains("true");
            assertThat(server.send("scorers", "scorers/counts", report(1)).body())
                    .contains("false");
        }
    }

    private static String report(long sequence) {
        ObjectNode report = Json.object().put("replica", "replica-1").put("sequence", sequence);
        ObjectNode counts = Json.object()
                .put("answered", 0)
                .put("rows", 0)
                .put("refused", 3)
                .put("failed", 0);
        var latencies = counts.putArray("latencies");
        for (int i = 0; i < 128; i++) {
            latencies.add(0);
        }
        ObjectNode entry = report.putArray("entries").addObject();
        entry.put("deployment", "delays").put("version", "1").put("step", 0).set("counts", counts);
        return report.toString();
    }

    @Test
    void whatIsNotSignedByTheTrustedKeyIsNotAnswered() throws IOException {
        try (var server = new PullServer(folder, 1)) {
            server.release(1);
            await("version 1", () -> server.score("app").statusCode() == 200);
            server.add("scorers", Role.SCORER);
            try (var scorer = scorer(server, "scorers", SigningKey.generate().trusted())) {
                await("the fault", () -> !scorer.replica().state().faults().isEmpty());
                assertThat(scorer.replica().state().faults().get("delays/1")).contains("not among the 1 trusted keys");
                HttpResponse<String> answer = score(scorer.port(), server.token("app"), rows());
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
            }
            try (var scorer = scorer(server, "scorers", key(server))) {
                await(
                        "version 1",
                        () -> score(scorer.port(), server.token("app"), rows()).statusCode() == 200);
            }
            try (Stream<Path> kept = Files.walk(folder.resolve("cache"))) {
                Path model = kept.filter(path -> path.endsWith("model.onnx"))
                        .findFirst()
                        .orElseThrow();
                Files.write(model, new byte[] {1});
            }
            server.stop();
            try (var scorer = scorer(server, "scorers", key(server))) {
                await("the cache", () -> !scorer.replica().state().faults().isEmpty());
                assertThat(scorer.replica().state().problem().orElseThrow()).contains("scorers/routing");
                assertThat(score(scorer.port(), server.token("app"), rows()).statusCode())
                        .isEqualTo(503);
                assertThatThrownBy(() -> scorer(server, "scorers", key(server)))
                        .isInstanceOf(Problem.Unavailable.class)
                        .hasMessageContaining("cache");
            }
            server.start();
        }
    }

    @Test
    void aTokenOfOneProjectServesThatProjectOnly() throws IOException {
        try (var server = new PullServer(folder, 1)) {
            server.release(1);
            await("version 1", () -> server.score("app").statusCode() == 200);
            server.add("others", Set.of());
            assertThat(server.get("others", "scorers/routing").statusCode()).isEqualTo(403);
            server.grant("others", Role.SCORER, "delays");
            var routing = Json.parse(server.get("others", "scorers/routing").body());
            assertThat(routing.path("deployments").findValuesAsText("name")).containsExactly("delays");
            assertThat(routing.path("callers").findValuesAsText("name")).contains("app", "ana", "others");
            assertThat(Map.of("ben", "an approver does not score"))
                    .doesNotContainKeys(
                            routing.path("callers").findValuesAsText("name").toArray(String[]::new));
        }
    }
}

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
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.app.ReadyModel;

/** A process that only scores beside the one that it follows, which is killed and comes back. */
class ScorerRoleTest {
    private static final String SCORE = "deployments/" + ReadyModel.NAME + "/invocations";

    @TempDir
    Path folder;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** Sends one request after the other, and remembers which version answered how many. */
    private final class Callers implements AutoCloseable {
        private final Map<String, AtomicInteger> answered = Map.of("1", new AtomicInteger(), "2", new AtomicInteger());
        private final List<String> failures = new CopyOnWriteArrayList<>();
        private final List<Thread> threads;
        private volatile boolean enough;

        Callers(ServerProcess scorer) {
            threads = List.of(1, 2, 3).stream()
                    .map(each -> Thread.startVirtualThread(() -> call(scorer)))
                    .toList();
        }

        private void call(ServerProcess scorer) {
            while (!enough) {
                HttpResponse<String> answer = post(scorer.url() + SCORE, ReadyModel.request());
                String version =
                        answer.headers().firstValue("x-mw-model-version").orElse("");
                if (answer.statusCode() == 200) {
                    answered.get(version).incrementAndGet();
                } else {
                    failures.add(answer.statusCode() + " " + answer.body());
                }
            }
        }

        int of(String version) {
            return answered.get(version).get();
        }

        int all() {
            return of("1") + of("2");
        }

        void awaitMore(int many) {
            int now = all();
            ServerProcess.await(many + " more answers", () -> all() >= now + many ? true : null);
        }

        /** Ends the calls; not one may have failed. */
        @Override
        public void close() {
            enough = true;
            for (Thread thread : threads) {
                try {
                    assertThat(thread.join(Duration.ofSeconds(30))).isTrue();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
            assertThat(failures).isEmpty();
        }
    }

    @Test
    void followsWhatIsDeployedAndGoesOnWhileTheServerIsAway() {
        var faults = new Faults(folder);
        ServerProcess server = ServerProcess.serve(faults.data);
        int port = server.port();
        String url = server.url();
        faults.release(server, 1);
        Callers callers;
        try (var scorer = scorer(faults, url)) {
            awaitAnswers(scorer);
            callers = new Callers(scorer);
            try (var calls = callers) {
                awaitProduction(server, "1");
                faults.release(server, 2);
                awaitProduction(server, "2");
                ServerProcess.await("version 2 alone", () -> {
                    int before = calls.of("1");
                    calls.awaitMore(30);
                    return calls.of("1") == before ? true : null;
                });
                server.kill();
                calls.awaitMore(100);
                server = ServerProcess.serve(faults.data, port);
                calls.awaitMore(100);
            }
            ServerProcess again = server;
            int sent = callers.all() + 1;
            ServerProcess.await("all that was answered to be watched", () -> rows(again) == sent ? true : null);
            onlyScores(scorer, url);
            assertThat(scorer.classes())
                    .contains("org.millwright.serving.Scorer")
                    .doesNotContain("org.jooq.", "org.sqlite.", "org.duckdb.", "org.flywaydb.", "io.fabric8.");
            assertThat(server.classes()).contains("org.jooq.").doesNotContain("io.fabric8.");
            server.kill();
            assertThat(scorer.terminate()).isLessThan(Duration.ofSeconds(20));
        }
        try (var scorer = scorer(faults, url)) {
            awaitAnswers(scorer);
            assertThat(post(scorer.url() + SCORE, ReadyModel.request())
                            .headers()
                            .firstValue("x-mw-model-version"))
                    .contains("2");
        }
    }

    private ServerProcess scorer(Faults faults, String url) {
        return ServerProcess.run(
                folder.resolve("scorer-" + System.nanoTime() + ".log"),
                Map.of(),
                "serve",
                "--role",
                "scorer",
                "--port",
                "0",
                "--server",
                url,
                "--trust",
                faults.data.resolve("keys/bundles.pem.pub").toString(),
                "--cache",
                folder.resolve("cache").toString(),
                "--every",
                "200ms");
    }

    /** Waits until a request is answered; that one is counted too. */
    private void awaitAnswers(ServerProcess scorer) {
        ServerProcess.await(
                "the scorer to answer",
                () -> post(scorer.url() + SCORE, ReadyModel.request()).statusCode() == 200 ? true : null);
        assertThat(get(scorer.url() + "v2/health/ready").statusCode()).isEqualTo(200);
    }

    private static void awaitProduction(ServerProcess server, String version) {
        ServerProcess.await(
                "version " + version + " in production",
                () -> server.get("/api/1/deployments/" + ReadyModel.NAME)
                                .path("production")
                                .asText()
                                .equals(version)
                        ? true
                        : null);
    }

    private static long rows(ServerProcess server) {
        long rows = 0;
        for (JsonNode window :
                server.get("/api/1/deployments/" + ReadyModel.NAME + "/monitor").path("windows")) {
            rows += window.path("rows").asLong();
        }
        return rows;
    }

    private void onlyScores(ServerProcess scorer, String url) {
        for (String path : List.of("", "api/1/deployments", "api/2.0/mlflow/experiments/search", "models")) {
            HttpResponse<String> answer = get(scorer.url() + path);
            assertThat(answer.statusCode()).as(path).isEqualTo(404);
            assertThat(answer.body()).contains("only scores").contains(url);
        }
        assertThat(get(scorer.url() + "v2/health/live").statusCode()).isEqualTo(200);
        assertThat(get(scorer.url() + "v2/models/" + ReadyModel.NAME).body()).contains("\"carrier\"");
        assertThat(get(scorer.url() + "metrics").body())
                .contains("millwright_scorer_faults 0.0")
                .contains("millwright_scorer_rows_waiting 0.0");
    }

    private HttpResponse<String> get(String url) {
        return send(HttpRequest.newBuilder(URI.create(url)));
    }

    private HttpResponse<String> post(String url, JsonNode body) {
        return send(HttpRequest.newBuilder(URI.create(url))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body.toString())));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return http.send(request.timeout(Duration.ofSeconds(30)).build(), BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError("not answered", e);
        }
    }
}

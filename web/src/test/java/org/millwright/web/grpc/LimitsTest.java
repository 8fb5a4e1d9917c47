package org.millwright.web.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.millwright.serving.Await.await;

import io.grpc.Status;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.project.Limits;
import org.millwright.project.OnStop;
import org.millwright.scoring.Frame;
import org.millwright.scoring.Model;
import org.millwright.scoring.Overloaded;
import org.millwright.scoring.Signature;
import org.millwright.serving.Admission;
import org.millwright.serving.Limiter;
import org.millwright.serving.Terms;
import org.millwright.web.oip.ScoringServer;

/** One deployment that is asked too much, and another that does not notice, over REST and gRPC. */
class LimitsTest {
    private static final String BODY = """
            {"dataframe_records": [{"distance": 1, "wind": 2, "hour": 3, "carrier": "UA"}]}""";
    private static final String INFER = """
            {"inputs": [{"name": "distance", "datatype": "FP64", "shape": [1], "data": [1]},
            {"name": "wind", "datatype": "FP64", "shape": [1], "data": [2]},
            {"name": "hour", "datatype": "INT64", "shape": [1], "data": [3]},
            {"name": "carrier", "datatype": "BYTES", "shape": [1], "data": ["UA"]}]}""";
    private static final String SLOW = "7";

    @TempDir
    Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    /** What version 7 needs one of for each request, as it would need a core. */
    private final Semaphore free = new Semaphore(1);

    private volatile boolean isFree;
    private volatile boolean onOwnThread;

    @AfterEach
    void end() {
        free.release(100);
        http.close();
    }

    @Test
    void whatADeploymentIsAskedBeyondItsLimitIsRefusedAndOthersAnswer() throws Exception {
        try (var server = server(new Limits(2, Duration.ofMinutes(1)))) {
            Limiter limiter = server.scorer.limiter("board").orElseThrow();
            var first = later(server, "/v2/models/board/infer", INFER);
            var second = later(server, "/deployments/board/invocations", BODY);
            await(() -> limiter.requests() == 2);

            refused(server, "Deployment board answers 2 requests at once, not more");
            assertThat(limiter.refused()).isEqualTo(3);
            answersBeside(server);

            free.release(2);
            assertThat(first.join().statusCode()).isEqualTo(200);
            assertThat(second.join().statusCode()).isEqualTo(200);
            await(() -> limiter.requests() == 0);
            free.release();
            assertThat(post(server, "/v2/models/board/infer", INFER).statusCode())
                    .isEqualTo(200);
            countsAs(server, 4);
        }
    }

    @Test
    void whoWaitedTooLongIsToldSoAndTheModelIsNotBlamed() throws Exception {
        try (var server = server(new Limits(100, Duration.ofMillis(20)))) {
            refused(server, "Deployment board had no time for the request: not free for PT0.02S");
            assertThat(server.scorer.limiter("board").orElseThrow().timedOut()).isEqualTo(3);
            answersBeside(server);
            free.release();
            assertThat(post(server, "/v2/models/board/infer", INFER).statusCode())
                    .isEqualTo(200);
            countsAs(server, 2);
        }
    }

    @Test
    void aQuickModelIsAnsweredOnTheConnectionsThreadOneThatMightWaitIsNot() {
        free.release(1_000_000);
        try (var server = server(new Limits(100, Duration.ofMinutes(1)))) {
            ask(server);
            assertThat(onOwnThread).isTrue();
            isFree = true;
            await(() -> {
                ask(server);
                return !onOwnThread;
            });
            isFree = false;
            ask(server);
            assertThat(onOwnThread).isTrue();
        }
    }

    /** Two deployments: delays in version 1, which is always free, and board in version 7. */
    private ScoringServer server(Limits limits) {
        var server = new ScoringServer(
                folder,
                false,
                new Admission(),
                bundle -> bundle.manifest().version().equals(SLOW) ? new Held(bundle.load()) : bundle.load(),
                new Terms() {
                    @Override
                    public OnStop onStop(String project) {
                        return new OnStop.Previous();
                    }

                    @Override
                    public Limits limits(String project) {
                        return limits;
                    }
                });
        server.deploy("board", SLOW);
        return server;
    }

    private void refused(ScoringServer server, String why) throws Exception {
        HttpResponse<String> infer = post(server, "/v2/models/board/infer", INFER);
        assertThat(infer.statusCode()).isEqualTo(503);
        assertThat(infer.headers().firstValue("Retry-After")).contains("1");
        assertThat(infer.body()).isEqualTo("{\"error\":\"" + why + "\"}");
        HttpResponse<String> invocations = post(server, "/deployments/board/invocations", BODY);
        assertThat(invocations.statusCode()).isEqualTo(503);
        assertThat(invocations.body()).contains("TEMPORARILY_UNAVAILABLE", why);
        Status status = grpc(server);
        assertThat(status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(status.getDescription()).isEqualTo(why);
    }

    private void answersBeside(ScoringServer server) throws Exception {
        for (int i = 0; i < 20; i++) {
            assertThat(post(server, "/v2/models/delays/infer", INFER).statusCode())
                    .isEqualTo(200);
        }
    }

    private static void countsAs(ScoringServer server, int answered) {
        var counts = server.scorer.traffic("board").get(SLOW).total();
        assertThat(counts.answered()).isEqualTo(answered);
        assertThat(counts.failed()).isZero();
        assertThat(counts.refused()).isZero();
    }

    private CompletableFuture<HttpResponse<String>> later(ScoringServer server, String path, String body) {
        return http.sendAsync(request(server, path, body), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> post(ScoringServer server, String path, String body) throws Exception {
        return http.send(request(server, path, body), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpRequest request(ScoringServer server, String path, String body) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    private static Status grpc(ScoringServer server) {
        var channel = Calls.channel(server.grpcPort());
        try {
            return Calls.refusal(channel, null, "ModelInfer", Calls.row("board"));
        } finally {
            channel.shutdownNow();
        }
    }

    private static void ask(ScoringServer server) {
        var channel = Calls.channel(server.grpcPort());
        try {
            Calls.call(channel, null, "ModelInfer", Calls.row("board"));
        } finally {
            channel.shutdownNow();
        }
    }

    /** A real model that needs something free beside its cores, and notes who asks. */
    private final class Held implements Model {
        private final Model model;

        private Held(Model model) {
            this.model = model;
        }

        @Override
        public boolean isFree() {
            return isFree;
        }

        @Override
        public Frame predict(Frame input, Duration patience) {
            onOwnThread = Thread.currentThread().isVirtual();
            try {
                if (!free.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                    throw new Overloaded("not free for " + patience);
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return model.predict(input, patience);
        }

        @Override
        public Frame predict(Frame input) {
            return model.predict(input);
        }

        @Override
        public Signature signature() {
            return model.signature();
        }

        @Override
        public String platform() {
            return model.platform();
        }

        @Override
        public void close() {
            model.close();
        }
    }
}

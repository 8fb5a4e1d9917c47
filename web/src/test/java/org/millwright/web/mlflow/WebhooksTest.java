package org.millwright.web.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.millwright.kernel.Json;
import org.millwright.kernel.OnDatabases;
import org.millwright.ledger.Entry;

/** Webhooks against a real server that takes them. */
@ParameterizedClass
@MethodSource("org.millwright.kernel.OnDatabases#each")
final class WebhooksTest {
    private record Told(String path, com.sun.net.httpserver.Headers headers, String body) {
        String data(String field) {
            return Json.parse(body).path("data").path(field).asText();
        }
    }

    private final MlflowServer server;
    private final BlockingQueue<Told> told = new LinkedBlockingQueue<>();
    private final Deque<Integer> answers = new ArrayDeque<>();
    private HttpServer taker;

    WebhooksTest(OnDatabases.Maker maker) {
        server = new MlflowServer(maker.make(), false, 1_000);
    }

    @BeforeEach
    void listen() throws IOException {
        taker = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        taker.createContext("/", this::take);
        taker.start();
    }

    @AfterEach
    void close() {
        taker.stop(0);
        server.close();
    }

    private void take(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        Integer answer;
        synchronized (answers) {
            answer = answers.poll();
        }
        if (answer != null && answer == 429) {
            exchange.getResponseHeaders().add("Retry-After", "0");
        }
        exchange.sendResponseHeaders(answer == null ? 200 : answer, 0);
        exchange.getResponseBody().write("taken".getBytes(StandardCharsets.UTF_8));
        exchange.close();
        told.add(new Told(exchange.getRequestURI().toString(), exchange.getRequestHeaders(), body));
    }

    @Test
    void eachEventIsToldOnceWithItsData() throws InterruptedException {
        create(
                "all",
                "",
                "REGISTERED_MODEL.CREATED",
                "MODEL_VERSION.CREATED",
                "MODEL_VERSION_TAG.SET",
                "MODEL_VERSION_TAG.DELETED",
                "MODEL_VERSION_ALIAS.CREATED",
                "MODEL_VERSION_ALIAS.DELETED");
        server.post(
                "registered-models/create",
                "{\"name\":\"m\",\"description\":\"d\",\"tags\":[{\"key\":\"k\",\"value\":\"v\"}]}");
        Told first = next();
        assertThat(Json.parse(first.body()).path("entity").asText()).isEqualTo("registered_model");
        assertThat(Json.parse(first.body()).path("action").asText()).isEqualTo("created");
        assertThat(Json.parse(first.body()).path("data"))
                .isEqualTo(Json.parse("{\"name\":\"m\",\"tags\":{\"k\":\"v\"},\"description\":\"d\"}"));

        server.post("model-versions/create", "{\"name\":\"m\",\"source\":\"s3://b/k\",\"run_id\":\"r1\"}");
        assertThat(next().data("source")).isEqualTo("s3://b/k");
        server.post("model-versions/set-tag", "{\"name\":\"m\",\"version\":\"1\",\"key\":\"a\",\"value\":\"b\"}");
        assertThat(next().data("value")).isEqualTo("b");
        server.send("DELETE", "model-versions/delete-tag", "{\"name\":\"m\",\"version\":\"1\",\"key\":\"a\"}");
        assertThat(next().data("key")).isEqualTo("a");
        server.post("registered-models/alias", "{\"name\":\"m\",\"alias\":\"x\",\"version\":\"1\"}");
        assertThat(next().data("version")).isEqualTo("1");
        server.send("DELETE", "registered-models/alias", "{\"name\":\"m\",\"alias\":\"x\"}");
        assertThat(next().data("alias")).isEqualTo("x");
        assertThat(told).isEmpty();
    }

    @Test
    void whatFailedIsNotTold() throws InterruptedException {
        create("all", "", "REGISTERED_MODEL.CREATED", "MODEL_VERSION_ALIAS.CREATED");
        server.post("registered-models/create", "{\"name\":\"m\"}");
        assertThat(next().data("name")).isEqualTo("m");
        assertThat(server.post("registered-models/create", "{\"name\":\"m\"}").status())
                .isEqualTo(400);
        assertThat(server.post("registered-models/alias", "{\"name\":\"m\",\"alias\":\"x\",\"version\":\"9\"}")
                        .status())
                .isEqualTo(404);
        server.post("registered-models/create", "{\"name\":\"n\"}");
        assertThat(next().data("name")).isEqualTo("n");
    }

    @Test
    void aSecretSignsIdTimeAndBody() throws Exception {
        var created = create("signed", "a secret", "REGISTERED_MODEL.CREATED");
        assertThat(created.toString()).doesNotContain("a secret");
        server.post("registered-models/create", "{\"name\":\"m\"}");
        Told taken = next();

        String id = taken.headers().getFirst("X-MLflow-Delivery-Id");
        String time = taken.headers().getFirst("X-MLflow-Timestamp");
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec("a secret".getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        byte[] code = mac.doFinal((id + "." + time + "." + taken.body()).getBytes(StandardCharsets.UTF_8));
        assertThat(taken.headers().getFirst("X-MLflow-Signature"))
                .isEqualTo("v1," + Base64.getEncoder().encodeToString(code));
        String kept = server.tracking.database.read(() -> server.tracking
                .database
                .dsl()
                .fetchValue("select secret from webhook")
                .toString());
        assertThat(kept).doesNotContain("a secret");
    }

    @Test
    void busyTakersAreToldAgainWithTheSameId() throws InterruptedException {
        create("busy", "", "REGISTERED_MODEL.CREATED");
        synchronized (answers) {
            answers.addAll(List.of(500, 429));
        }
        server.post("registered-models/create", "{\"name\":\"m\"}");
        String id = next().headers().getFirst("X-MLflow-Delivery-Id");
        assertThat(next().headers().getFirst("X-MLflow-Delivery-Id")).isEqualTo(id);
        assertThat(next().headers().getFirst("X-MLflow-Delivery-Id")).isEqualTo(id);
    }

    @Test
    void whoNeverTakesIsLeftInPeaceAndTheLedgerKnows() throws InterruptedException {
        String id = create("down", "", "REGISTERED_MODEL.CREATED");
        taker.stop(0);
        var ended = new LinkedBlockingQueue<String>();
        server.tracking.ledger.onAppend((from, actions) -> ended.add(""));
        server.post("registered-models/create", "{\"name\":\"m\"}");
        List<Entry> about;
        do {
            assertThat(ended.poll(20, TimeUnit.SECONDS))
                    .as("the end of the tries")
                    .isNotNull();
            about = server.tracking.ledger.about("webhook:" + id);
        } while (about.size() < 2);
        assertThat(about.getLast().action()).isEqualTo("webhook.delivery-failed");
    }

    @Test
    void aTrialTellsWhatCameBack() throws InterruptedException {
        String id = create("trial", "", "MODEL_VERSION.CREATED");
        var result = server.post("webhooks/" + id + "/test", "{}").json().path("result");
        assertThat(result.path("success").asBoolean()).isTrue();
        assertThat(result.path("response_status").asInt()).isEqualTo(200);
        assertThat(result.path("response_body").asText()).isEqualTo("taken");
        assertThat(next().data("source")).isEqualTo("models:/123");
        taker.stop(0);
        var failed = server.post("webhooks/" + id + "/test", "{}").json().path("result");
        assertThat(failed.path("success").asBoolean()).isFalse();
        assertThat(failed.path("error_message").asText()).startsWith("Failed to test webhook");
    }

    private Told next() throws InterruptedException {
        Told next = told.poll(20, TimeUnit.SECONDS);
        assertThat(next).as("a delivery").isNotNull();
        return next;
    }

    private String create(String name, String secret, String... events) {
        var list = Json.array();
        for (String event : events) {
            String[] parts = event.split("\\.");
            list.add(Json.object().put("entity", parts[0]).put("action", parts[1]));
        }
        var asked = Json.object()
                .put("name", name)
                .put("url", "http://127.0.0.1:" + taker.getAddress().getPort() + "/hook?a=b")
                .put("secret", secret);
        asked.set("events", list);
        var created = server.post("webhooks", Json.write(asked));
        assertThat(created.status()).as(created.message()).isEqualTo(200);
        assertThat(created.json().toString()).doesNotContain("\"secret\"");
        return created.json().path("webhook").path("webhook_id").asText();
    }
}

package org.millwright.web.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.millwright.kernel.Json;
import org.millwright.kernel.OnDatabases;

/** Requests as no client writes them: each is answered at once, on both databases alike, and never with a fault. */
class FuzzTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final List<String> HOSTILE = List.of(
            "",
            " ",
            "0",
            "1",
            "-1",
            "m",
            "e",
            "RUN",
            "99999999999999999999",
            "NaN",
            "Infinity",
            "a\0b",
            "\0",
            "🙂🧑‍🚀",
            "\u202Eabc\u200F",
            "\ud800",
            "../../etc/passwd",
            "..%2f..%2fx",
            "' OR 1=1 --",
            "\"; drop table run; --",
            "models:/m/1",
            "models:/m@x",
            "runs:/RUN/x",
            "file:///etc/passwd",
            "https://[::1]/",
            "metrics.a > 1 AND params.b = 'x'",
            "name LIKE '%'",
            "ACTIVE_ONLY",
            "eyJvZmZzZXQiOiAtMX0=",
            "champion",
            "x".repeat(9_000),
            "%",
            "a\nb\tc",
            "ｆｕｌｌ　ｗｉｄｔｈ");
    private static final List<String> FIELDS = List.of(
            "experiment_id",
            "experiment_ids",
            "run_id",
            "run_uuid",
            "run_ids",
            "name",
            "new_name",
            "experiment_name",
            "key",
            "value",
            "timestamp",
            "step",
            "metric_key",
            "max_results",
            "page_token",
            "filter",
            "order_by",
            "view_type",
            "run_view_type",
            "tags",
            "params",
            "metrics",
            "status",
            "end_time",
            "start_time",
            "user_id",
            "run_name",
            "artifact_location",
            "path",
            "datasets",
            "models",
            "model_id",
            "model_json",
            "source",
            "version",
            "stage",
            "stages",
            "archive_existing_versions",
            "alias",
            "description",
            "source_run_id",
            "model_type",
            "start_step",
            "end_step",
            "url",
            "events",
            "secret",
            "username",
            "password",
            "permission",
            "is_admin",
            "dataset_name",
            "dataset_digest",
            "artifact_directory_path",
            "artifact_file_path",
            "event");

    private static MlflowServer sqlite;
    private static MlflowServer postgres;
    private static List<String> table;

    @BeforeContainer
    static void start() {
        sqlite = new MlflowServer(OnDatabases.sqlite(), false, 10_000);
        postgres = new MlflowServer(OnDatabases.postgres(), false, 10_000);
        table = List.copyOf(sqlite.routes.table());
        for (MlflowServer server : List.of(sqlite, postgres)) {
            server.post("experiments/create", "{\"name\":\"e\"}");
            server.post("registered-models/create", "{\"name\":\"m\"}");
            server.post("model-versions/create", "{\"name\":\"m\",\"source\":\"s3://b/k\"}");
            server.post("runs/create", "{\"experiment_id\":\"1\"}");
        }
    }

    @AfterContainer
    static void stop() {
        sqlite.close();
        postgres.close();
    }

    @Property(tries = 600, shrinking = ShrinkingMode.BOUNDED)
    void everyEndpointTakesAnyMessage(@ForAll("endpoints") String endpoint, @ForAll("messages") ObjectNode message) {
        String[] parts = endpoint.split(" ");
        String path = parts[1].replace("{id}", "m-1").replace("{key}", "k");
        byte[] body = Json.write(message).getBytes(StandardCharsets.UTF_8);
        requireSameAnswer(parts[0], "/api/2.0/mlflow/" + path, "application/json", body);
    }

    @Property(tries = 200, shrinking = ShrinkingMode.BOUNDED)
    void everyEndpointTakesAnyBytes(@ForAll("endpoints") String endpoint, @ForAll byte[] body) {
        String[] parts = endpoint.split(" ");
        String path = parts[1].replace("{id}", "m-1").replace("{key}", "k");
        requireSameAnswer(parts[0], "/api/2.0/mlflow/" + path, "application/json", body);
    }

    @Property(tries = 600, shrinking = ShrinkingMode.BOUNDED)
    void filtersAndOrdersNeverFail(
            @ForAll("searches") String path, @ForAll("filters") String filter, @ForAll("filters") String order) {
        ObjectNode message = Json.object().put("max_results", 5).put("filter", filter);
        message.putArray("experiment_ids").add("0").add("1");
        if (path.equals("logged-models/search")) {
            message.putArray("order_by").addObject().put("field_name", order);
        } else {
            message.putArray("order_by").add(order);
        }
        boolean byQuery = path.startsWith("registered") || path.startsWith("model-versions");
        requireSameAnswer(
                byQuery ? "GET" : "POST",
                "/api/2.0/mlflow/" + path,
                "application/json",
                Json.write(message).getBytes(StandardCharsets.UTF_8));
    }

    @Property(tries = 300, shrinking = ShrinkingMode.BOUNDED)
    void artifactPathsNeverFail(@ForAll("methods") String method, @ForAll("rawPaths") String path) throws IOException {
        for (String base : List.of("/api/2.0/mlflow-artifacts/artifacts/", "/get-artifact?run_id=RUN&path=")) {
            int one = status(sqlite, method, base + path);
            assertThat(one).as(method + " " + base + path).isBetween(200, 499);
            assertThat(status(postgres, method, base + path))
                    .as(method + " " + base + path)
                    .isEqualTo(one);
        }
    }

    /** The status of a request whose path no client library would send. */
    private static int status(MlflowServer server, String method, String path) throws IOException {
        URI url = URI.create(server.url());
        try (var socket = new Socket(url.getHost(), url.getPort())) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            String body = method.equals("PUT") ? "abc" : "";
            String request = method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + body.length()
                    + "\r\nConnection: close\r\n\r\n" + body;
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().flush();
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer).as(method + " " + path).startsWith("HTTP/1.1 ");
            return Integer.parseInt(answer.substring(9, 12));
        }
    }

    private static void requireSameAnswer(String method, String path, String type, byte[] body) {
        var one = answer(sqlite, method, path, type, body);
        var other = answer(postgres, method, path, type, body);
        String what = method + " " + path + " " + new String(body, StandardCharsets.UTF_8);
        assertThat(one.status()).as(what + " " + one.message()).isLessThan(500);
        assertThat(other.status())
                .as(what + " on PostgreSQL: " + other.message())
                .isEqualTo(one.status());
        if (one.status() >= 400) {
            assertThat(one.code()).as(what).isNotEmpty();
            assertThat(one.message()).as(what).isNotEmpty();
        }
    }

    private static MlflowServer.Answer answer(
            MlflowServer server, String method, String path, String type, byte[] body) {
        var request = HttpRequest.newBuilder(URI.create(server.url() + path))
                .method(method, body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body))
                .header("Content-Type", type)
                .timeout(PATIENCE);
        return server.send(request.build());
    }

    @Provide
    Arbitrary<String> endpoints() {
        // Deliveries to addresses that tests make up would wait for each of them.
        return Arbitraries.of(
                table.stream().filter(each -> !each.endsWith("/test")).toList());
    }

    @Provide
    Arbitrary<String> searches() {
        return Arbitraries.of(
                "runs/search",
                "experiments/search",
                "registered-models/search",
                "model-versions/search",
                "logged-models/search");
    }

    @Provide
    Arbitrary<String> methods() {
        return Arbitraries.of("GET", "PUT", "DELETE");
    }

    @Provide
    Arbitrary<String> filters() {
        var tokens = Arbitraries.of(
                "metrics",
                "params",
                "tags",
                "attributes",
                "dataset",
                "run",
                ".",
                "`",
                "\"",
                "'",
                "a",
                "name",
                "k\u00e4y",
                "start_time",
                "run_id",
                "status",
                "=",
                "!=",
                ">",
                ">=",
                "<",
                "LIKE",
                "ILIKE",
                "IN",
                "NOT IN",
                "(",
                ")",
                ",",
                "AND",
                "OR",
                "and",
                " ",
                "  ",
                "1",
                "-1",
                "1e308",
                "1e999",
                "0x1",
                "NaN",
                "'x'",
                "\"x\"",
                "'%_'",
                "'\\'",
                "\0",
                "ASC",
                "DESC",
                "version_number",
                "tags.`mlflow.prompt.is_prompt`",
                "metrics.a > 1",
                "params.b = 'x'",
                "🙂",
                "\u202e",
                ";",
                "--",
                "/*");
        return Arbitraries.oneOf(
                tokens.list().ofMaxSize(12).map(list -> String.join("", list)),
                tokens.list().ofMaxSize(12).map(list -> String.join(" ", list)),
                Arbitraries.of(HOSTILE));
    }

    @Provide
    Arbitrary<String> rawPaths() {
        return Arbitraries.of(
                        "a",
                        "..",
                        ".",
                        "/",
                        "//",
                        "%2e",
                        "%2E%2e",
                        "%2f",
                        "%5c",
                        "%00",
                        "%",
                        "%zz",
                        "%ff",
                        "%25",
                        "%252e",
                        "0",
                        "artifacts",
                        "models",
                        "%F0%9F%99%82",
                        "%E2%80%AE",
                        "C:",
                        "~",
                        "#".replace("#", "%23"),
                        "?x=y",
                        "con",
                        "aux.",
                        "%0a",
                        "x".repeat(300))
                .list()
                .ofMinSize(1)
                .ofMaxSize(8)
                .map(parts -> String.join("", parts));
    }

    @Provide
    Arbitrary<ObjectNode> messages() {
        return Combinators.combine(Arbitraries.of(FIELDS), values(2))
                .as((name, value) -> new Object[] {name, value})
                .list()
                .ofMaxSize(8)
                .map(pairs -> {
                    ObjectNode node = Json.object();
                    pairs.forEach(pair -> node.set((String) pair[0], (JsonNode) pair[1]));
                    return node;
                });
    }

    private static Arbitrary<JsonNode> values(int depth) {
        Arbitrary<JsonNode> texts = Arbitraries.oneOf(
                        Arbitraries.of(HOSTILE), Arbitraries.strings().ofMaxLength(30))
                .map(Json::tree);
        Arbitrary<JsonNode> numbers = Arbitraries.oneOf(
                Arbitraries.of(0L, 1L, -1L, 1_000_000_000_000L, Long.MAX_VALUE, Long.MIN_VALUE)
                        .map(Json::tree),
                Arbitraries.of(0.5, 1e12, -1e308, Double.MIN_VALUE).map(Json::tree));
        Arbitrary<JsonNode> others = Arbitraries.of(Json.tree(true), Json.tree(false), Json.object(), Json.array());
        if (depth == 0) {
            return Arbitraries.oneOf(texts, numbers, others);
        }
        Arbitrary<JsonNode> lists = values(depth - 1).list().ofMaxSize(4).map(items -> {
            ArrayNode list = Json.array();
            list.addAll(items);
            return list;
        });
        Arbitrary<JsonNode> objects = Combinators.combine(Arbitraries.of(FIELDS), values(depth - 1))
                .as((name, value) -> new Object[] {name, value})
                .list()
                .ofMaxSize(4)
                .map(pairs -> {
                    ObjectNode node = Json.object();
                    pairs.forEach(pair -> node.set((String) pair[0], (JsonNode) pair[1]));
                    return node;
                });
        return Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(5, texts),
                net.jqwik.api.Tuple.of(2, numbers),
                net.jqwik.api.Tuple.of(1, others),
                net.jqwik.api.Tuple.of(2, lists),
                net.jqwik.api.Tuple.of(2, objects));
    }
}

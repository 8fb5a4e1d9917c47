package org.millwright.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millwright.app.Wire.Answer;
import org.millwright.kernel.Json;

/** Whatever comes over the wire, the answer is a 4xx with a reason in the form of its protocol, and it comes. */
class HttpBoundaryTest {
    private static final byte[] NOTHING = {};
    private static final String PROXY = "/api/2.0/mlflow-artifacts/artifacts";
    private static final List<String> OUTSIDE = List.of(
            "../x",
            "a/../../x",
            "..%2fx",
            "%2e%2e/x",
            "%252e%252e%252fx",
            "%25252e%25252e/x",
            "..%5cx",
            "a%5c..%5cx",
            "%255c..%255cx",
            "a%00b",
            "a%2500b",
            "/etc/passwd",
            "%2fetc%2fpasswd",
            "C:%5cx",
            "%c0%ae%c0%ae/x",
            "a%ff",
            "a%zz",
            "a%",
            "a\\b",
            "a;b/../../c");

    @TempDir
    static Path folder;

    private static Millwright server;
    private static String run;

    @BeforeAll
    static void start() {
        server = Millwright.start(Settings.embedded(folder.resolve("data"), 0), Clock.systemUTC());
        Answer made = ask("POST", "/api/2.0/mlflow/runs/create", "{\"experiment_id\": \"0\"}");
        run = Json.parse(made.body()).at("/run/info/run_id").asText();
        assertThat(run).hasSize(32);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void noNameLeavesTheArtifactsOfItsRun() throws IOException {
        List<Path> before = files();
        for (String name : OUTSIDE) {
            String target = PROXY + "/0/" + run + "/artifacts/" + name;
            for (String method : List.of("GET", "PUT", "DELETE")) {
                refused(ask(method, target, method.equals("PUT") ? "evil" : ""), method + " " + target);
            }
            String query = name.replace("/", "%2f").replace(";", "%3b");
            for (String place : List.of(
                    PROXY + "?path=" + query,
                    "/get-artifact?run_id=" + run + "&path=" + query,
                    "/api/2.0/mlflow/artifacts/list?run_id=" + run + "&path=" + query)) {
                refused(ask("GET", place, ""), place);
            }
            String upload = "/ajax-api/2.0/mlflow/upload-artifact?run_uuid=" + run + "&path=" + query;
            refused(ask("POST", upload, "evil"), upload);
        }
        assertThat(files()).isEqualTo(before);
        assertThat(folder.resolve("x")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "[]",
                "\"text\"",
                "null",
                "",
                "{} {}",
                "{\"name\": \"a\", \"name\": \"b\"}",
                "{\"name\": \"\u00ff\"}",
                "{\"name\": \"a\", \"display\": \"\\u0000\"}",
                "{\"name\": \"a\", \"display\": \"\\ud800\"}",
                "{\"name\": 1e99999999}",
                "{\"name\": [\"a\"]}",
                "{\"nmae\": \"a\"}"
            })
    void noMalformedBodyIsTaken(String body) {
        for (String target : List.of("/api/1/users", "/api/1/decisions", "/api/1/backups", "/api/1/runs")) {
            Answer answer = Wire.ask(server.port(), "POST", target, body.getBytes(StandardCharsets.ISO_8859_1));

            refused(answer, target + " " + body);
            assertThat(answer.body()).doesNotContain("Source:").doesNotContain("StreamRead");
        }
        Answer mlflow = Wire.ask(
                server.port(),
                "POST",
                "/api/2.0/mlflow/experiments/create",
                body.getBytes(StandardCharsets.ISO_8859_1));
        assertThat(mlflow.status()).as(mlflow.body()).isBetween(200, 499);
    }

    @Test
    void noDepthOfNestingBreaksAParser() {
        String deep = "[".repeat(200_000);
        for (String target : List.of(
                "/api/1/users",
                "/api/2.0/mlflow/experiments/create",
                "/api/1/deployments/none/labels",
                "/v2/models/none/infer",
                "/invocations")) {
            refused(ask("POST", target, deep), target);
        }
    }

    @Test
    void aTypingErrorIsNamedWithWhatWasMeant() {
        for (Map.Entry<String, String> typo : Map.of(
                        "/api/1/users", "nmae",
                        "/api/1/decisions", "granded",
                        "/api/1/releases", "verison",
                        "/api/1/runs", "pipelin",
                        "/api/1/backups", "foldr",
                        "/api/1/projects", "fiel")
                .entrySet()) {
            Answer answer = ask("POST", typo.getKey(), "{\"" + typo.getValue() + "\": 1}");

            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.body())
                    .contains("Unknown field '" + typo.getValue() + "'; did you mean '")
                    .contains("known: ");
        }
    }

    @Test
    void numbersAndNamesInUrlsAreChecked() {
        for (String target : List.of(
                "/api/1/ledger?from=x",
                "/api/1/ledger?limit=99999999999",
                "/api/1/ledger?subject=%00",
                "/api/1/ledger?proofs=99999",
                "/api/1/ledger/proofs/x",
                "/api/1/ledger/proofs/0?size=99999",
                "/api/1/ledger/consistency?old=9&size=99999",
                "/api/1/runs?limit=-1",
                "/api/1/runs/%00",
                "/api/1/runs/%ff",
                "/api/1/runs/%zz",
                "/api/1/datasets/..%2f..",
                "/api/2.0/mlflow/runs/get?run_id=%00",
                "/api/2.0/mlflow/logged-models/%00",
                "/v2/models/%00",
                "/static/..%2f..%2fetc%2fpasswd",
                "/nothing/here",
                "/" + "a".repeat(20_000))) {
            Answer answer = ask("GET", target, "");

            assertThat(answer.status()).as(target + " " + answer.body()).isBetween(400, 499);
            assertThat(answer.body()).as(target).isNotBlank().doesNotContain("Exception");
        }
    }

    @Test
    void aBodyOverTheLimitIsRefusedBeforeAndWhileItComes() {
        try (var announced = new Wire(server.port())) {
            announced.send(Wire.head("POST", "/api/1/users", 99_999_999_999L)).send("{");
            refused(announced.answer(), "announced");
        }
        byte[] big = ("{\"name\": \"" + "a".repeat(17 << 20) + "\"}").getBytes(StandardCharsets.UTF_8);
        for (String target : List.of("/api/1/users", "/v2/models/none/infer", "/api/1/deployments/none/labels")) {
            assertThat(Wire.ask(server.port(), "POST", target, big).status()).isIn(400, 404, 413);
        }
        assertThat(Wire.ask(server.port(), "POST", "/api/1/users", big).status())
                .isEqualTo(413);
        try (var chunked = new Wire(server.port())) {
            chunked.send("POST /api/1/users HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
            String chunk = "100000\r\n" + "a".repeat(1 << 20) + "\r\n";
            for (int i = 0; i < 18; i++) {
                chunked.send(chunk);
            }
            refused(chunked.send("0\r\n\r\n").answer(), "chunked");
        }
    }

    @Test
    void whatIsLeftOfARefusedBodyIsNotTheNextRequest() {
        String hidden = "GET /api/1/me HTTP/1.1\r\nHost: localhost\r\n\r\n";
        for (String more : List.of("", "Connection: close\r\n")) {
            try (var wire = new Wire(server.port())) {
                wire.send("POST /api/1/nothing HTTP/1.1\r\nHost: localhost\r\n" + more + "Content-Length: "
                        + hidden.length() + "\r\n\r\n" + hidden);
                assertThat(wire.answer().status()).isEqualTo(404);
                assertThat(wire.end().isClosed()).as("no answer to the body").isTrue();
            }
        }
    }

    @Test
    void whoWantsTheConnectionClosedGetsItClosed() {
        for (String target : List.of("/health", "/api/1/me", "/api/1/nothing", "/runs/none", PROXY + "/none")) {
            try (var wire = new Wire(server.port())) {
                wire.send("GET " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
                assertThat(wire.answer().head()).containsIgnoringCase("connection: close");
                assertThat(wire.isClosed()).as(target).isTrue();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u0000\u0001 nonsense\r\n\r\n",
                "GET\r\n\r\n",
                "GET / HTTP/9.9\r\nHost: localhost\r\n\r\n",
                "GET /api/1/me HTTP/1.1\r\n\r\n",
                "GET /api/1/me HTTP/1.1\r\nHost: evil.example\r\n\r\n",
                "POST /api/1/users HTTP/1.1\r\nHost: localhost\r\nContent-Length: ten\r\n\r\n",
                "POST /api/1/users HTTP/1.1\r\nHost: localhost\r\nContent-Length: -5\r\n\r\n",
                "POST /api/1/users HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
                "POST /api/1/users HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}"
            })
    void nonsenseGetsAReasonAtOnce(String nonsense) {
        try (var wire = new Wire(server.port())) {
            Answer answer = wire.send(nonsense).answer();

            refused(answer, nonsense);
        }
    }

    @Test
    void aBodyThatEndsEarlyIsTheCallersFault() {
        for (String head : List.of(
                Wire.head("POST", "/api/1/users", 100),
                Wire.head("PUT", PROXY + "/0/" + run + "/artifacts/half", 100),
                Wire.head("POST", "/api/2.0/mlflow/runs/create", 100))) {
            try (var wire = new Wire(server.port())) {
                refused(wire.send(head).send("{").end().answer(), head);
                assertThat(wire.isClosed()).isTrue();
            }
        }
        assertThat(ask("GET", PROXY + "/0/" + run + "/artifacts/half", "").status())
                .isEqualTo(404);
    }

    @Test
    void slowClientsDoNotKeepOthersWaiting() {
        var slow = new ArrayList<Wire>();
        try {
            for (int i = 0; i < 300; i++) {
                String part =
                        i % 2 == 0 ? "GET /api/1/me HTTP/1.1\r\nHo" : Wire.head("POST", "/api/1/users", 100) + "{";
                slow.add(new Wire(server.port()).send(part));
            }
            long start = System.nanoTime();
            for (int i = 0; i < 20; i++) {
                slow.get(i).send(" ");
                assertThat(ask("GET", "/health", "").status()).isEqualTo(200);
                assertThat(ask("GET", "/api/1/me", "").status()).isEqualTo(200);
            }
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
        } finally {
            slow.forEach(Wire::close);
        }
    }

    private static Answer ask(String method, String target, String body) {
        return Wire.ask(
                server.port(), method, target, body.isEmpty() ? NOTHING : body.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static void refused(Answer answer, String what) {
        assertThat(answer.status()).as(what + ": " + answer.body()).isBetween(400, 499);
        JsonNode body = Json.parse(answer.body());
        String reason = body.path("error").isObject()
                ? body.at("/error/message").asText()
                : body.path("error").asText(body.path("message").asText());
        assertThat(reason).as(what + ": " + answer.body()).isNotBlank();
        assertThat(answer.body()).doesNotContain("Exception").doesNotContain("\tat ");
    }

    private static List<Path> files() throws IOException {
        try (var all = Files.walk(folder)) {
            return all.filter(file -> !file.toString().contains("millwright.db"))
                    .sorted()
                    .toList();
        }
    }
}

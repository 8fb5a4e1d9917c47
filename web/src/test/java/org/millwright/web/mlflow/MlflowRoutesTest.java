package org.millwright.web.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.millwright.identity.Actor;
import org.millwright.kernel.Json;
import org.millwright.kernel.OnDatabases;

@ParameterizedClass
@MethodSource("org.millwright.kernel.OnDatabases#each")
final class MlflowRoutesTest {
    private final MlflowServer server;

    MlflowRoutesTest(OnDatabases.Maker maker) {
        server = new MlflowServer(maker.make(), false, 1_000_000);
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void emptyListsAreLeftOutAndNumbersAreNumbers() {
        String run = run();
        JsonNode found = server.get("runs/get?run_id=" + run).json().path("run");

        assertThat(found.path("data").has("metrics")).isFalse();
        assertThat(found.path("inputs").isObject()).isTrue();
        assertThat(found.path("inputs").isEmpty()).isTrue();
        assertThat(found.path("info").path("start_time").isIntegralNumber()).isTrue();
        assertThat(found.path("info").has("end_time")).isFalse();
        assertThat(found.path("info").path("run_uuid").asText()).isEqualTo(run);
        assertThat(server.post("runs/search", "{\"experiment_ids\":[\"5\"]}").json())
                .isEqualTo(Json.object());
        assertThat(server.get("experiments/get?experiment_id=0")
                        .json()
                        .path("experiment")
                        .path("name")
                        .asText())
                .isEqualTo("Default");
    }

    @Test
    void nanAndInfinitiesAreStringsBothWays() {
        String run = run();
        assertThat(metric(run, "\"NaN\"").status()).isEqualTo(200);
        assertThat(value(run)).isEqualTo(Json.tree("NaN"));
        assertThat(metric(run, "NaN").status()).isEqualTo(200);
        assertThat(metric(run, "\"Infinity\"").status()).isEqualTo(200);
        assertThat(value(run).asDouble()).isEqualTo(Double.MAX_VALUE);
        assertThat(metric(run, "\"1.5\"").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '^', textBlock = """
            POST  | experiments/create | {} | 400 | INVALID_PARAMETER_VALUE | Missing value for required parameter 'name'. See the API docs for more information about request parameters.
            POST  | experiments/create | {"name":12} | 400 | INVALID_PARAMETER_VALUE | Invalid value 12 for parameter 'name' supplied:  Hint: Value was of type 'int'. See the API docs
            POST  | experiments/create | {"name":"Default"} | 400 | RESOURCE_ALREADY_EXISTS | Experiment(name=Default) already exists
            POST  | experiments/search | {} | 400 | INVALID_PARAMETER_VALUE | Invalid value 0 for parameter 'max_results' supplied. It must be a positive integer
            POST  | experiments/delete | {"experiment_id":"99"} | 404 | RESOURCE_DOES_NOT_EXIST | No Experiment with id=99 exists
            POST  | experiments/delete | {"experiment_id":"x"} | 400 | INVALID_PARAMETER_VALUE | Invalid experiment ID 'x'
            POST  | runs/create | {} | 400 | INVALID_PARAMETER_VALUE | Missing value for required parameter 'experiment_id'
            POST  | runs/search | {"experiment_ids":["0"],"max_results":50001} | 400 | INVALID_PARAMETER_VALUE | at most 50000
            POST  | runs/search | {"experiment_ids":["0"],"filter":"metrics.a > 1 OR metrics.b > 2"} | 400 | INVALID_PARAMETER_VALUE | Invalid clause(s) in filter string: 'OR'
            POST  | runs/search | {"experiment_ids":["0"],"page_token":"%"} | 400 | INVALID_PARAMETER_VALUE | Invalid page token, could not base64-decode
            POST  | runs/search | {"experiment_ids":["0"],"order_by":["metrics.a","metrics.a"]} | 400 | INVALID_PARAMETER_VALUE | `order_by` contains duplicate fields
            POST  | runs/log-metric | {"run_id":"zz","key":"a","value":1,"timestamp":1} | 404 | RESOURCE_DOES_NOT_EXIST | Run with id=zz not found
            POST  | runs/log-batch | {"run_id":"zz","metrics":[{"key":"a","value":1}]} | 400 | INVALID_PARAMETER_VALUE | Missing value for required parameter 'metrics[0].timestamp'.
            POST  | runs/log-batch | {"run_id":"zz","params":[{"key":"d","value":"1"},{"key":"d","value":"1"}]} | 400 | INVALID_PARAMETER_VALUE | Duplicate parameter keys have been submitted: ['d']. Please ensure
            POST  | logged-models | {"experiment_id":"0","name":"a/b"} | 400 | INVALID_PARAMETER_VALUE | Invalid model name ('a/b') provided.
            GET   | logged-models/m-x | {} | 404 | RESOURCE_DOES_NOT_EXIST | Logged model with ID 'm-x' not found.
            POST  | registered-models/create | {"name":"a/b"} | 400 | INVALID_PARAMETER_VALUE | Names cannot contain '/' or ':'
            GET   | registered-models/get?name=zz | {} | 404 | RESOURCE_DOES_NOT_EXIST | Registered Model with name=zz not found
            GET   | model-versions/get?name=m1&version=x | {} | 400 | INVALID_PARAMETER_VALUE | Parameter 'version' must be an integer, got 'x'.
            GET   | model-versions/get?name=m1&version=9 | {} | 404 | RESOURCE_DOES_NOT_EXIST | Model Version (name=m1, version=9) not found
            POST  | model-versions/transition-stage | {"name":"m","version":"1","stage":"Prod"} | 400 | INVALID_PARAMETER_VALUE | Invalid Model Version stage: Prod. Value must be one of None, Staging, Production, Archived.
            PATCH | registered-models/update | {"name":"zz"} | 404 | RESOURCE_DOES_NOT_EXIST | not found
            GET   | nothing/here | {} | 404 | ENDPOINT_NOT_FOUND | nothing/here
            DELETE| runs/create | {} | 405 | ENDPOINT_NOT_FOUND | expected: POST
            POST  | traces | {} | 501 | NOT_IMPLEMENTED | GenAI
            POST  | webhooks | {} | 400 | INVALID_PARAMETER_VALUE | Missing value for required parameter 'name'
            POST  | runs/search | {"experiment_ids": | 400 | INVALID_PARAMETER_VALUE | Invalid JSON at line 1
            POST  | runs/search | [1] | 400 | INVALID_PARAMETER_VALUE | expected: an object
            POST  | runs/create | {"experiment_id":"0","run_name":"\\u0000"} | 400 | INVALID_PARAMETER_VALUE | NUL
            """)
    void mistakesAreAnsweredInMlflowsWords(
            String method, String path, String body, int status, String code, String message) {
        var answer = method.equals("GET") ? server.get(path) : server.send(method, path, body);

        assertThat(answer.status()).as(answer.message()).isEqualTo(status);
        assertThat(answer.code()).isEqualTo(code);
        assertThat(answer.message()).contains(message);
    }

    @Test
    void aBodyOfAnotherTypeIsRefused() {
        var answer = server.send(HttpRequest.newBuilder(URI.create(server.url() + "/api/2.0/mlflow/runs/search"))
                .header("Content-Type", "text/plain")
                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                .build());
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.message()).isEqualTo("Bad Request. Content-Type must be one of ['application/json'].");
    }

    @Test
    void bothPrefixesAndOldSpellingsWork() {
        String run = run();
        var ajax = server.call("GET", "/ajax-api/2.0/mlflow/runs/get?run_uuid=" + run, Optional.empty(), "");
        assertThat(ajax.status()).isEqualTo(200);
        var quoted =
                server.post("runs/set-tag", Json.write("{\"run_uuid\":\"" + run + "\",\"key\":\"k\",\"value\":\"v\"}"));
        assertThat(quoted.status()).isEqualTo(200);
        assertThat(server.call("GET", "/api/3.0/mlflow/server-info", Optional.empty(), "")
                        .json()
                        .path("store_type")
                        .asText())
                .isEqualTo("SqlStore");
    }

    @Test
    void artifactsKeepOddNames() {
        String run = run();
        String root = "/api/2.0/mlflow-artifacts/artifacts/0/" + run + "/artifacts/";
        for (String name : new String[] {
            "plain.txt", "d/%C3%A4%20b.json", "100%25.bin", "a;b=c,d.txt", "(x)%5B1%5D+y.html", "%E6%97%A5%3F"
        }) {
            var put = server.call("PUT", root + name, Optional.of(name.getBytes(StandardCharsets.UTF_8)), "");
            assertThat(put.status()).as(name + put.message()).isEqualTo(200);
            var got = server.call("GET", root + name, Optional.empty(), "");
            assertThat(got.raw().body()).asString(StandardCharsets.UTF_8).isEqualTo(name);
            assertThat(got.raw().headers().firstValue("Content-Disposition").orElse(""))
                    .startsWith("attachment; filename");
            assertThat(got.raw().headers().firstValue("X-Content-Type-Options")).contains("nosniff");
            assertThat(got.raw().headers().firstValue("Content-Type").orElse(""))
                    .doesNotContain("html");
        }
        JsonNode listed = server.get("artifacts/list?run_id=" + run).json();
        assertThat(listed.path("root_uri").asText()).endsWith("/artifacts");
        assertThat(listed.findValuesAsText("path"))
                .containsExactlyInAnyOrder("100%.bin", "(x)[1]+y.html", "a;b=c,d.txt", "d", "plain.txt", "日?");
        JsonNode proxied = server.call(
                        "GET",
                        "/api/2.0/mlflow-artifacts/artifacts?path=0%2F" + run + "%2Fartifacts%2Fd",
                        Optional.empty(),
                        "")
                .json();
        assertThat(proxied.path("files").get(0).path("path").asText()).isEqualTo("ä b.json");
        assertThat(server.get("artifacts/list?run_id=" + run + "&path=d").json().findValuesAsText("path"))
                .containsExactly("d/ä b.json");
        var legacy = server.call("GET", "/get-artifact?path=plain.txt&run_id=" + run, Optional.empty(), "");
        assertThat(legacy.raw().body()).asString().isEqualTo("plain.txt");
        assertThat(server.call("DELETE", root + "d", Optional.empty(), "").status())
                .isEqualTo(200);
        assertThat(server.call("GET", root + "d/%C3%A4%20b.json", Optional.empty(), "")
                        .status())
                .isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "%2e%2e/x",
                "..%2fx",
                "%252e%252e%252fx",
                "a/..%5c..%5cx",
                "%2fetc%2fpasswd",
                "C:%5cx",
                "a%00b",
                "%c0%ae%c0%ae/x",
                "a%23b",
                "a%0ab",
                "//x",
                "%ff"
            })
    void pathsThatLeaveTheTreeAreRefused(String path) {
        String base = "/api/2.0/mlflow-artifacts/artifacts/";
        for (String method : new String[] {"GET", "PUT", "DELETE"}) {
            var answer = server.call(
                    method, base + path, method.equals("PUT") ? Optional.of(new byte[] {1}) : Optional.empty(), "");
            assertThat(answer.status()).as(method + " " + path).isBetween(400, 404);
        }
        String run = run();
        String query = path.replace("%", "%25");
        for (String url : new String[] {
            base.substring(0, base.length() - 1) + "?path=" + query,
            "/api/2.0/mlflow/artifacts/list?run_id=" + run + "&path=" + query,
            "/get-artifact?run_id=" + run + "&path=" + query
        }) {
            assertThat(server.call("GET", url, Optional.empty(), "").status())
                    .as(url)
                    .isBetween(400, 404);
        }
    }

    @Test
    void uploadsOverTheLimitLeaveNothing() {
        String url = "/api/2.0/mlflow-artifacts/artifacts/0/" + run() + "/artifacts/big";
        var answer = server.call("PUT", url, Optional.of(new byte[1_000_001]), "");
        assertThat(answer.status()).isEqualTo(413);
        assertThat(server.call("GET", url, Optional.empty(), "").status()).isEqualTo(404);
        assertThat(server.call("POST", "/api/2.0/mlflow-artifacts/mpu/create/x", Optional.of(new byte[1]), "")
                        .status())
                .isEqualTo(501);
    }

    @Test
    void aStepsTokenReachesItsRunOnly() {
        String own = run();
        String other = run();
        String token = server.tracking.users.issueRunToken(Actor.LOCAL, own, Duration.ofHours(1));

        assertThat(asStep(token, "runs/set-tag", "{\"run_id\":\"" + own + "\",\"key\":\"k\",\"value\":\"v\"}"))
                .isEqualTo(200);
        assertThat(asStep(token, "runs/set-tag", "{\"run_id\":\"" + other + "\",\"key\":\"k\",\"value\":\"v\"}"))
                .isEqualTo(403);
        assertThat(asStep(token, "runs/delete", "{\"run_id\":\"" + other + "\"}"))
                .isEqualTo(403);
        assertThat(asStep(token, "registered-models/create", "{\"name\":\"m\"}"))
                .isEqualTo(403);
        assertThat(asStep(token, "experiments/create", "{\"name\":\"m\"}")).isEqualTo(403);
        String artifacts = "/api/2.0/mlflow-artifacts/artifacts/0/";
        assertThat(server.call("PUT", artifacts + own + "/artifacts/x", Optional.of(new byte[1]), token)
                        .status())
                .isEqualTo(200);
        assertThat(server.call("PUT", artifacts + other + "/artifacts/x", Optional.of(new byte[1]), token)
                        .status())
                .isEqualTo(403);
    }

    @Test
    void everyEndpointAnswersEmptyAndOddRequestsWithoutAFault() {
        Set<String> table = server.routes.table();
        assertThat(table).hasSizeGreaterThan(60);
        for (String endpoint : table) {
            String[] parts = endpoint.split(" ");
            String path = parts[1].replace("{id}", "m-1").replace("{key}", "k");
            for (String body : new String[] {
                "{}",
                "{\"run_id\":null,\"name\":\"\",\"experiment_id\":\"-1\",\"max_results\":-5}",
                "{\"run_id\":\"\\ud800\",\"name\":\"a\\u0000\",\"version\":\"99999999999999999999\",\"metrics\":{}}",
                "{\"experiment_ids\":[1],\"order_by\":[\"\"],\"filter\":\"'\",\"max_results\":1e30,\"tags\":[[]]}",
                "{\"experiment_id\":\"99999999999999999999\",\"key\":\"..\",\"value\":{},\"run_id\":[]}",
            }) {
                var answer = server.send(parts[0], path, body);
                assertThat(answer.status())
                        .as(endpoint + " " + body + " " + answer.message())
                        .isLessThan(500);
            }
        }
    }

    private int asStep(String token, String path, String body) {
        return server.call("POST", "/api/2.0/mlflow/" + path, Optional.of(body.getBytes(StandardCharsets.UTF_8)), token)
                .status();
    }

    private String run() {
        return server.post("runs/create", "{\"experiment_id\":\"0\",\"user_id\":\"u\",\"start_time\":5}")
                .json()
                .path("run")
                .path("info")
                .path("run_id")
                .asText();
    }

    private MlflowServer.Answer metric(String run, String value) {
        return server.post(
                "runs/log-metric",
                "{\"run_id\":\"" + run + "\",\"key\":\"m\",\"value\":" + value + ",\"timestamp\":\"1\",\"step\":1}");
    }

    private JsonNode value(String run) {
        return server.get("runs/get?run_id=" + run)
                .json()
                .path("run")
                .path("data")
                .path("metrics")
                .get(0)
                .path("value");
    }

    @Test
    void aFileOfALoggedModelIsTheOnlyAnswer() throws IOException {
        String id = server.post("logged-models", "{\"experiment_id\":\"0\",\"name\":\"files\"}")
                .json()
                .path("model")
                .path("info")
                .path("model_id")
                .asText();
        byte[] bytes = new byte[100_000];
        new Random(7).nextBytes(bytes);
        server.call(
                "PUT",
                "/api/2.0/mlflow-artifacts/artifacts/0/models/" + id + "/artifacts/part",
                Optional.of(bytes),
                "");
        URI address = URI.create(server.url());
        try (var socket = new Socket(address.getHost(), address.getPort())) {
            socket.setSoTimeout(20_000);
            String ask = "GET /ajax-api/2.0/mlflow/logged-models/" + id
                    + "/artifacts/files?artifact_file_path=part HTTP/1.1\r\nHost: localhost\r\n\r\n";
            for (int i = 0; i < 3; i++) {
                socket.getOutputStream().write(ask.getBytes(StandardCharsets.US_ASCII));
                assertThat(head(socket.getInputStream()))
                        .startsWith("HTTP/1.1 200")
                        .contains("100000");
                assertThat(socket.getInputStream().readNBytes(bytes.length)).isEqualTo(bytes);
            }
        }
    }

    private static String head(InputStream in) throws IOException {
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException("the connection ended after '" + head + "'");
            }
            head.append((char) next);
        }
        return head.toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/health", "/version"})
    void whatIsNoApiIsNotFramedElsewhereEither(String path) {
        var headers = server.call("GET", path, Optional.empty(), "").raw().headers();
        assertThat(headers.firstValue("X-Frame-Options")).contains("SAMEORIGIN");
        assertThat(headers.firstValue("X-Content-Type-Options")).contains("nosniff");
    }
}

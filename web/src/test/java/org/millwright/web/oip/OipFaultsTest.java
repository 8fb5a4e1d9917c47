package org.millwright.web.oip;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.millwright.kernel.Json;

/** Each bad request to infer gets one error in the protocol's form, and the next good one its answer. */
class OipFaultsTest extends OverRest {
    private static final String REST = """
            {"name":"wind","shape":[1],"datatype":"FP64","data":[3.5]},
            {"name":"hour","shape":[1],"datatype":"INT64","data":[7]},
            {"name":"carrier","shape":[1],"datatype":"BYTES","data":["UA"]}""";

    @AfterEach
    void stillAnswers() throws Exception {
        assertThat(infer(input("\"shape\":[1],\"datatype\":\"FP64\",\"data\":[500]"))
                        .statusCode())
                .isEqualTo(200);
    }

    private static String input(String distance) {
        return "{\"inputs\":[{\"name\":\"distance\"," + distance + "}," + REST + "]}";
    }

    static Stream<Arguments> bodies() {
        return Stream.of(
                fault("elements", input("\"shape\":[4294967296,4294967296],\"datatype\":\"FP64\",\"data\":[1]")),
                fault("at least 0", input("\"shape\":[-1],\"datatype\":\"FP64\",\"data\":[1]")),
                fault("'shape' is missing", input("\"datatype\":\"FP64\",\"data\":[1]")),
                fault("'data' is missing", input("\"shape\":[1],\"datatype\":\"FP64\"")),
                fault("means 2 elements", input("\"shape\":[2],\"datatype\":\"FP64\",\"data\":[1]")),
                fault("means 1 elements", input("\"shape\":[1],\"datatype\":\"FP64\",\"data\":[1,2]")),
                fault("means 1 elements", input("\"shape\":[],\"datatype\":\"FP64\",\"data\":[]")),
                fault("does not fit", input("\"shape\":[1],\"datatype\":\"BYTES\",\"data\":[\"far\"]")),
                fault("datatype FP64", input("\"shape\":[1],\"datatype\":\"FP64\",\"data\":[true]")),
                fault("range of a double", input("\"shape\":[1],\"datatype\":\"FP64\",\"data\":[1e999]")),
                fault(
                        "not valid JSON",
                        input("\"shape\":[1],\"datatype\":\"FP64\",\"data\":[" + "9".repeat(500) + "]")),
                fault("'data' occurs twice", input("\"shape\":[1],\"datatype\":\"FP64\",\"data\":[1],\"data\":[2]")),
                fault("'inputs' occurs twice", "{\"inputs\":[],\"inputs\":[]}"),
                fault(
                        "more inputs than the model's 4",
                        "{\"inputs\":["
                                + "{\"name\":\"x\",\"shape\":[1],\"datatype\":\"BOOL\",\"data\":[1]},".repeat(200_000)
                                + "]}"),
                fault("inputs[0] must be an object", "{\"inputs\":" + "[".repeat(1_000_000)),
                fault("not valid JSON", "{\"model_name\":" + "[".repeat(1_000_000)),
                fault("parameter 'a' must be", "{\"parameters\":" + "{\"a\":".repeat(100_000)),
                fault("must be an object", "{\"inputs\":[1]}"),
                fault("must be a JSON object", ""),
                fault("must be a JSON object", "[]"),
                fault("missing or empty", "{}"),
                fault(
                        "an id needs",
                        input("\"shape\":[1],\"datatype\":\"FP64\",\"data\":[1]},"
                                + "{\"name\":\"mw.id\",\"shape\":[1],\"datatype\":\"BYTES\",\"data\":[\""
                                + "x".repeat(201)
                                + "\"]")),
                fault("something follows", input("\"shape\":[1],\"datatype\":\"FP64\",\"data\":[1]") + "{}"));
    }

    private static Arguments fault(String message, String body) {
        return Arguments.of(message, body);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bodies")
    void aBadBodyIsRefused(String message, String body) throws Exception {
        refused(infer(body), 400, message);
    }

    @Test
    void aBadLengthOfTheJsonIsRefused() throws Exception {
        String body = input("\"shape\":[1],\"datatype\":\"FP64\",\"parameters\":{\"binary_data_size\":8}");
        for (String length : new String[] {"-1", "1e3", "99999999999", "0x10", ""}) {
            refused(infer(body, length), 400, "how many bytes of the body are JSON");
        }
        refused(infer(body, "0"), 400, "is said to have 0 bytes");
        refused(infer(body, "999999"), 400, "is said to have 999999 bytes");
        refused(infer(body, "5"), 400, "not valid JSON");
        refused(infer(body, Integer.toString(body.length())), 400, "0 bytes follow the JSON");
        refused(infer(body), 400, "0 bytes follow the JSON");
        refused(infer(body + "1234567", Integer.toString(body.length())), 400, "7 bytes follow the JSON");
        refused(infer(body + "123456789", Integer.toString(body.length())), 400, "1 bytes after the JSON");
        assertThat(infer(body + "12345678", Integer.toString(body.length())).statusCode())
                .isEqualTo(200);
    }

    @Test
    void aBodyThatIsTooLargeIsRefusedBeforeItIsSent() throws Exception {
        for (String length : new String[] {"2147483648", "9223372036854775807"}) {
            String head = "POST /v2/models/delays/infer HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                    + "Content-Type: application/json\r\nContent-Length: " + length + "\r\n\r\n";
            try (var socket = new Socket("127.0.0.1", server.port())) {
                socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
                socket.shutdownOutput();
                String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                assertThat(answer).startsWith("HTTP/1.1 413").contains("{\"error\":\"The body is larger than");
            }
        }
    }

    @Test
    void anUnknownModelIsNotFoundWhateverItsName() throws Exception {
        String good = input("\"shape\":[1],\"datatype\":\"FP64\",\"data\":[500]");
        for (String name : new String[] {"none", "%2e%2e", "a%2Fb", "a%20b", "%F0%9F%98%80", "x".repeat(2_000)}) {
            for (String path : new String[] {"", "/ready", "/versions/1", "/versions/1/ready"}) {
                refused(get("/v2/models/" + name + path), 404, "");
            }
            for (String path : new String[] {"/infer", "/versions/1/infer"}) {
                refused(post("/v2/models/" + name + path, good), 404, "");
            }
        }
        refused(post("/v2/models/delays/versions/-1/infer", good), 404, "no loaded version '-1'");
        refused(get("/v2/models/delays/versions/9/ready"), 404, "no loaded version '9'");
        refused(get("/v2/nothing"), 404, "Nothing is at");
    }

    @Test
    void aScoringAddressTakesOnlyPost() throws Exception {
        HttpResponse<String> infer = get("/v2/models/delays/infer");
        refused(infer, 405, "GET is no method of /v2/models/delays/infer (expected: POST");
        assertThat(infer.headers().firstValue("Allow")).hasValue("POST");
        for (String path : new String[] {"/invocations", "/deployments/delays/invocations"}) {
            HttpResponse<String> answer = get(path);
            assertThat(answer.statusCode()).isEqualTo(405);
            assertThat(answer.headers().firstValue("Allow")).hasValue("POST");
            assertThat(Json.parse(answer.body()).path("message").asText()).contains("expected: POST");
        }
    }

    private static void refused(HttpResponse<String> answer, int status, String message) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        JsonNode json = Json.parse(answer.body());
        assertThat(json.size()).isEqualTo(1);
        assertThat(json.path("error").asText()).contains(message).hasSizeLessThan(600);
    }

    private HttpResponse<String> infer(String body) throws Exception {
        return post("/v2/models/delays/infer", body);
    }

    private HttpResponse<String> infer(String body, String length) throws Exception {
        return post("/v2/models/delays/infer", body, "Inference-Header-Content-Length", length);
    }
}

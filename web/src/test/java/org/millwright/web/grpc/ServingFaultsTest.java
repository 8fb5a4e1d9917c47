package org.millwright.web.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.project.OnStop;
import org.millwright.scoring.Frame;
import org.millwright.scoring.Model;
import org.millwright.scoring.ModelFailure;
import org.millwright.scoring.Signature;
import org.millwright.serving.Admission;
import org.millwright.web.oip.ScoringServer;

/**
 * What goes wrong while models serve, told in each protocol's form while another deployment answers as ever. Where each kind
 * of bad input and fault is tried:
 *
 * <table>
 * <tr><td>shape product overflow; negative, missing, too many dimensions; data shorter or longer; wrong datatype; a million
 *     inputs</td><td>OipFaultsTest, GrpcServerTest</td></tr>
 * <tr><td>deep JSON, duplicate keys, 1e999, numbers of 500 digits</td><td>OipFaultsTest; of MLflow's protocol here</td></tr>
 * <tr><td>a content length of 2 GB</td><td>OipFaultsTest, here; messages: GrpcServerTest</td></tr>
 * <tr><td>one byte at a time</td><td>here, HttpBoundaryTest; messages: GrpcServerTest</td></tr>
 * <tr><td>raw contents beside contents</td><td>GrpcServerTest</td></tr>
 * <tr><td>an unknown model, with path characters</td><td>OipFaultsTest, GrpcServerTest; of MLflow's protocol here</td></tr>
 * <tr><td>a model whose load fails or never ends</td><td>here; its process: PythonWorkersTest, StrangeWorkersTest</td></tr>
 * <tr><td>a Python worker killed in mid-request</td><td>PythonWorkersTest; what callers are told: here</td></tr>
 * <tr><td>a certificate that expires while serving</td><td>ExpiredTest, ExpiryTest of the server and of the scorer</td></tr>
 * <tr><td>a certificate that is revoked while serving</td><td>StopTest; what callers are told: here</td></tr>
 * <tr><td>the control plane is gone</td><td>EmbeddedScorerTest, ScorerTest</td></tr>
 * <tr><td>what one may not read</td><td>VisibilityTest</td></tr>
 * <tr><td>more than fits</td><td>AdmissionTest, LimitsTest</td></tr>
 * </table>
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ServingFaultsTest {
    private static final String ROW = """
            {"dataframe_records": [{"distance": 1, "wind": 2, "hour": 3, "carrier": "UA"}]}""";
    private static final String INFER = """
            {"inputs": [{"name": "distance", "datatype": "FP64", "shape": [1], "data": [1]},
            {"name": "wind", "datatype": "FP64", "shape": [1], "data": [2]},
            {"name": "hour", "datatype": "INT64", "shape": [1], "data": [3]},
            {"name": "carrier", "datatype": "BYTES", "shape": [1], "data": ["UA"]}]}""";
    private static final String STRANGE = "7";

    @TempDir
    static Path folder;

    /** How version 7 is. */
    private final AtomicReference<How> how = new AtomicReference<>(How.WELL);

    private final HttpClient http = HttpClient.newHttpClient();
    private ScoringServer server;
    private ManagedChannel channel;

    private enum How {
        WELL,
        STARTING,
        KILLED,
        UNLOADABLE
    }

    @BeforeAll
    void serve() {
        server = new ScoringServer(
                folder,
                false,
                new Admission(),
                bundle -> load(bundle.manifest().version(), bundle.load()),
                project -> new OnStop.Refuse());
        server.deploy("board", STRANGE);
        channel = Calls.channel(server.grpcPort());
    }

    @AfterAll
    void stop() {
        channel.shutdownNow();
        server.close();
    }

    @AfterEach
    void everythingElseAnswers() throws Exception {
        how.set(How.WELL);
        for (String name : List.of("delays", "board")) {
            assertThat(send("/v2/models/" + name + "/infer", INFER).statusCode())
                    .isEqualTo(200);
            assertThat(send("/deployments/" + name + "/invocations", ROW).statusCode())
                    .isEqualTo(200);
            assertThat(Calls.call(channel, null, "ModelInfer", Calls.row(name))).isNotEmpty();
        }
    }

    private Model load(String version, Model model) {
        if (!version.equals(STRANGE)) {
            return model;
        }
        if (how.get() == How.UNLOADABLE) {
            model.close();
            throw new ModelFailure("the Python worker did not load the model within 60 s and was stopped");
        }
        return new Strange(model, how);
    }

    static List<Arguments> bodies() {
        return List.of(
                Arguments.of(ROW.replace("1,", "1e999,"), "'distance', row 0"),
                Arguments.of(ROW.replace("1,", "9".repeat(500) + ","), "not valid JSON"),
                Arguments.of(ROW.replace("\"wind\"", "\"distance\": 2, \"wind\""), "not valid JSON"),
                Arguments.of("{\"inputs\": 1, \"inputs\": 2}", "not valid JSON"),
                Arguments.of("{\"instances\":" + "[".repeat(1_000_000), "not valid JSON"),
                Arguments.of("{\"instances\":" + "{\"a\":".repeat(100_000), "not valid JSON"),
                Arguments.of(ROW.replace("3,", "\"noon\","), "'hour', row 0"),
                Arguments.of(ROW.replace("\"distance\": 1,", ""), "was not sent in row 0"),
                Arguments.of("{\"dataframe_records\": [" + "{},".repeat(1_000_000) + "{}]}", "row 0"),
                Arguments.of(ROW.substring(1), "not valid JSON"));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("bodies")
    void aBadBodyIsRefusedInMlflowsForm(String body, String message) throws Exception {
        HttpResponse<String> answer = send("/deployments/delays/invocations", body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        JsonNode json = Json.parse(answer.body());
        assertThat(json.path("error_code").asText()).isEqualTo("BAD_REQUEST");
        assertThat(json.path("message").asText()).contains(message).hasSizeLessThan(600);
    }

    @Test
    void anUnknownModelIsNotFoundInMlflowsForm() throws Exception {
        for (String name : List.of("none", "%2e%2e", "a%2Fb", "a%20b", "%F0%9F%98%80", "x".repeat(2_000))) {
            HttpResponse<String> answer = send("/deployments/" + name + "/invocations", ROW);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(404);
            assertThat(Json.parse(answer.body()).path("error_code").asText()).isEqualTo("RESOURCE_DOES_NOT_EXIST");
            assertThat(answer.body()).hasSizeLessThan(600);
        }
    }

    @Test
    void aBodyMayComeByteByByteAndNotForEver() throws Exception {
        for (String path : List.of("/v2/models/delays/infer", "/deployments/delays/invocations")) {
            String body = path.startsWith("/v2") ? INFER : ROW;
            try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
                socket.setTcpNoDelay(true);
                OutputStream out = socket.getOutputStream();
                for (byte next : (head(path, body.length()) + body).getBytes(StandardCharsets.US_ASCII)) {
                    out.write(next);
                    out.flush();
                }
                assertThat(answer(socket)).startsWith("HTTP/1.1 200");
            }
            try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
                socket.getOutputStream().write(head(path, 2_147_483_648L).getBytes(StandardCharsets.US_ASCII));
                socket.shutdownOutput();
                assertThat(answer(socket)).startsWith("HTTP/1.1 413").contains("The body is larger than");
            }
        }
    }

    private static String head(String path, long length) {
        return "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                + "Content-Type: application/json\r\nContent-Length: " + length + "\r\n\r\n";
    }

    private static String answer(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    @Test
    void whileItsProcessStartsAModelIsNotReady() throws Exception {
        how.set(How.STARTING);
        for (String path : List.of("/v2/models/board/ready", "/v2/models/board/versions/7/ready")) {
            HttpResponse<String> not = send(path, null);
            assertThat(not.statusCode()).isEqualTo(503);
            assertThat(not.headers().firstValue("Retry-After")).contains("1");
            assertThat(not.body()).isEqualTo("{\"error\":\"Deployment board is still starting\"}");
        }
        byte[] named = new Message().text(1, "board").toBytes();
        assertThat(Calls.call(channel, null, "ModelReady", named)).containsExactly(8, 0);
        assertThat(send("/v2/models/delays/ready", null).statusCode()).isEqualTo(200);
        how.set(How.WELL);
        assertThat(send("/v2/models/board/ready", null).statusCode()).isEqualTo(200);
        assertThat(Calls.call(channel, null, "ModelReady", named)).containsExactly(8, 1);
    }

    @Test
    void whoseWorkerWasKilledIsToldToComeAgain() throws Exception {
        how.set(How.KILLED);
        String why = "The Python worker of delays/7 was killed";
        HttpResponse<String> infer = send("/v2/models/board/infer", INFER);
        assertThat(infer.statusCode()).isEqualTo(503);
        assertThat(infer.headers().firstValue("Retry-After")).contains("1");
        assertThat(infer.body()).isEqualTo("{\"error\":\"" + why + "\"}");
        HttpResponse<String> invocations = send("/deployments/board/invocations", ROW);
        assertThat(invocations.statusCode()).isEqualTo(503);
        assertThat(invocations.headers().firstValue("Retry-After")).contains("1");
        assertThat(invocations.body()).contains("TEMPORARILY_UNAVAILABLE", why);
        Calls.refused(channel, null, "ModelInfer", Calls.row("board"), Status.Code.UNAVAILABLE, why);
        assertThat(send("/v2/models/delays/infer", INFER).statusCode()).isEqualTo(200);
    }

    @Test
    void whatDoesNotLoadIsNotDeployedAndSaysWhy() throws Exception {
        how.set(How.UNLOADABLE);
        assertThatThrownBy(() -> server.deploy("other", STRANGE))
                .isInstanceOf(Problem.Refused.class)
                .hasMessageContaining("Model delays/7 does not load: the Python worker did not load");
        HttpResponse<String> absent = send("/v2/models/other/infer", INFER);
        assertThat(absent.statusCode()).isEqualTo(404);
        assertThat(absent.body()).contains("No deployment named 'other'");
        Calls.refused(channel, null, "ModelInfer", Calls.row("other"), Status.Code.NOT_FOUND, "'other'");
    }

    @Test
    void whatIsRevokedWhileItServesIsRefusedAndNothingElse() throws Exception {
        server.deploy("fleet", "8");
        server.stop("fleet", "its certificate was revoked: leaked");
        String why = "Deployment fleet was stopped: its certificate was revoked: leaked";
        HttpResponse<String> infer = send("/v2/models/fleet/infer", INFER);
        assertThat(infer.statusCode()).isEqualTo(503);
        assertThat(infer.body()).isEqualTo("{\"error\":\"" + why + "\"}");
        assertThat(send("/deployments/fleet/invocations", ROW).body()).contains("TEMPORARILY_UNAVAILABLE", why);
        Calls.refused(channel, null, "ModelInfer", Calls.row("fleet"), Status.Code.UNAVAILABLE, why);
    }

    private HttpResponse<String> send(String path, String body) throws Exception {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .header("Content-Type", "application/json");
        if (body != null) {
            request.POST(HttpRequest.BodyPublishers.ofString(body));
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** A real model behind what may happen to one. */
    private record Strange(Model model, AtomicReference<How> how) implements Model {
        @Override
        public boolean isReady() {
            return how.get() != How.STARTING;
        }

        @Override
        public Frame predict(Frame input) {
            if (how.get() == How.KILLED) {
                throw ModelFailure.temporary("The Python worker of delays/7 was killed");
            }
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

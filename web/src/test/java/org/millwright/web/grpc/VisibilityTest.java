package org.millwright.web.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.identity.Role;
import org.millwright.web.oip.ScoringServer;

/** Who may not read in a deployment's project cannot tell the deployment from one that is not there, in any protocol. */
class VisibilityTest {
    private static final List<String> READINGS = List.of(
            "/v2/models/NAME",
            "/v2/models/NAME/ready",
            "/v2/models/NAME/versions/1",
            "/v2/models/NAME/versions/9",
            "/v2/models/NAME/versions/1/ready",
            "/deployments/NAME/openapi.json");
    private static final List<String> SCORINGS =
            List.of("/v2/models/NAME/infer", "/v2/models/NAME/versions/1/infer", "/deployments/NAME/invocations");

    @TempDir
    Path folder;

    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void whatOneMayNotReadIsAsIfItWereAbsent() throws Exception {
        try (var server = new ScoringServer(folder, true)) {
            server.deploy("board", "1");
            String stranger = server.token("zoe");
            String auditor = server.token("eve", Role.AUDITOR);
            for (String path : READINGS) {
                HttpResponse<String> absent = send(server, stranger, path.replace("NAME", "nope1s"), null);
                HttpResponse<String> hidden = send(server, stranger, path.replace("NAME", "delays"), null);
                assertThat(hidden.statusCode()).as(path).isEqualTo(404).isEqualTo(absent.statusCode());
                assertThat(hidden.body().replace("delays", "nope1s")).isEqualTo(absent.body());
                int status = path.contains("9") ? 404 : 200;
                assertThat(send(server, auditor, path.replace("NAME", "delays"), null)
                                .statusCode())
                        .as(path)
                        .isEqualTo(status);
            }
            for (String path : SCORINGS) {
                HttpResponse<String> absent = send(server, stranger, path.replace("NAME", "nope1s"), "{}");
                HttpResponse<String> hidden = send(server, stranger, path.replace("NAME", "delays"), "{}");
                assertThat(hidden.statusCode()).as(path).isEqualTo(404);
                assertThat(hidden.body().replace("delays", "nope1s")).isEqualTo(absent.body());
            }
            HttpResponse<String> only = send(server, stranger, "/invocations", "{}");
            assertThat(only.statusCode()).isEqualTo(404);
            assertThat(only.body()).contains("Nothing is deployed").doesNotContain("board");
            assertThat(send(server, auditor, "/invocations", "{}").body()).contains("[board, delays]");
            overGrpc(server, stranger, auditor);
        }
    }

    private static void overGrpc(ScoringServer server, String stranger, String auditor) {
        ManagedChannel channel = Calls.channel(server.grpcPort());
        for (String method : List.of("ModelMetadata", "ModelReady", "ModelInfer")) {
            Status hidden = Calls.refusal(channel, "Bearer " + stranger, method, Calls.row("delays"));
            Status absent = Calls.refusal(channel, "Bearer " + stranger, method, Calls.row("nope1s"));
            assertThat(hidden.getCode())
                    .as(method)
                    .isEqualTo(Status.Code.NOT_FOUND)
                    .isEqualTo(absent.getCode());
            assertThat(hidden.getDescription()).isEqualTo("No deployment named 'delays'");
            assertThat(absent.getDescription()).isEqualTo("No deployment named 'nope1s'");
        }
        byte[] named = new Message().text(1, "delays").toBytes();
        assertThat(Calls.call(channel, "Bearer " + auditor, "ModelMetadata", named))
                .isNotEmpty();
        assertThat(Calls.call(channel, "Bearer " + auditor, "ModelReady", named))
                .containsExactly(8, 1);
        Calls.refused(
                channel,
                "Bearer " + auditor,
                "ModelInfer",
                Calls.row("delays"),
                Status.Code.PERMISSION_DENIED,
                "eve may not score");
        channel.shutdownNow();
    }

    private HttpResponse<String> send(ScoringServer server, String token, String path, String body) throws Exception {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json");
        if (body != null) {
            request.POST(HttpRequest.BodyPublishers.ofString(body));
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}

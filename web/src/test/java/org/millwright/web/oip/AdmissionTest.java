package org.millwright.web.oip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.millwright.serving.Await.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.kernel.Problem;
import org.millwright.serving.Admission;

class AdmissionTest {
    private static final String BODY = """
            {"dataframe_records": [{"distance": 1, "wind": 2, "hour": 3, "carrier": "UA"}]}""";

    @TempDir
    Path folder;

    @Test
    void beyondItsPlacesCallersAreToldToComeAgainAndNobodyElseNotices() throws Exception {
        var admission = new Admission(2, 1_000_000);
        try (var server = new ScoringServer(folder, false, admission);
                var client = HttpClient.newHttpClient();
                Socket slow = begin(server);
                Socket other = begin(server)) {
            await(() -> admission.requests() == 2);
            for (String path : new String[] {"/invocations", "/v2/models/delays/infer"}) {
                HttpResponse<String> refused = post(client, server, path);
                assertThat(refused.statusCode()).isEqualTo(503);
                assertThat(refused.headers().firstValue("Retry-After")).contains("1");
                assertThat(refused.body()).contains("Too many requests at once: 2 are being answered");
            }
            assertThat(admission.requests()).isEqualTo(2);

            assertThat(end(slow)).contains(" 200 ").contains("predictions");
            await(() -> admission.requests() == 1);
            assertThat(post(client, server, "/invocations").statusCode()).isEqualTo(200);
            assertThat(end(other)).contains(" 200 ");
            await(() -> admission.requests() == 0);
        }
    }

    @Test
    void oneLargeRequestIsLetInAlone() {
        var admission = new Admission(10, 100);
        try (var large = admission.admit(1_000)) {
            assertThatThrownBy(() -> admission.admit(1)).isInstanceOf(Problem.Busy.class);
        }
        admission.admit(50);
        admission.admit(50);
        assertThatThrownBy(() -> admission.admit(1)).isInstanceOf(Problem.Busy.class);
    }

    /** A request whose body has begun to come. */
    private static Socket begin(ScoringServer server) throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        String head =
                "POST /invocations HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
                        + BODY.length() + "\r\n\r\n";
        socket.getOutputStream().write((head + BODY.substring(0, 10)).getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
        return socket;
    }

    private static String end(Socket socket) throws IOException {
        socket.getOutputStream().write(BODY.substring(10).getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
        var answer = new byte[4_096];
        int read = 0;
        while (!new String(answer, 0, read, StandardCharsets.US_ASCII).contains("]}")) {
            read += socket.getInputStream().read(answer, read, answer.length - read);
        }
        return new String(answer, 0, read, StandardCharsets.US_ASCII);
    }

    private static HttpResponse<String> post(HttpClient client, ScoringServer server, String path)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(BODY))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }
}

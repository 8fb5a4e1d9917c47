package org.millwright.web.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.millwright.kernel.OnDatabases;
import org.millwright.web.WebSettings;

/** Which hosts, pages and paths the server listens to; headers that only browsers and attackers write. */
final class OriginsTest {
    private final MlflowServer server = new MlflowServer(
            OnDatabases.sqlite(),
            1_000,
            new WebSettings("127.0.0.1", 0, false, Set.of("ml.example"), Set.of("https://pages.example"), "/mlflow"));

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void aPrefixIsBeforeThePathsOfBrowsersOnly() {
        String get = "2.0/mlflow/experiments/get?experiment_id=0";
        assertThat(status("/api/" + get)).isEqualTo(200);
        assertThat(status("/mlflow/ajax-api/" + get)).isEqualTo(200);
        assertThat(status("/ajax-api/" + get)).isEqualTo(404);
        assertThat(status("/mlflow/get-artifact")).isEqualTo(400);
        assertThat(status("/mlflow/model-versions/get-artifact?path=..")).isEqualTo(400);
    }

    private int status(String path) {
        return server.call("GET", path, Optional.empty(), "").status();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "localhost:5000",
                "127.0.0.1:1",
                "[::1]:5000",
                "10.0.0.9",
                "192.168.3.4:80",
                "172.31.0.1",
                "ml.example:443"
            })
    void ownAndPrivateHostsAreServed(String host) throws IOException {
        assertThat(raw("GET", host, "")).startsWith("HTTP/1.1 200");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "172.32.0.1",
                "8.8.8.8",
                "10.0.0.9.evil.example",
                "localhost.evil.example",
                "127.0.0.1@evil",
                ""
            })
    void otherHostsAreRefused(String host) throws IOException {
        assertThat(raw("GET", host, "")).startsWith("HTTP/1.1 40").doesNotStartWith("HTTP/1.1 404");
    }

    @ParameterizedTest
    @CsvSource({
        "http://localhost:3000, 200",
        "http://127.0.0.1:8080, 200",
        "https://pages.example, 200",
        "https://evil.example, 403",
        "http://localhost.evil.example, 403",
        "null, 403",
        "http://pages.example, 403"
    })
    void changesComeFromKnownPagesOnly(String origin, int status) throws IOException {
        String answer = raw("POST", "localhost", "Origin: " + origin + "\r\n");
        assertThat(answer).startsWith("HTTP/1.1 " + status);
        assertThat(answer.contains("Access-Control-Allow-Origin: " + origin)).isEqualTo(status == 200);
        assertThat(answer).doesNotContain("Access-Control-Allow-Credentials");
    }

    @Test
    void browsersMayAskFirst() throws IOException {
        String asked =
                raw("OPTIONS", "localhost", "Origin: https://pages.example\r\nAccess-Control-Request-Method: POST\r\n");
        assertThat(asked).startsWith("HTTP/1.1 204").contains("Access-Control-Allow-Methods: ");
    }

    private String raw(String method, String host, String headers) throws IOException {
        URI url = URI.create(server.url());
        String path = method.equals("POST") ? "runs/search" : "experiments/get?experiment_id=0";
        String body = method.equals("POST") ? "{}" : "";
        try (var socket = new Socket(url.getHost(), url.getPort())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write((method + " /api/2.0/mlflow/" + path + " HTTP/1.1\r\nHost: " + host + "\r\n" + headers
                                    + "Content-Type: application/json\r\nContent-Length: " + body.length()
                                    + "\r\nConnection: close\r\n\r\n" + body)
                            .getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}

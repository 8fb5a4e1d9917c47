package org.millwright.web.oip;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.identity.Role;
import org.millwright.scoring.Python;

/** Triton's own client for Python, with its defaults. */
class TritonClientTest {
    private static final Python PYTHON =
            Python.with("tritonclient-2.58.0-http-grpc", "tritonclient[http,grpc]==2.58.0", "numpy<3");

    @TempDir
    Path folder;

    @Test
    void scoresOverHttp() throws IOException {
        try (var server = new ScoringServer(folder, false)) {
            scores(server, "http", "127.0.0.1:" + server.port());
        }
    }

    @Test
    void scoresOverHttpWithAToken() throws IOException {
        try (var server = new ScoringServer(folder, true)) {
            scores(server, "http", "127.0.0.1:" + server.port(), server.token("board", Role.APP_DEVELOPER));
        }
    }

    @Test
    void scoresOverGrpc() throws IOException {
        try (var server = new ScoringServer(folder, false)) {
            scores(server, "grpc", "127.0.0.1:" + server.grpcPort());
        }
    }

    @Test
    void scoresOverGrpcWithAToken() throws IOException {
        try (var server = new ScoringServer(folder, true)) {
            scores(server, "grpc", "127.0.0.1:" + server.grpcPort(), server.token("board", Role.APP_DEVELOPER));
        }
    }

    private void scores(ScoringServer server, String... arguments) throws IOException {
        server.deploy("fleet", "1");
        server.deploy("fleet", "2");
        server.seen.clear();
        Path script = folder.resolve("triton.py");
        try (var in = TritonClientTest.class.getResourceAsStream("/triton.py")) {
            Files.write(script, in.readAllBytes());
        }
        var all = new ArrayList<>(List.of(script.toString()));
        all.addAll(List.of(arguments));
        Python.Result result = PYTHON.script("python", all.toArray(new String[0]));
        assertThat(result.output()).endsWith("all done\n");
        assertThat(server.seen.getFirst().ids()).containsExactly("r-1/0", "r-1/1");
        assertThat(server.seen.getFirst().times()).containsExactly(1372636800000L, 1372636800000L);
    }
}

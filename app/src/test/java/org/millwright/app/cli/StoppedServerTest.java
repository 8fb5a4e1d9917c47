package org.millwright.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.app.Wire;

/** SIGTERM ends a busy server within three seconds, and nothing that it acknowledged is lost. */
class StoppedServerTest {
    @TempDir
    Path folder;

    @Test
    void stopsInTimeWithWorkAndConnectionsOpen() throws InterruptedException {
        var faults = new Faults(folder);
        var connections = new ArrayList<Wire>();
        String run;
        try (var load = new Load()) {
            try (var server = ServerProcess.serve(faults.data)) {
                faults.approve(server);
                faults.release(server, 1);
                run = faults.startLine(server);
                faults.awaitBegun("fetch", 1);
                connect(server.port(), connections);
                Thread watcher =
                        Thread.startVirtualThread(() -> faults.mw(server, "ana", "run", "watch", run, "--logs"));
                load.begin(server.port());
                load.awaitAcknowledged(100);
                faults.noteLedger(server);

                Duration took = server.terminate();

                assertThat(took).isLessThan(Duration.ofSeconds(3));
                assertThat(server.said().lines())
                        .as("what it says at its end")
                        .noneMatch(line -> line.contains("Exception") || line.contains("SEVERE"));
                load.awaitEnd();
                watcher.join(Duration.ofSeconds(30));
            }
            try (var server = ServerProcess.serve(faults.data)) {
                faults.verifyLedger(server);
                faults.verifyFiles();
                load.verify(server.port());
                faults.awaitBegun("fetch", 2);
                faults.open("fetch", "");
                faults.open("work", "");
                JsonNode ended = faults.awaitEnd(server, run);
                assertThat(ended.path("status").asText()).as(ended.toString()).isEqualTo("succeeded");
                assertThat(Faults.step(ended, "fetch")).isEqualTo("succeeded 2");
                faults.promote(server, 1);
            }
        } finally {
            connections.forEach(Wire::close);
        }
    }

    /** Connections that wait: idle after an answer, in the middle of a head, in the middle of a body. */
    private static void connect(int port, ArrayList<Wire> connections) {
        for (int i = 0; i < 20; i++) {
            var idle = new Wire(port).send("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertThat(idle.answer().status()).isEqualTo(200);
            connections.add(idle);
            connections.add(new Wire(port).send("GET /health HTTP/1.1\r\nHos"));
            connections.add(
                    new Wire(port).send(Wire.head("POST", "/api/1/users", 100)).send("{"));
        }
    }
}

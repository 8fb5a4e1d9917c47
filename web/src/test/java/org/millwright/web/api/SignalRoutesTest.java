package org.millwright.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.kernel.Json;
import org.millwright.kernel.OnDatabases;
import org.millwright.ledger.Ledger;
import org.millwright.ledger.NoteKey;
import org.millwright.ledger.Witness;
import org.millwright.lineage.Edges;
import org.millwright.monitor.Line;
import org.millwright.monitor.Signals;
import org.millwright.verdict.ClockClauses;
import org.millwright.verdict.Served;
import org.millwright.web.WebServer;
import org.millwright.web.WebSettings;
import org.millwright.window.References;

class SignalRoutesTest {
    @TempDir
    Path folder;

    @Test
    void aDeploymentsSignalsAreOneDocument() throws Exception {
        Line line = new Line(OnDatabases.sqlite(), folder);
        var ledger = new Ledger(
                line.database,
                line.clock,
                line.ids,
                NoteKey.open(folder.resolve("ledger.key"), "millwright"),
                new Witness(folder.resolve("ledger.checkpoint")));
        var clauses = new ClockClauses(
                line.database,
                ledger,
                line.projects,
                line.alerts,
                new References((deployment, version) -> Optional.empty()),
                name -> new Served(Optional.of("1"), false, line.clock.millis() - 1_000, 200, 12, 0.005, 1),
                line.clock);
        var signals = new Signals(
                line.database, ledger, line.projects, new Edges(line.database, line.clock), line.monitor, clauses);
        try (var server = WebServer.start(
                        new WebSettings("127.0.0.1", 0, false, Set.of()),
                        line.users,
                        line.ids,
                        List.of(new SignalRoutes(signals)),
                        List.of(),
                        List::of);
                HttpClient http = HttpClient.newHttpClient()) {
            line.month("2013-08", "2013-09", "1", 0, 0);
            line.month("2013-09", "2013-10", "1", 4, 0);
            JsonNode found =
                    Json.parse(get(http, server.port(), Line.DEPLOYMENT).body());
            assertThat(found.path("windows")).hasSize(2);
            assertThat(found.at("/windows/1/quality/findings/0/kind").asText()).isEqualTo("out-of-range");
            assertThat(found.at("/windows/1/quality/outsideTraining").asDouble())
                    .isGreaterThan(0.2);
            assertThat(found.at("/causes/columns/0/column").asText()).isEqualTo("x");
            assertThat(found.at("/causes/window").asText()).isEqualTo("2013-09");
            assertThat(found.path("readings").findValuesAsText("clause"))
                    .contains("staleness:model", "feeds:predictions", "feeds:labels", "service:p99", "service:errors");
            assertThat(found.path("readings").toString()).contains("1 were refused");
            assertThat(get(http, server.port(), "nobody").statusCode()).isEqualTo(404);
        } finally {
            line.monitor.close();
            line.database.close();
        }
    }

    private static HttpResponse<String> get(HttpClient http, int port, String deployment) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create(
                                "http://127.0.0.1:" + port + "/api/1/deployments/" + deployment + "/signals"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}

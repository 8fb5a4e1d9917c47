package org.millwright.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.identity.Actor;
import org.millwright.identity.Role;
import org.millwright.kernel.Json;
import org.millwright.kernel.OnDatabases;
import org.millwright.lineage.Edges;
import org.millwright.monitor.Line;
import org.millwright.monitor.Overviews;
import org.millwright.monitor.Signals;
import org.millwright.verdict.ClockClauses;
import org.millwright.verdict.Served;
import org.millwright.web.WebServer;
import org.millwright.web.WebSettings;
import org.millwright.window.References;

/** What monitoring knows of a project is for those who may read it. */
class MonitorReadersTest {
    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir
    Path folder;

    private Line line;
    private WebServer server;

    @BeforeEach
    void serve() {
        line = new Line(OnDatabases.sqlite(), folder);
        var clauses = new ClockClauses(
                line.database,
                line.ledger(),
                line.projects,
                line.alerts,
                new References((deployment, version) -> Optional.empty()),
                name -> new Served(Optional.of("1"), false, line.clock.millis() - 1_000, 200, 12, 0.005, 1),
                line.clock);
        var signals = new Signals(
                line.database,
                line.ledger(),
                line.projects,
                new Edges(line.database, line.clock),
                line.monitor,
                clauses);
        var overviews = new Overviews(line.database, line.projects, line.monitor, line.alerts);
        server = WebServer.start(
                new WebSettings("127.0.0.1", 0, true, Set.of()),
                line.users,
                line.ids,
                List.of(
                        new MonitorRoutes(line.monitor, line.labels, overviews, line.retrainings, line.clock),
                        new SignalRoutes(signals),
                        NotificationRoutes.over(line, folder).alerts()),
                List.of(),
                List::of);
        line.month("2013-09", "2013-10", "1", 0, 1);
    }

    @AfterEach
    void stop() {
        server.close();
        line.monitor.close();
        line.database.close();
        http.close();
    }

    private String token(String name, Optional<String> member) {
        line.users.add(Actor.LOCAL, name, name, Actor.Kind.PERSON, Set.of(), null);
        member.ifPresent(project -> line.database.write(
                () -> line.users.addMember(project, line.users.get(name).id(), Role.AUDITOR)));
        return line.users.issueToken(Actor.LOCAL, name, "test", Duration.ofHours(1));
    }

    private HttpResponse<String> get(String token, String path) throws IOException {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .header("Authorization", "Bearer " + token)
                .build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void onlyWhoMayReadTheProjectReadsWhatIsKnownOfItsModel() throws IOException {
        String member = token("mona", Optional.of("delays"));
        String stranger = token("eve", Optional.of("other"));
        String nobody = token("nick", Optional.empty());
        String alert = Json.parse(get(member, "/api/1/alerts").body())
                .at("/alerts/0/id")
                .asText();
        assertThat(alert).isNotEmpty();
        for (String path : List.of(
                "/api/1/deployments/delays/monitor",
                "/api/1/deployments/delays/monitor/columns",
                "/api/1/deployments/delays/monitor/performance",
                "/api/1/deployments/delays/monitor/segments",
                "/api/1/deployments/delays/signals",
                "/api/1/alerts/" + alert)) {
            assertThat(get(member, path).statusCode()).as(path).isEqualTo(200);
            for (String token : List.of(stranger, nobody)) {
                HttpResponse<String> refused = get(token, path);
                assertThat(refused.statusCode()).as(path).isEqualTo(403);
                assertThat(refused.body()).doesNotContain("2013-09", "skill");
            }
        }
        assertThat(Json.parse(get(stranger, "/api/1/alerts").body()).path("alerts"))
                .isEmpty();
    }
}

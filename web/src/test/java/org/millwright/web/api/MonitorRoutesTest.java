package org.millwright.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.millwright.kernel.Json;
import org.millwright.kernel.OnDatabases;
import org.millwright.monitor.Line;
import org.millwright.monitor.Overviews;
import org.millwright.web.WebServer;
import org.millwright.web.WebSettings;

class MonitorRoutesTest {
    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir
    Path folder;

    private Line line;
    private WebServer server;

    @BeforeEach
    void serve() {
        line = new Line(OnDatabases.sqlite(), folder);
        var overviews = new Overviews(line.database, line.projects, line.monitor, line.alerts);
        var desk = NotificationRoutes.over(line, folder);
        server = WebServer.start(
                new WebSettings("127.0.0.1", 0, false, Set.of()),
                line.users,
                line.ids,
                List.of(
                        new MonitorRoutes(line.monitor, line.labels, overviews, line.retrainings, line.clock),
                        desk.alerts(),
                        desk.channels()),
                List.of(),
                List::of);
        line.monitor.answered(line.scored(Line.rows("2013-08", 300, 0, 1), "1"));
    }

    @AfterEach
    void stop() {
        server.close();
        line.monitor.close();
        line.database.close();
        http.close();
    }

    private HttpResponse<String> send(String method, String path, String body) throws IOException {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private JsonNode get(String path) throws IOException {
        HttpResponse<String> answer = send("GET", path, "");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return Json.parse(answer.body());
    }

    private JsonNode post(String path, String body) throws IOException {
        HttpResponse<String> answer = send("POST", path, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return Json.parse(answer.body());
    }

    private static String labels() {
        Line.Rows rows = Line.rows("2013-08", 300, 0, 1);
        var labels = Json.array();
        for (int i = 0; i < 300; i++) {
            labels.addObject().put("id", rows.ids()[i]).put("value", rows.outcomes()[i]);
        }
        return labels.toString();
    }

    @Test
    void fromOutcomesToAnAlertThatIsLookedAfter() throws IOException {
        assertThat(post("/api/1/deployments/delays/labels", labels())
                        .path("joined")
                        .asInt())
                .isEqualTo(300);
        JsonNode closed = post("/api/1/deployments/delays/watermark", "{\"time\":\"2013-09-01T00:00:00Z\"}");
        assertThat(closed.path("judged").findValuesAsText("verdict")).containsExactlyInAnyOrder("broken", "kept");

        JsonNode alerts = get("/api/1/alerts?state=open&deployment=delays").path("alerts");
        assertThat(get("/api/1/alerts?clause=feeds:labels").path("alerts")).isEmpty();
        assertThat(get("/api/1/alerts?clause=" + alerts.at("/0/clause").asText())
                        .path("alerts"))
                .isEqualTo(alerts);
        assertThat(alerts).hasSize(1);
        String id = alerts.path(0).path("id").asText();
        assertThat(post("/api/1/alerts/" + id + "/acknowledge", "{\"note\":\"on it\"}")
                        .path("state")
                        .asText())
                .isEqualTo("acknowledged");
        assertThat(post("/api/1/alerts/" + id + "/resolve", "{\"reason\":\"feed was broken\"}")
                        .path("resolved")
                        .path("note")
                        .asText())
                .isEqualTo("feed was broken");
        assertThat(get("/api/1/alerts/" + id).path("state").asText()).isEqualTo("resolved");
        assertThat(get("/api/1/alerts?state=open").path("alerts")).isEmpty();

        JsonNode monitor = get("/api/1/deployments/delays/monitor");
        assertThat(monitor.path("clauses").path(0).path("standing").asText()).isEqualTo("broken");
        JsonNode window = monitor.path("windows").path(0);
        assertThat(window.path("window").asText()).isEqualTo("2013-08");
        assertThat(window.path("coverage").asDouble()).isEqualTo(1);
        assertThat(window.path("performance").path("skill").path("value").isNumber())
                .isTrue();
        assertThat(window.path("drift").path("columns")).hasSize(2);
        assertThat(get("/api/1/deployments/delays/monitor/columns?window=2013-08")
                        .path("columns"))
                .hasSize(3);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            labels     | {"a":1}                                | 400 | expected: [{
            labels     | [1]                                    | 400 | label 0: a NUMBER
            labels     | [{"id":1,"value":2}]                   | 400 | id is NUMBER
            labels     | [{"id":"a","value":"2"}]               | 400 | value is the text '2' (expected: a finite number
            labels     | [{"id":"a","value":true}]              | 400 | value is the text 'true'
            labels     | [{"id":"a","value":[2]}]               | 400 | value is ARRAY
            labels     | [{"id":"a"}]                           | 400 | value is MISSING
            labels     | [{"id":"a","value":1e999}]             | 400 | finite
            labels     | [{"id":"a","value":2,"tiem":3}]        | 400 | unknown field 'tiem'
            labels     | [{"id":"a","value":2,"time":"soon"}]   | 400 | expected: a time such as
            labels     | [                                      | 400 | Invalid JSON
            labels     | [{"id":"a","value":NaN}]               | 400 | Non-standard token 'NaN'
            watermark  | {"tiem":"2013-09-01T00:00:00Z"}        | 400 | the time before which
            watermark  | {"time":"2031-09-01T00:00:00Z"}        | 400 | future
            """)
    void whatIsMalformedIsRefusedWithAReason(String path, String body, int status, String reason) throws IOException {
        HttpResponse<String> answer = send("POST", "/api/1/deployments/delays/" + path, body);
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body())
                .contains(reason.replace("\"", "\\\""))
                .contains("\"error\"")
                .doesNotContain("Exception", "Feature");
    }

    @Test
    void aWindowIsToldWithEveryMetric() throws IOException {
        post("/api/1/deployments/delays/labels", labels());
        JsonNode measured = get("/api/1/deployments/delays/monitor/performance?window=2013-08");
        assertThat(measured.path("task").asText()).isEqualTo("regression");
        assertThat(measured.path("n").asInt()).isEqualTo(300);
        assertThat(measured.path("r2").path("low").isNumber()).isTrue();
        assertThat(measured.path("median_ae").path("high").isNumber()).isTrue();
        assertThat(send("GET", "/api/1/deployments/delays/monitor/performance?window=1999-01", "")
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void unknownDeploymentsAndAlertsAreNotFound() throws IOException {
        assertThat(send("GET", "/api/1/deployments/nope/monitor", "").statusCode())
                .isEqualTo(404);
        assertThat(send("POST", "/api/1/deployments/nope/labels", "[]").statusCode())
                .isEqualTo(404);
        assertThat(send("GET", "/api/1/alerts/nope", "").statusCode()).isEqualTo(404);
    }
}

package org.millwright.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.kernel.Json;
import org.millwright.kernel.OnDatabases;
import org.millwright.monitor.Line;
import org.millwright.notification.Receiver;
import org.millwright.web.WebServer;
import org.millwright.web.WebSettings;

/** Channels and silences over HTTP; what they do is tested in their room. */
class ChannelRoutesTest {
    private final HttpClient http = HttpClient.newHttpClient();
    private final Receiver receiver = new Receiver();

    @TempDir
    Path folder;

    private Line line;
    private WebServer server;

    @BeforeEach
    void serve() {
        line = new Line(OnDatabases.sqlite(), folder);
        var routes = NotificationRoutes.over(line, folder);
        server = WebServer.start(
                new WebSettings("127.0.0.1", 0, false, Set.of()),
                line.users,
                line.ids,
                List.of(routes.alerts(), routes.channels(), routes.pages()),
                List.of(),
                List::of);
    }

    @AfterEach
    void stop() {
        server.close();
        receiver.close();
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

    private JsonNode did(String method, String path, String body) throws IOException {
        HttpResponse<String> answer = send(method, path, body);
        assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 201);
        return Json.parse(answer.body());
    }

    @Test
    void aChannelIsAddedTriedListedAndRemoved() throws IOException {
        JsonNode added = did("POST", "/api/1/channels", """
                {"name": "team", "kind": "webhook", "url": "%s", "project": "delays", "severity": "critical",
                 "clauses": ["performance"], "after": "30m", "quiet": "22:00-07:00"}""".formatted(receiver.url("/hook?key=hidden")));
        assertThat(added.path("secret").asText()).startsWith("whsec_");
        assertThat(added.path("target").asText())
                .startsWith("http://127.0.0.1:")
                .endsWith("/…");
        assertThat(added.path("after").asText()).isEqualTo("30m");
        assertThat(added.path("quiet").asText()).isEqualTo("22:00-07:00 UTC");
        assertThat(added.at("/route/severity").asText()).isEqualTo("critical");
        assertThat(send(
                                "POST",
                                "/api/1/channels",
                                "{\"name\":\"team\",\"kind\":\"slack\",\"url\":\"" + receiver.url("/") + "\"}")
                        .statusCode())
                .isEqualTo(409);
        JsonNode listed = did("GET", "/api/1/channels", "").path("channels");
        assertThat(listed.toString()).doesNotContain("whsec_", "hidden");
        receiver.answer(200, 403);
        assertThat(did("POST", "/api/1/channels/team/test", "{}")
                        .path("success")
                        .asBoolean())
                .isTrue();
        JsonNode refused = did("POST", "/api/1/channels/team/test", "{}");
        assertThat(refused.path("success").asBoolean()).isFalse();
        assertThat(refused.path("said").asText()).contains("403");
        assertThat(receiver.all()).hasSize(2);
        assertThat(did("GET", "/api/1/deliveries?channel=team&state=failed", "").path("deliveries"))
                .isEmpty();
        assertThat(did("POST", "/api/1/channels/team/retry", "{}")
                        .path("retried")
                        .asInt())
                .isZero();
        did("DELETE", "/api/1/channels/team", "");
        assertThat(send("GET", "/api/1/channels/team", "").statusCode()).isEqualTo(404);
    }

    @Test
    void thePageAddsChannelsOfEachKindAndShowsWhereTheyLead() throws IOException {
        String hook = "&project=delays&url=" + URLEncoder.encode(receiver.url("/hook"), StandardCharsets.UTF_8);
        add("name=chat&kind=slack" + hook);
        add("name=am&kind=alertmanager&secret=hidden" + hook);
        add("name=signed&kind=webhook&secret=whsec_aGlkZGVu" + hook);
        add("name=mail&kind=email&project=delays&tls=none&smtp=127.0.0.1%3A25&from=mw%40a.b&to=ops%40a.b%2C+mia%40a.b");
        String page = send("GET", "/channels", "").body();
        assertThat(page)
                .contains("<b>mail</b>", "email: ", "ops@a.b", "slack: http://127.0.0.1", "alertmanager: http")
                .doesNotContain("hidden<", "whsec_");
    }

    private void add(String fields) throws IOException {
        String page = send("GET", "/channels", "").body();
        String token = page.replaceFirst("(?s).*name=\"token\" value=\"(\\w+)\".*", "$1");
        HttpResponse<String> added = send("POST", "/channels", "do=add&token=" + token + "&" + fields);
        assertThat(added.body()).as(fields).contains("is there: test it.");
    }

    @Test
    void aSilenceBeginsIsShownWithTheAlertAndEnds() throws IOException {
        line.month("2013-09", "2013-10", "1", 0, 1);
        JsonNode silence = did(
                "POST", "/api/1/silences", "{\"deployment\":\"delays\",\"for\":\"2h\",\"reason\":\"planned work\"}");
        assertThat(silence.path("scope").asText()).isEqualTo("deployment delays");
        assertThat(silence.path("project").asText()).isEqualTo("delays");
        JsonNode alert = did("GET", "/api/1/alerts?state=open", "").at("/alerts/0");
        assertThat(alert.at("/silenced/reason").asText()).isEqualTo("planned work");
        assertThat(alert.path("severity").asText()).isEqualTo("critical");
        assertThat(alert.path("escalated").asBoolean()).isFalse();
        assertThat(alert.path("sentTo")).isEmpty();
        String id = silence.path("id").asText();
        assertThat(did("POST", "/api/1/silences/" + id + "/end", "")
                        .path("active")
                        .asBoolean())
                .isFalse();
        assertThat(send("POST", "/api/1/silences/" + id + "/end", "").statusCode())
                .isEqualTo(409);
        assertThat(did("GET", "/api/1/silences?state=active", "").path("silences"))
                .isEmpty();
        assertThat(did("GET", "/api/1/silences", "").path("silences")).hasSize(1);
        assertThat(did("GET", "/api/1/alerts/" + alert.path("id").asText(), "").has("silenced"))
                .isFalse();
    }

    /** A body, and what the answer says of it. */
    private static final List<String> WRONG = List.of(
            "{}|Field 'kind' is missing",
            "{\"kind\":\"pager\"}|kind: 'pager'",
            "{\"kind\":\"slack\",\"name\":\"x\"}|The channel needs url",
            "{\"kind\":\"slack\",\"url\":\"https://a.b\",\"smtp\":\"a:1\",\"to\":[\"a@b.c\"]}|smtp, to mean nothing",
            "{\"kind\":\"slack\",\"url\":\"https://10.0.0.1/\",\"name\":\"x\"}|no public address",
            "{\"kind\":\"slack\",\"url\":\"http://127.0.0.1/\",\"name\":\"X y\"}|name: 'X y'",
            "{\"kind\":\"slack\",\"url\":\"http://127.0.0.1/\",\"name\":\"x\",\"after\":\"soon\"}|after: 'soon'",
            "{\"kind\":\"slack\",\"url\":\"http://127.0.0.1/\",\"name\":\"x\",\"after\":\"40d\"}|expected: 0 to 30 days",
            "{\"kind\":\"slack\",\"url\":\"http://127.0.0.1/\",\"name\":\"x\",\"quiet\":\"night\"}|quiet: 'night'",
            "{\"kind\":\"slack\",\"url\":\"http://127.0.0.1/\",\"name\":\"x\",\"severity\":\"high\"}|severity: 'high'",
            "{\"kind\":\"webhook\",\"url\":\"http://127.0.0.1/\",\"name\":\"x\",\"secret\":\"a\\r\\nb\"}|secret:",
            "{\"kind\":\"email\",\"name\":\"x\",\"smtp\":\"mail\",\"from\":\"a@b.c\",\"to\":[\"a@b.c\"]}|smtp: 'mail'",
            "{\"kind\":\"email\",\"name\":\"x\",\"smtp\":\"127.0.0.1:25\",\"from\":\"a\",\"to\":[\"a@b.c\"]}|from: 'a'",
            "{\"kind\":\"email\",\"name\":\"x\",\"smtp\":\"127.0.0.1:25\",\"from\":\"a@b.c\",\"to\":[\"a\\nBcc: b@c.d\"]}|to:");

    @Test
    void whatIsWrongIsSaid() throws IOException {
        for (String each : WRONG) {
            String[] parts = each.split("\\|");
            HttpResponse<String> answer = send("POST", "/api/1/channels", parts[0]);
            assertThat(answer.statusCode()).as(each).isEqualTo(400);
            assertThat(answer.body()).contains(parts[1]);
        }
        assertThat(did("GET", "/api/1/channels", "").path("channels")).isEmpty();
    }
}

package org.millwright.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.identity.Actor;
import org.millwright.identity.Level;
import org.millwright.identity.Resource;
import org.millwright.identity.Role;
import org.millwright.kernel.Json;
import org.millwright.web.WebSettings;

/** What a level hides is on no page and in no answer. */
class ReadingTest {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    private Path folder = Path.of("");

    private Millwright server;
    private String ana = "";
    private String ben = "";
    private String run = "";
    private String own = "";
    private String logged = "";

    @BeforeEach
    void hide() {
        var embedded = Settings.embedded(folder, 0);
        var asks = new WebSettings("127.0.0.1", 0, true, Set.of());
        server = Millwright.start(
                new Settings(embedded.data(), embedded.shared(), asks, embedded.database()), Clock.systemUTC());
        ana = token("ana");
        ben = token("ben");
        post(ana, "experiments/create", "{'name':'secret'}");
        run = post(ana, "runs/create", "{'experiment_id':'1','start_time':1,'run_name':'veiled'}")
                .at("/run/info/run_id")
                .asText();
        own = post(
                        ben,
                        "runs/create",
                        "{'experiment_id':'0','start_time':1,'run_name':'child','tags':[{'key':'mlflow.parentRunId',"
                                + "'value':'" + run + "'}]}")
                .at("/run/info/run_id")
                .asText();
        post(ana, "runs/log-metric", "{'run_id':'" + run + "','key':'m','value':1,'timestamp':1}");
        logged = post(ana, "logged-models", "{'experiment_id':'1','source_run_id':'" + run + "'}")
                .at("/model/info/model_id")
                .asText();
        post(ana, "registered-models/create", "{'name':'covert'}");
        post(ana, "model-versions/create", "{'name':'covert','source':'runs:/" + own + "/x'}");
        var grants = server.users().access().grants();
        for (Resource hidden : List.of(Resource.experiment(1), Resource.model("covert"))) {
            grants.create(Actor.LOCAL, hidden, server.users().get("ben"), Level.NO_PERMISSIONS);
        }
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void eachPageOfWhatIsHiddenIsRefused() {
        for (String page : List.of(
                "/experiments/1",
                "/experiments/1/rows",
                "/experiments/1/count",
                "/experiments/1/compare",
                "/experiments/1/compare?run=" + run,
                "/experiments/1/curves?run=" + run + "&metric=m",
                "/experiments/1/runs/" + run,
                "/experiments/1/runs/" + run + "/metrics",
                "/experiments/1/runs/" + run + "/metric?key=m",
                "/experiments/1/runs/" + run + "/files",
                "/experiments/1/models/" + logged,
                "/models/covert",
                "/models/covert/versions/1",
                "/api/1/models/covert",
                "/api/1/models/covert/versions/1")) {
            assertThat(get(ana, page).statusCode()).as(page).isEqualTo(200);
            assertThat(get(ben, page).statusCode()).as(page).isEqualTo(403);
        }
        assertThat(get(ben, "/experiments/1/compare?run=" + own).statusCode()).isEqualTo(403);
        assertThat(get(ben, "/runs/" + run).statusCode()).isEqualTo(404);
    }

    @Test
    void whatIsHiddenIsNamedNowhere() {
        for (String page : List.of(
                "/experiments",
                "/models",
                "/api/1/models",
                "/search?q=secret",
                "/search?q=covert",
                "/search?q=" + run,
                "/experiments/0",
                "/experiments/0/runs/" + own)) {
            HttpResponse<String> answer = get(ben, page);
            assertThat(answer.statusCode()).as(page).isEqualTo(200);
            assertThat(answer.body()
                            .replace("value=\"secret\"", "")
                            .replace("value=\"covert\"", "")
                            .replaceAll("(?s)<title>.*?</title>|“[^”]*”", ""))
                    .as(page)
                    .doesNotContain("secret", "covert", "veiled");
        }
        assertThat(get(ana, "/experiments").body()).contains("secret");
        assertThat(get(ana, "/models").body()).contains("covert");
        assertThat(get(ana, "/api/1/models").body()).contains("covert");
        assertThat(get(ana, "/experiments/0/runs/" + own).body()).contains("veiled", "covert");
    }

    private String token(String name) {
        server.users().add(Actor.LOCAL, name, name, Actor.Kind.PERSON, Set.of(Role.DATA_SCIENTIST), null);
        return server.users().issueToken(Actor.LOCAL, name, "test", Duration.ofHours(1));
    }

    private JsonNode post(String token, String path, String body) {
        HttpResponse<String> answer = send(
                token,
                HttpRequest.newBuilder(URI.create(url() + "/api/2.0/mlflow/" + path))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body.replace('\'', '"'))));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return Json.parse(answer.body());
    }

    private HttpResponse<String> get(String token, String page) {
        return send(token, HttpRequest.newBuilder(URI.create(url() + page)));
    }

    private String url() {
        return "http://127.0.0.1:" + server.port();
    }

    private static HttpResponse<String> send(String token, HttpRequest.Builder request) {
        try {
            return HTTP.send(request.header("Authorization", "Bearer " + token).build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}

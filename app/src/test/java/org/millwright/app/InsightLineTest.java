package org.millwright.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.millwright.serving.Await.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.engines.duckdb.DuckTables;
import org.millwright.kernel.Json;
import org.millwright.notification.NotificationSettings;

/**
 * Insights of a real server: a release that waited three days, another that was rolled back two days after it took over, told
 * by API, tables and pages. The clock is put forward; what a step took is known to the day.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InsightLineTest {
    private static final long DAY = Duration.ofDays(1).toMillis();
    private static final List<String> ROUTES = List.of(
            "/api/1/insights/project",
            "/api/1/insights/models",
            "/api/1/insights/portfolio",
            "/api/1/insights/maturity",
            "/api/1/lineage?ref=model:delays/1",
            "/api/1/external-models");
    private static final List<String> PAGES = List.of(
            "/portfolio",
            "/insight",
            "/insight?project=delays",
            "/insight/models",
            "/maturity",
            "/maturity?project=delays",
            "/lineage?ref=model:delays/1");

    private final AtomicReference<Duration> later = new AtomicReference<>(Duration.ZERO);
    private final Clock clock = ((InstantSource) () -> Instant.now().plus(later.get())).withZone(ZoneOffset.UTC);
    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir
    static Path folder;

    private PullServer server;

    @BeforeAll
    void live() {
        server = PullServer.expiring(folder, 2, Duration.ofDays(365), NotificationSettings.DEFAULT, clock);
        release(1, 0, 3);
        server.promote();
        release(2, 5, 6);
        await(() -> {
            server.score();
            return deployment().path("production").asText().equals("2");
        });
        later.set(Duration.ofDays(8));
        HttpResponse<String> back =
                server.ask("ana", "1/deployments/delays/rollback", Json.object().put("reason", "It predicts nonsense"));
        if (back.statusCode() == 403) {
            server.grant("ana", org.millwright.identity.Role.ML_ENGINEER, "delays");
            back = server.ask(
                    "ana", "1/deployments/delays/rollback", Json.object().put("reason", "It predicts nonsense"));
        }
        assertThat(back.statusCode()).as(back.body()).isEqualTo(200);
        await(() -> releases("rolled_back") == 1);
        ObjectNode bought = Json.object()
                .put("name", "credit-score")
                .put("owner", "ana")
                .put("where", "https://scores.example.com")
                .put("purpose", "Bought scores of customers")
                .put("tier", "high");
        assertThat(server.ask("ana", "1/external-models", bought).statusCode()).isEqualTo(201);
        later.set(Duration.ofDays(10));
    }

    @AfterAll
    void stop() {
        server.close();
    }

    /** Asks for a release on one day and has it approved on another. */
    private void release(int version, int asked, int approved) {
        later.set(Duration.ofDays(asked));
        HttpResponse<String> made = server.ask(
                "ana",
                "1/releases",
                Json.object().put("model", "delays").put("version", version).put("deployment", ""));
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        later.set(Duration.ofDays(approved));
        String ref = Json.parse(made.body()).path("ref").asText();
        HttpResponse<String> decided =
                server.ask("mia", "1/decisions", Json.object().put("ref", ref).put("reason", "It is better"));
        assertThat(decided.statusCode()).as(decided.body()).isEqualTo(200);
    }

    private JsonNode deployment() {
        return Json.parse(server.get("ana", "deployments/delays").body());
    }

    private long releases(String state) {
        long count = 0;
        for (JsonNode release : Json.parse(server.get("ana", "releases").body()).path("releases")) {
            count += release.path("state").asText().equals(state) ? 1 : 0;
        }
        return count;
    }

    private JsonNode get(String path) {
        HttpResponse<String> answer = server.get("ana", path);
        assertThat(answer.statusCode()).as(path + ": " + answer.body()).isEqualTo(200);
        return Json.parse(answer.body());
    }

    private static void isAbout(JsonNode millis, int days) {
        assertThat(millis.asLong()).isBetween(days * DAY, days * DAY + 10 * 60_000);
    }

    @Test
    void tellsTheTrueLeadTimeByStage() {
        JsonNode report = get("insights/project?project=delays");
        JsonNode journey = report.path("projects").path(0).path("journey");

        isAbout(journey.path("total"), 3);
        long sum = 0;
        for (JsonNode step : journey.path("steps")) {
            sum += step.path("took").asLong();
            if (step.path("milestone").asText().equals("RELEASE_APPROVED")) {
                isAbout(step.path("took"), 3);
            }
        }
        assertThat(sum).isEqualTo(journey.path("total").asLong());
        JsonNode figures = report.path("figures");
        assertThat(figures.path("promotions").asInt()).isEqualTo(2);
        assertThat(figures.path("releases").asInt()).isEqualTo(2);
        assertThat(figures.path("failedReleases").asInt()).isEqualTo(1);
        assertThat(figures.path("changeFailureRate").asDouble()).isEqualTo(0.5);
        assertThat(figures.path("waiting").path("n").asInt())
                .as("the project and two releases")
                .isEqualTo(3);
        isAbout(figures.path("waiting").path("median"), 1);
        isAbout(Json.tree(1000 * report.at("/money/servingSeconds").asDouble()), 7);
        assertThat(report.at("/money/predictions").asInt()).isPositive();
        assertThat(report.at("/rates/declared").asBoolean()).isFalse();
        assertThat(report.at("/projects/0/decisions/1/by").asText()).isEqualTo("mia");
    }

    @Test
    void inventoriesWhatServesHereAndElsewhere() {
        JsonNode models = get("insights/models").path("models");

        assertThat(models).hasSize(2);
        JsonNode here = models.path(0);
        assertThat(here.path("ref").asText()).isEqualTo("model:delays/1");
        assertThat(here.path("stage").asText()).isEqualTo("production");
        assertThat(here.path("owner").asText()).isEqualTo("ana");
        assertThat(here.path("certificate").asText()).isEqualTo("valid");
        assertThat(here.path("agreement").asText()).isEqualTo("nothing agreed");
        assertThat(here.path("health").asText()).isEqualTo("unknown");
        assertThat(here.path("vulnerabilities").asText()).startsWith("unknown");
        assertThat(here.path("reproduced").asText()).isEqualTo("never");
        assertThat(here.at("/attention/0/command").asText()).isEqualTo("mw agreement propose");
        JsonNode bought = models.path(1);
        assertThat(bought.path("ref").asText()).isEqualTo("external-model:credit-score");
        assertThat(bought.path("stage").asText()).isEqualTo("elsewhere");
        assertThat(bought.at("/attention/0/reason").asText()).contains("reviewed");
        JsonNode again = Json.parse(server.ask(
                        "ana",
                        "1/external-models/credit-score/retire",
                        Json.object().put("reason", ""))
                .body());
        assertThat(again.at("/error/message").asText()).isEqualTo("Say why");
    }

    @Test
    void assessesMaturityByTheseRecords() {
        JsonNode assessed = get("insights/maturity?months=3");

        assertThat(assessed.path("models").asInt()).isEqualTo(1);
        assertThat(assessed.path("focus").size()).isBetween(1, 3);
        for (JsonNode dimension : assessed.path("dimensions")) {
            int expected = switch (dimension.path("id").asText()) {
                case "portability", "ci-cd" -> 4;
                case "registry", "governance" -> dimension.path("level").asInt();
                default -> 0;
            };
            assertThat(dimension.path("level").asInt())
                    .as(dimension.path("id").asText())
                    .isEqualTo(expected);
        }
        JsonNode before = get("insights/maturity?at=" + clock.instant().minus(Duration.ofDays(8)));
        assertThat(before.path("models").asInt())
                .as("two days after the beginning")
                .isZero();
        assertThat(assessed.path("history").size()).isPositive();
    }

    @Test
    void tellsWhichPredictionsAVersionMade() {
        JsonNode trace = get("lineage?ref=model:delays/2");

        JsonNode answered = trace.path("touched").path(0).path("answered").path(0);
        assertThat(answered.path("deployment").asText()).isEqualTo("delays");
        JsonNode production = answered.path("times").path(1);
        assertThat(production.path("trial").asBoolean()).isFalse();
        isAbout(
                Json.tree(production.path("until").asLong()
                        - production.path("from").asLong()),
                2);
        assertThat(server.get("ana", "lineage?ref=artifact:nothing").statusCode())
                .isEqualTo(404);
        assertThat(server.get("ana", "lineage?ref=model:delays/2&direction=sideways")
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void writesTablesThatOtherEnginesRead() throws Exception {
        String csv = server.get("ana", "insights/project?format=csv").body();
        List<String> rows = csv.lines().toList();
        assertThat(rows.getFirst()).startsWith("scope,name,owner,state,requested_at,");
        assertThat(rows.stream().map(row -> row.split(",", -1)[0]).distinct())
                .containsExactly("scope", "all", "owner", "month", "project");
        assertThat(rows.getLast()).startsWith("project,delays,ana,active,");
        assertThat(rows.get(1)).startsWith("all,,,,");
        assertThat(cell(rows, 1, "change_failure_rate")).isEqualTo("0.5");
        assertThat(cell(rows, 1, "success_rate")).isEqualTo("1");
        assertThat(cell(rows, 1, "decisions")).isEqualTo("3");
        assertThat(cell(rows, 1, "cost")).isEqualTo(cell(rows, rows.size() - 1, "cost"));
        var request = HttpRequest.newBuilder(URI.create(server.url() + "/api/1/insights/project?format=parquet"))
                .header("Authorization", "Bearer " + server.token("ana"))
                .build();
        Path file = folder.resolve("insight.parquet");
        Files.write(
                file,
                http.send(request, HttpResponse.BodyHandlers.ofByteArray()).body());
        try (var tables = new DuckTables(folder.resolve("tables"))) {
            var head = tables.head(file, List.of("scope", "promotions"), 5);
            assertThat(head.rows()).isEqualTo(rows.size() - 1);
            assertThat(head.value(0, 0)).isEqualTo("all");
            assertThat(head.doubles(1)[0]).isEqualTo(2);
        }
    }

    private static String cell(List<String> rows, int row, String column) {
        int at = List.of(rows.getFirst().split(",")).indexOf(column);
        return rows.get(row).split(",", -1)[at];
    }

    @Test
    void refusesWhoHasNoRoleAndWhatIsNoQuestion() {
        server.add("nobody", Set.of());
        for (String route : ROUTES) {
            assertThat(server.get("nobody", route.substring("/api/1/".length())).statusCode())
                    .as(route)
                    .isEqualTo(403);
        }
        for (String path : List.of(
                "insights/project?since=yesterday",
                "insights/project?format=xml",
                "insights/maturity?at=2999-01-01",
                "insights/project?project=none")) {
            assertThat(server.get("ana", path).statusCode()).as(path).isBetween(400, 404);
        }
    }

    @Test
    void pagesFitWithARealLineOnThem() {
        Map<String, String> headers = Map.of("Authorization", "Bearer " + server.token("ana"));
        try (var chromium = new Chromium()) {
            assertThat(chromium.faults(server.url(), PAGES, headers)).isEmpty();
            var options =
                    new Browser.NewContextOptions().setViewportSize(1440, 900).setExtraHTTPHeaders(headers);
            try (var context = chromium.browser().newContext(options)) {
                Page page = context.newPage();
                for (String path : PAGES) {
                    page.navigate(server.url() + path);
                    page.screenshot(new Page.ScreenshotOptions()
                            .setFullPage(true)
                            .setPath(Path.of("target", "insight", path.replaceAll("[^a-z]+", "-") + ".png")));
                }
                page.navigate(server.url() + "/portfolio");
                assertThat(page.locator("main").innerText())
                        .contains(
                                "1 of 1 project reached production", "Needs attention first", "Maturity: level 0 of 4");
            }
        }
    }
}

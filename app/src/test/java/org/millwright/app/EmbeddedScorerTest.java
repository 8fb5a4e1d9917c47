package org.millwright.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.identity.Role;
import org.millwright.kernel.Json;
import org.millwright.scorer.Prediction;
import org.millwright.scorer.Scorer;
import org.millwright.scorer.ScorerState;
import org.millwright.scoring.Frame;
import org.millwright.scoring.profile.Reference;
import org.millwright.serving.TestBundles;

/** The library that applications embed, against a real server. */
class EmbeddedScorerTest {
    private static final Frame ROWS = TestBundles.rows();
    private static final double[] EXPECTED = TestBundles.expected();
    private static final long DAY = 24 * 3600_000L;

    @TempDir
    Path folder;

    private PullServer server;

    @BeforeEach
    void serve() {
        server = new PullServer(folder, 4);
        server.release(1);
        server.alias("live", 1);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void scoresWhatTheServerWouldAndAsksOnlyWhetherItChanged() {
        try (Scorer scorer = server.scorer("models:/delays@live").open()) {
            assertThat(scorer.score(ROWS).numbers()).containsExactly(EXPECTED, within(0.001));
            assertThat(scorer.score(ROWS.row(7)).number()).isCloseTo(EXPECTED[7], within(0.001));
            ScorerState state = scorer.refresh();
            assertThat(state.isFine()).as(state.toString()).isTrue();
            assertThat(state.version()).isEqualTo("1");
        }
        var first = server.get("app", "models/delays/aliases/live/bundle");
        assertThat(first.statusCode()).isEqualTo(200);
        assertThat(first.headers().firstValue("x-mw-model-version")).contains("1");
        String tag = first.headers().firstValue("ETag").orElseThrow();
        var again = server.get("app", "models/delays/versions/1/bundle", "If-None-Match", tag);
        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
    }

    @Test
    void givesOnlyReleasedVersionsToThoseWhoMayScore() {
        assertThatThrownBy(() -> server.scorer("models:/delays/2").open())
                .hasMessageContaining("answered 422: No approved release covers model delays/2");
        assertThatThrownBy(() -> server.scorer("models:/delays@nobody").open())
                .hasMessageContaining("answered 404: Model delays has no alias 'nobody'");
        assertThat(server.get("ben", "models/delays/aliases/live/bundle").statusCode())
                .isEqualTo(403);
        assertThat(server.get("", "models/delays/aliases/live/bundle").statusCode())
                .isEqualTo(401);
        assertThat(server.get("app", "models/nope/versions/1/bundle").statusCode())
                .isEqualTo(404);
        assertThat(server.get("app", "models/delays/versions/x/bundle").statusCode())
                .isEqualTo(400);
        assertThat(server.report("ben", report(1, 1)).statusCode()).isEqualTo(403);
    }

    @Test
    void versionsChangeUnderLoadWithoutAnError() throws Exception {
        for (int version = 2; version <= 4; version++) {
            server.release(version);
        }
        Set<String> seen = ConcurrentHashMap.newKeySet();
        var stop = new AtomicBoolean();
        var threads = Executors.newFixedThreadPool(8);
        List<Future<?>> calls = new ArrayList<>();
        try (Scorer scorer = server.scorer("models:/delays@live").open()) {
            for (int t = 0; t < 8; t++) {
                calls.add(threads.submit(() -> {
                    for (int i = 0; !stop.get(); i = (i + 1) % EXPECTED.length) {
                        Prediction prediction = scorer.score(ROWS.row(i));
                        assertThat(prediction.number()).isCloseTo(EXPECTED[i], within(0.001));
                        seen.add(prediction.version());
                    }
                }));
            }
            for (int swap = 0; swap < 30; swap++) {
                int version = 1 + (swap + 1) % 4;
                server.alias("live", version);
                ScorerState state = scorer.refresh();
                assertThat(state.version()).as(state.toString()).isEqualTo(Integer.toString(version));
            }
            stop.set(true);
            for (Future<?> call : calls) {
                call.get();
            }
        } finally {
            stop.set(true);
            threads.shutdown();
        }
        assertThat(seen).containsExactlyInAnyOrder("1", "2", "3", "4");
    }

    @Test
    void goesOnWithoutTheServerAlsoAfterARestartAndTellsItLater() {
        Path cache = folder.resolve("cache");
        try (Scorer scorer = server.scorer("models:/delays@live").cache(cache).open()) {
            server.stop();
            for (int row = 0; row < 20; row++) {
                assertThat(scorer.score(ROWS.row(row)).number()).isCloseTo(EXPECTED[row], within(0.001));
            }
            assertThat(scorer.refresh().problem().orElseThrow()).contains("cannot be reached");
            ScorerState state = scorer.report();
            assertThat(state.profiles().waiting()).isEqualTo(20);
            assertThat(state.profiles().problem()).isPresent();
        }
        try (Scorer scorer = server.scorer("models:/delays@live").cache(cache).open()) {
            assertThat(scorer.state().checked()).isEmpty();
            assertThat(scorer.score(ROWS.slice(0, 5)).version()).isEqualTo("1");
            assertThat(scorer.report().profiles().waiting()).isEqualTo(5);
            scorer.score(ROWS.slice(5, 10));
            server.start();
            server.release(2);
            server.alias("live", 2);
            assertThat(scorer.refresh().version()).isEqualTo("2");
            scorer.score(ROWS.slice(0, 3));
            ScorerState state = scorer.report();
            assertThat(state.profiles()).isEqualTo(new ScorerState.Profiles(13, 0, 0, java.util.Optional.empty()));
            assertThat(state.isFine()).as(state.toString()).isTrue();
        }
        assertThat(server.rows()).containsExactlyInAnyOrderEntriesOf(Map.of("1", 10L, "2", 3L));
    }

    @Test
    void whatApplicationsScoredIsWatchedWithWhatTheServerScored() {
        server.awaitTrial();
        server.grant("mia", Role.ML_ENGINEER, "delays");
        server.post("ana", "agreements", Json.object().put("file", AGREEMENT));
        server.post("mia", "agreements/delays/accept", Json.object());
        try (Scorer one = server.scorer("models:/delays@live").open();
                Scorer two = server.scorer("models:/delays@live").open()) {
            one.score(ROWS);
            two.score(ROWS);
        }
        JsonNode monitor = server.monitor();
        assertThat(monitor.at("/windows/0/rows").asLong()).isEqualTo(2L * ROWS.rows());
        assertThat(monitor.at("/windows/0/drift/columns")).isNotEmpty();
        assertThat(monitor.at("/windows/0/drift").toString()).contains("\"carrier\"");
        assertThat(monitor.at("/windows/0/multivariate/n").asLong()).isEqualTo(2L * ROWS.rows());
        assertThat(monitor.at("/windows/0/multivariate/value").asDouble()).isPositive();
        assertThat(server.columns().path("columns").findValuesAsText("column"))
                .containsExactly("distance", "wind", "hour", "carrier", "prediction");
        JsonNode segments = Json.parse(
                        server.get("ana", "deployments/delays/monitor/segments").body())
                .path("segments");
        assertThat(segments.findValuesAsText("segment")).allMatch(name -> name.startsWith("carrier="));
        long carriers = IntStream.range(0, ROWS.rows())
                .filter(row -> ROWS.value(ROWS.position("carrier"), row) != null)
                .count();
        assertThat(StreamSupport.stream(segments.spliterator(), false)
                        .mapToLong(segment -> segment.path("rows").asLong())
                        .sum())
                .as("rows of each segment that was declared before they were scored")
                .isEqualTo(2 * carriers);
        server.score();
        assertThat(server.page("ana", "/deployments/delays")).contains("p99 latency in ms", "agreed 50 ms");
    }

    @Test
    void aReportThatArrivesTwiceCountsOnce() {
        assertThat(Json.parse(server.report("app", report(1, 10).put("dropped", 7))
                                .body())
                        .path("added")
                        .asBoolean())
                .isTrue();
        assertThat(Json.parse(server.report("app", report(1, 10).put("dropped", 7))
                                .body())
                        .path("added")
                        .asBoolean(true))
                .isFalse();
        server.report("app", report(2, 5));
        server.report("app", report(1, 3).put("replica", "another-one"));
        assertThat(server.rows()).containsExactlyEntriesOf(Map.of("1", 18L));
        assertThat(server.monitor().path("dropped").asLong()).isEqualTo(7);
    }

    private static final String AGREEMENT = """
            apiVersion: millwright/v1
            kind: Agreement
            model: delays
            window: month
            performance: {metric: rmse, at-most: 20, min-labels: 100, segment: {carrier: UA}}
            service: {p99-at-most: 50ms}
            investigate: mia
            """;

    /** A report of rows without their profile. */
    private static ObjectNode report(long sequence, long rows) {
        long day = Instant.now().toEpochMilli() / DAY * DAY;
        return Json.object()
                .put("replica", "replica-1")
                .put("sequence", sequence)
                .put("version", "1")
                .put("day", day)
                .put("rows", rows)
                .put("last", day + 1)
                .put("dropped", 0);
    }

    private static final String MALFORMED = """
            replica  | "a b"                    | 400 | Field 'replica'
            sequence | 0                        | 400 | Field 'sequence'
            sequence | 1.5                      | 400 | a whole number
            version  | "nine"                   | 400 | Field 'version'
            version  | "9"                      | 404 | no version 9
            day      | 1                        | 400 | Field 'day'
            day      | 4102444800000            | 400 | Field 'last'
            rows     | 0                        | 400 | Field 'rows'
            rows     | 1000000000001            | 400 | Field 'rows'
            dropped  | -1                       | 400 | Field 'dropped'
            profile  | {}                       | 400 | a text
            profile  | "{"                      | 400 | not a profile
            profile  | "{\\"format\\":3}"       | 400 | format 3
            profile  | "{\\"format\\":1}"       | 400 | differ in columns
            segments | 1                        | 400 | a list
            segments | [{"name": "a=b"}]        | 400 | a whole number
            segments | [{"name": "a=b", "rows": 11, "profile": "{}"}] | 400 | segments.rows
            segments | [{"name": "", "rows": 1, "profile": "{}"}] | 400 | segments.name
            sent     | 1                        | 400 | Unknown field 'sent'
            """;

    @Test
    void whatIsMalformedIsRefusedWithAReason() {
        for (String line : MALFORMED.lines().toList()) {
            String[] cells = line.strip().split("\\s*\\|\\s*");
            ObjectNode report = report(1, 10);
            report.set(cells[0], Json.parse(cells[1]));
            var answer = server.report("app", report);
            assertThat(answer.statusCode()).as(line + answer.body()).isEqualTo(Integer.parseInt(cells[2]));
            assertThat(answer.body()).contains(cells[3]).doesNotContain("Exception");
        }
        long tomorrow = Instant.now().toEpochMilli() / DAY * DAY + 2 * DAY;
        var early = server.report("app", report(1, 10).put("day", tomorrow).put("last", tomorrow));
        assertThat(early.body()).contains("has not come yet");
        assertThat(server.rows()).isEmpty();
    }

    @Test
    void profilesWhoseCountsDoNotAddUpAreRefused() {
        Reference reference = Reference.of(ROWS, EXPECTED, EXPECTED, 0, 0);
        var window = reference.window();
        window.update(ROWS);
        String sound = window.toJson();
        for (String[] change : new String[][] {
            {"\"nulls\":0", "\"nulls\":-5"},
            {"\"counts\":[1", "\"counts\":[-1"},
            {"\"counts\":[1", "\"counts\":[1e18"},
            {"\"edges\":[", "\"edges\":[-1e300,"},
            {"\"UA\":", "\"UA\":-1e18,\"UB\":"},
            {"\"UA\":", "\"" + "U".repeat(300) + "\":"},
            {"\"name\":\"distance\"", "\"name\":\"wind\""}
        }) {
            String damaged = sound.replaceFirst(
                    java.util.regex.Pattern.quote(change[0]), java.util.regex.Matcher.quoteReplacement(change[1]));
            assertThat(damaged).isNotEqualTo(sound);
            var answer = server.report("app", report(1, ROWS.rows()).put("profile", damaged));
            assertThat(answer.statusCode()).as(change[1] + ": " + answer.body()).isEqualTo(400);
        }
        assertThat(server.report("app", report(1, ROWS.rows()).put("profile", sound))
                        .statusCode())
                .isEqualTo(200);
        assertThat(server.report("app", report(2, 5)).statusCode()).isEqualTo(200);
        assertThat(server.rows()).containsExactlyEntriesOf(Map.of("1", ROWS.rows() + 5L));
        assertThat(server.columns().at("/columns/0/rows").asLong()).isEqualTo(ROWS.rows());
    }
}

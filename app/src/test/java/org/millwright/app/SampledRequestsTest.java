package org.millwright.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.engines.duckdb.DuckTables;
import org.millwright.identity.Role;
import org.millwright.kernel.Json;
import org.millwright.scoring.Frame;
import org.millwright.serving.TestBundles;

/** A project that declares limits and a log after its model went into production. */
class SampledRequestsTest {
    @TempDir
    Path folder;

    @Test
    void anApprovedFileIsInForceAtOnceAndItsSampleIsReadFromParquet() throws IOException {
        double predicted;
        try (var server = new PullServer(folder, 1)) {
            server.release(1);
            server.promote();
            server.add("prometheus", Role.OPERATIONS);
            server.score();
            String declared = "release: {limits: {requests: 77}, log: {sample: 1, redact: [carrier]}, ";
            server.post(
                    "ana", "projects", Json.object().put("file", ReadyModel.PROJECT.replace("release: {", declared)));
            server.post("ben", "decisions", Json.object().put("ref", "project:delays"));
            awaitLimit(server);
            predicted = server.score().at("/predictions/0").asDouble();
            server.score();
        }

        try (var tables = new DuckTables(folder.resolve("tables"));
                Stream<Path> all = Files.walk(folder.resolve("server/requests/delays/1"))) {
            List<Path> files = all.filter(Files::isRegularFile).toList();
            assertThat(files).hasSize(1);
            Frame back = tables.head(files.getFirst(), List.of(), 10);
            assertThat(back.rows()).isEqualTo(2);
            Object distance = TestBundles.rows().row(0).get("distance");
            assertThat(back.row(1)).containsEntry("version", "1").containsEntry("input_distance", distance);
            assertThat(back.row(1).get("input_carrier")).asString().matches("[0-9a-f]{32}");
            assertThat((Double) back.row(0).get("output_prediction")).isEqualTo(predicted);
            assertThat(back.row(0).get("request_id")).isNotEqualTo(back.row(1).get("request_id"));
        }
    }

    private static void awaitLimit(PullServer server) {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!server.metrics("prometheus", "*/*")
                .body()
                .contains("millwright_scoring_limit{deployment=\"delays\"} 77.0")) {
            assertThat(System.nanoTime()).as("waited 30 s").isLessThan(end);
        }
    }
}

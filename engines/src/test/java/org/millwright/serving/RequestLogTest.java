package org.millwright.serving;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.engines.duckdb.DuckTables;
import org.millwright.kernel.Ids;
import org.millwright.project.RequestSampling;
import org.millwright.scoring.Frame;
import org.millwright.scoring.TestModels;
import org.millwright.scoring.onnx.OnnxModel;

/** The log's files, written and read back by DuckDB; time stands still unless told. */
class RequestLogTest {
    @TempDir
    Path folder;

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T10:00:00Z"));
    private final Clock clock = ((InstantSource) now::get).withZone(ZoneOffset.UTC);
    private DuckTables tables;
    private RequestLog log;
    private final OnnxModel model = OnnxModel.load(TestModels.bytes("mixed.onnx"), TestModels.MIXED);
    private final Frame rows = TestModels.mixedRows().slice(0, 3);
    private final Frame predictions = model.predict(rows);

    @AfterEach
    void close() {
        log.close();
        tables.close();
        model.close();
    }

    @Test
    void whatIsDrawnIsReadBackAndPersonalColumnsAreHashes() throws IOException {
        open(2_000_000, sampling(1, "carrier"));
        offer("board", "1", "r-1", rows);
        Frame narrow = rows.select(List.of("distance", "hour", "carrier"));
        offer("board", "1", "r-2", narrow);
        offer("../board", "2", "r-3", rows);
        log.store();

        List<Path> files = files();
        assertThat(files).hasSize(2).allMatch(file -> file.startsWith(folder.resolve("requests")));
        Path first = files.stream()
                .filter(file -> file.toString().contains("requests/board/1/20260101T100000Z-"))
                .findFirst()
                .orElseThrow();
        Frame back = tables.head(first, List.of(), 100);
        assertThat(back.names())
                .containsExactly(
                        "time_ms",
                        "version",
                        "request_id",
                        "row",
                        "input_distance",
                        "input_wind",
                        "input_hour",
                        "input_carrier",
                        "output_prediction");
        assertThat(back.rows()).isEqualTo(6);
        for (int row = 0; row < 6; row++) {
            assertThat(back.row(row))
                    .containsEntry("time_ms", clock.millis())
                    .containsEntry("version", "1")
                    .containsEntry("request_id", row < 3 ? "r-1" : "r-2")
                    .containsEntry("row", (long) (row % 3))
                    .containsEntry("input_distance", rows.row(row % 3).get("distance"))
                    .containsEntry("input_wind", row < 3 ? rows.row(row).get("wind") : null)
                    .containsEntry("output_prediction", predictions.doubles(0)[row % 3]);
            assertThat((String) back.row(row).get("input_carrier")).matches("[0-9a-f]{32}");
            assertThat(back.row(row).get("input_carrier"))
                    .isEqualTo(back.row(row % 3).get("input_carrier"));
        }
        assertThat(log.counts()).containsEntry("board", new RequestLog.Count(6, 0));
    }

    @Test
    void nothingIsKeptWhileAPersonalColumnMayBeMisspelt() throws IOException {
        open(2_000_000, sampling(1, "carier"));
        offer("board", "1", "r-1", rows);
        log.store();

        assertThat(files()).isEmpty();
        assertThat(log.counts()).containsEntry("board", new RequestLog.Count(0, 3));

        log.set("board", Optional.of(sampling(1, "carrier", "prediction")));
        offer("board", "1", "r-2", rows);
        log.store();
        assertThat(tables.head(files().getFirst(), List.of("output_prediction"), 9)
                        .value(0, 0))
                .asString()
                .matches("[0-9a-f]{32}");
    }

    @Test
    void whatDoesNotFitIsDroppedAndCountedAndASampleIsAShare() {
        open(17, sampling(1));
        offer("board", "1", "too much", rows);
        offer("board", "1", "r-1", rows.slice(0, 2));
        log.store();
        assertThat(log.counts()).containsEntry("board", new RequestLog.Count(2, 3));

        log.set("board", Optional.of(sampling(0.25)));
        for (int i = 0; i < 4_000; i++) {
            offer("board", "1", "s-" + i, rows.slice(0, 1));
        }
        log.store();
        var count = log.counts().get("board");
        assertThat(count.written() + count.dropped() - 5).isBetween(800L, 1_200L);

        log.set("board", Optional.empty());
        offer("board", "1", "t", rows);
        log.store();
        assertThat(log.counts()).containsEntry("board", count);
    }

    @Test
    void oldFilesGoAndThoseThatAreTooMuchTogether() throws IOException {
        open(2_000_000, new RequestSampling(1, Set.of(), Duration.ofDays(2), 1));
        offer("board", "1", "old", rows);
        log.store();
        Path old = files().getFirst();
        now.updateAndGet(before -> before.plus(Duration.ofDays(1)));
        offer("board", "1", "new", rows);
        log.store();
        assertThat(files()).hasSize(2);

        now.updateAndGet(before -> before.plus(Duration.ofDays(1)).plusSeconds(1));
        log.store();
        assertThat(files()).hasSize(1).doesNotContain(old);

        Path large = folder.resolve("requests/board/1/20260101T000000Z-00000000.parquet");
        Files.write(large, new byte[1_000_000]);
        log.store();
        assertThat(files()).hasSize(1).doesNotContain(large);
    }

    private static RequestSampling sampling(double share, String... redact) {
        return new RequestSampling(share, Set.of(redact), RequestSampling.KEEP, RequestSampling.MEGABYTES);
    }

    private void open(long values, RequestSampling sampling) {
        tables = new DuckTables(folder.resolve("tables"));
        log = new RequestLog(
                folder.resolve("requests"),
                folder.resolve("keys/requests.key"),
                tables,
                clock,
                Ids.seeded(clock, 1),
                values);
        log.set("board", Optional.of(sampling));
        log.set("../board", Optional.of(sampling));
    }

    private void offer(String deployment, String version, String request, Frame inputs) {
        var none = Optional.<String>empty();
        var known = new Deployment(deployment, "p", "m", none, none, new Rollout.None(), Optional.empty(), 0, 0);
        var live = new Live(version, model, new Traffic(clock));
        log.offer(known, live, request, inputs, predictions.slice(0, inputs.rows()));
    }

    private List<Path> files() throws IOException {
        Path root = folder.resolve("requests");
        if (!Files.exists(root)) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(Files::isRegularFile).sorted().toList();
        }
    }
}

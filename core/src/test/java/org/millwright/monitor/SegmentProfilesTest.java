package org.millwright.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.millwright.alert.Window;
import org.millwright.drift.Drifted;
import org.millwright.drift.SegmentDrift;
import org.millwright.identity.Actor;
import org.millwright.intake.Profiled;
import org.millwright.intake.Report;
import org.millwright.kernel.Database;
import org.millwright.kernel.OnDatabases;
import org.millwright.scoring.Frame;
import org.millwright.scoring.profile.NumericProfile;
import org.millwright.scoring.profile.Profile;
import org.millwright.scoring.profile.Reference;
import org.millwright.scoring.profile.SegmentRows;
import org.millwright.scoring.remote.Recorder;
import org.millwright.serving.Scored;
import org.millwright.window.SegmentStore;
import org.millwright.window.WindowState;

/** Segments that the agreement names have profiles of their own, the same whatever the batches. */
@ParameterizedClass
@MethodSource("org.millwright.kernel.OnDatabases#each")
class SegmentProfilesTest {
    private final Database database;

    @TempDir
    Path folder;

    private Line line;

    SegmentProfilesTest(OnDatabases.Maker maker) {
        database = maker.make();
    }

    @BeforeEach
    void open() {
        line = new Line(database, folder);
        line.agree(Line.AGREEMENT.replace(
                "performance: {metric: skill, at-least: 0.2, min-labels: 100}",
                "performance: [{metric: skill, at-least: 0.2, min-labels: 100},"
                        + " {metric: rmse, at-most: 9, segment: {carrier: c1}}]"));
    }

    @AfterEach
    void close() {
        line.monitor.close();
        database.close();
    }

    private Overviews overviews() {
        return new Overviews(database, line.projects, line.monitor, line.alerts);
    }

    private void answer(Frame inputs, Line.Rows rows, int from, int to) {
        line.monitor.answered(new Scored(
                Line.DEPLOYMENT,
                "delays",
                "delays",
                "1",
                line.clock.millis(),
                inputs.slice(from, to),
                Arrays.copyOfRange(rows.predictions(), from, to),
                Arrays.copyOfRange(rows.ids(), from, to),
                Arrays.copyOfRange(rows.times(), from, to)));
        line.monitor.settle(Line.DEPLOYMENT);
    }

    @Test
    void aSegmentMovesWhileTheWholeHardlyDoes() {
        Line.Rows rows = Line.rows("2013-08", 3_000, 0, 0);
        double[] x = rows.inputs().doubles("x").clone();
        for (int i = 0; i < x.length; i++) {
            x[i] += "c4".equals(rows.inputs().value(1, i)) ? 3 : 0;
        }
        Frame inputs = Frame.of(x.length)
                .doubles("x", x)
                .column("carrier", rows.inputs().type(1), rows.inputs().column(1))
                .build();
        for (int from = 0; from < x.length; from += 750) {
            answer(inputs, rows, from, from + 750);
        }

        List<SegmentDrift> segments = overviews().segments(Actor.SYSTEM, Line.DEPLOYMENT, "2013-08", "");

        assertThat(segments)
                .extracting(SegmentDrift::name)
                .containsExactly("carrier=c0", "carrier=c1", "carrier=c2", "carrier=c3", "carrier=c4", "carrier=c5");
        assertThat(segments.stream().mapToLong(SegmentDrift::rows).sum()).isEqualTo(3_000);
        assertThat(value(segments, "carrier=c4")).isGreaterThan(2);
        assertThat(value(segments, "carrier=c1")).isLessThan(0.1);
        Drifted whole = line.monitor
                .measures()
                .drift(line.monitor.watched(Line.DEPLOYMENT), line.windows().getFirst(), Optional.empty())
                .orElseThrow();
        assertThat(whole.columns().getFirst().value()).isLessThan(0.25);
    }

    private static double value(List<SegmentDrift> segments, String name) {
        return segments.stream()
                .filter(segment -> segment.name().equals(name))
                .mapToDouble(segment -> segment.drift().columns().getFirst().value())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void manyBatchesMakeTheProfileOfTheRowsTogether() {
        Line.Rows rows = Line.rows("2013-08", 1_200, 0, 0);
        for (int from = 0; from < 1_200; from += 100) {
            answer(rows.inputs(), rows, from, from + 100);
        }
        requireProfileOfAll(rows);
    }

    @Test
    void whatAScorerInAnApplicationSplitsMergesWithTheServersOwn() {
        Line.Rows rows = Line.rows("2013-08", 1_200, 0, 0);
        answer(rows.inputs(), rows, 0, 500);
        var recorder = new Recorder(10_000);
        recorder.splitBy(List.of(List.of("carrier"), List.of("nothing of that name")));
        var by = new Recorder.By("1", Optional.of(Line.REFERENCE));
        Frame outputs =
                Frame.of(1_200).doubles(Reference.OUTPUT, rows.predictions()).build();
        for (int from = 500; from < 1_200; from += 50) {
            recorder.record(by, rows.inputs().slice(from, from + 50), outputs.slice(from, from + 50), rows.times()[0]);
        }
        recorder.drain();
        Recorder.Part part = recorder.take();
        var report =
                new Report("scorer-1", 1, "1", part.day(), part.rows(), part.last(), 0, Optional.empty(), List.of());
        Map<String, Profiled.Part> parts = new LinkedHashMap<>();
        part.segments()
                .forEach((name, segment) -> parts.put(name, new Profiled.Part(segment.rows(), segment.profile())));
        for (int twice = 0; twice < 2; twice++) {
            boolean added = line.monitor.merge(
                    Line.DEPLOYMENT, "delays", "delays", new Profiled(report, part.profile(), parts));
            assertThat(added).isEqualTo(twice == 0);
        }

        requireProfileOfAll(rows);
    }

    private void requireProfileOfAll(Line.Rows rows) {
        Window window = line.windows().getFirst().window();
        SegmentStore.Stored stored = database.read(
                        () -> new SegmentStore(database).find(Line.DEPLOYMENT, "1", window, "carrier=c0"))
                .orElseThrow();
        int[] own = java.util.stream.IntStream.range(0, 1_200)
                .filter(row -> "c0".equals(rows.inputs().value(1, row)))
                .toArray();
        Profile expected = Line.REFERENCE.window();
        expected.update(rows.inputs().pick(own));

        assertThat(stored.rows()).isEqualTo(own.length);
        var actual =
                (NumericProfile) Profile.fromJson(stored.profile()).column("x").orElseThrow();
        var wanted = (NumericProfile) expected.column("x").orElseThrow();
        assertThat(actual.bins()).isEqualTo(wanted.bins());
        assertThat(actual.mean()).isCloseTo(wanted.mean(), within(1e-12));
        assertThat(actual.distinct()).isEqualTo(wanted.distinct());
    }

    @Test
    void furtherSegmentsAreOnlyPartOfTheWhole() {
        Line.Rows rows = Line.rows("2013-08", 1_000, 0, 0);
        String[] carriers = new String[1_000];
        Arrays.setAll(carriers, i -> "c" + i / 10);
        Frame inputs = Frame.of(1_000)
                .doubles("x", rows.inputs().doubles("x"))
                .strings("carrier", carriers)
                .build();
        answer(inputs, rows, 0, 500);
        answer(inputs, rows, 500, 1_000);

        assertThat(overviews().segments(Actor.SYSTEM, Line.DEPLOYMENT, "2013-08", ""))
                .hasSize(SegmentRows.MOST_PROFILED);
        assertThat(line.windows()).extracting(WindowState::rows).containsExactly(1_000L);
    }
}

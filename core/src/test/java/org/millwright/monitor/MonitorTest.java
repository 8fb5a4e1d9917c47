package org.millwright.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.millwright.alert.Clause;
import org.millwright.alert.Judgement;
import org.millwright.alert.Verdict;
import org.millwright.alert.WindowKind;
import org.millwright.identity.Actor;
import org.millwright.intake.Inbox;
import org.millwright.intake.Profiled;
import org.millwright.intake.Report;
import org.millwright.intake.Windows;
import org.millwright.kernel.Database;
import org.millwright.kernel.OnDatabases;
import org.millwright.kernel.Problem;
import org.millwright.outcome.Performance;
import org.millwright.outcome.Segments;
import org.millwright.scoring.Frame;
import org.millwright.scoring.Vector;
import org.millwright.scoring.profile.NumericProfile;
import org.millwright.scoring.profile.Profile;
import org.millwright.scoring.profile.Reference;
import org.millwright.serving.Scored;
import org.millwright.verdict.Retention;
import org.millwright.window.Keeping;
import org.millwright.window.References;
import org.millwright.window.Watched;
import org.millwright.window.WindowState;
import org.millwright.window.WindowStore;

@ParameterizedClass
@MethodSource("org.millwright.kernel.OnDatabases#each")
class MonitorTest {
    private final Database database;

    @TempDir
    Path folder;

    private Line line;

    MonitorTest(OnDatabases.Maker maker) {
        database = maker.make();
    }

    @BeforeEach
    void open() {
        line = new Line(database, folder);
    }

    @AfterEach
    void close() {
        line.monitor.close();
        database.close();
    }

    private Profile profile(WindowState window) {
        return database.read(() -> new WindowStore(database)
                .profile(window.deployment(), window.version(), window.window())
                .map(Profile::fromJson)
                .orElseThrow());
    }

    private static void assertSame(Profile actual, Profile expected) {
        for (String name : List.of("x", Reference.OUTPUT)) {
            var a = (NumericProfile) actual.column(name).orElseThrow();
            var e = (NumericProfile) expected.column(name).orElseThrow();
            assertThat(a.bins()).isEqualTo(e.bins());
            assertThat(a.mean()).isCloseTo(e.mean(), org.assertj.core.data.Offset.offset(1e-12));
        }
        assertThat(actual.column("carrier").orElseThrow())
                .extracting(column -> ((org.millwright.scoring.profile.CategoryProfile) column).counts())
                .isEqualTo(((org.millwright.scoring.profile.CategoryProfile)
                                expected.column("carrier").orElseThrow())
                        .counts());
    }

    private static Profile whole(Line.Rows rows) {
        Profile profile = Line.REFERENCE.window();
        profile.update(rows.inputs());
        profile.column(Reference.OUTPUT)
                .orElseThrow()
                .update(new org.millwright.scoring.Vector.Doubles(rows.predictions()));
        return profile;
    }

    private Scored part(Line.Rows rows, int from, int to) {
        return new Scored(
                Line.DEPLOYMENT,
                "delays",
                "delays",
                "1",
                line.clock.millis(),
                rows.inputs().slice(from, to),
                java.util.Arrays.copyOfRange(rows.predictions(), from, to),
                java.util.Arrays.copyOfRange(rows.ids(), from, to),
                java.util.Arrays.copyOfRange(rows.times(), from, to));
    }

    /** What a scorer in an application sends of rows of a day. */
    private static Report report(String replica, long sequence, long day, int rows) {
        return new Report(replica, sequence, "1", day, rows, day, 0, Optional.empty(), List.of());
    }

    @Test
    void reportsOfManyScorersAndOwnRowsMakeOneWindow() throws Exception {
        Line.Rows rows = Line.rows("2013-08", 300, 0, 0);
        long day = 24 * 3600_000L;
        try (var scorers = Executors.newFixedThreadPool(6)) {
            List<Future<Integer>> added = new ArrayList<>();
            for (int s = 0; s < 6; s++) {
                int scorer = s;
                added.add(scorers.submit(() -> {
                    int count = 0;
                    for (int i = 0; i < 5; i++) {
                        int from = scorer * 40 + i * 8;
                        Profile profile = Line.REFERENCE.window();
                        profile.update(rows.inputs().slice(from, from + 8));
                        profile.column(Reference.OUTPUT)
                                .orElseThrow()
                                .update(new Vector.Doubles(Arrays.copyOfRange(rows.predictions(), from, from + 8)));
                        var report = report("scorer-" + scorer, i + 1, Line.time("2013-08") + i * day, 8);
                        for (int twice = 0; twice < 2; twice++) {
                            boolean fresh = line.monitor.merge(
                                    Line.DEPLOYMENT,
                                    "delays",
                                    "delays",
                                    new Profiled(report, Optional.of(profile), Map.of()));
                            count += fresh ? 1 : 0;
                        }
                    }
                    return count;
                }));
            }
            for (int from = 240; from < 300; from += 10) {
                line.monitor.answered(part(rows, from, from + 10));
                line.monitor.settle(Line.DEPLOYMENT);
            }
            for (Future<Integer> count : added) {
                assertThat(count.get()).isEqualTo(5);
            }
        }
        assertThat(line.windows()).singleElement().satisfies(window -> {
            assertThat(window.rows()).isEqualTo(300);
            assertThat(window.window().label()).isEqualTo("2013-08");
            assertSame(profile(window), whole(rows));
        });
        Report next = report("scorer-0", 6, Line.time("2013-10"), 25);
        line.monitor.merge(Line.DEPLOYMENT, "delays", "delays", new Profiled(next, Optional.empty(), Map.of()));
        assertThat(line.judgements(Clause.DRIFT))
                .as("traffic has left the window behind")
                .isNotEmpty();
    }

    @Test
    void singleRequestsOfManyServersGiveTheSameWindowAsOneBatch() {
        Line.Rows rows = Line.rows("2013-08", 300, 0, 0);
        Monitor first = line.monitor;
        line.open(MonitorSettings.DEFAULT);
        for (int i = 0; i < 300; i++) {
            (i % 3 == 0 ? first : line.monitor).answered(part(rows, i, i + 1));
            if (i % 50 == 49) {
                first.settle(Line.DEPLOYMENT);
                line.monitor.settle(Line.DEPLOYMENT);
            }
        }
        first.close();
        line.monitor.settle(Line.DEPLOYMENT);
        assertThat(line.windows()).singleElement().satisfies(window -> {
            assertThat(window.rows()).isEqualTo(300);
            assertSame(profile(window), whole(rows));
        });
    }

    @Test
    void aBatchAcrossMonthsIsSplitByEventTime() {
        Line.Rows rows = Line.rows("2013-08", 100, 0, 0);
        for (int i = 90; i < 100; i++) {
            rows.times()[i] = Line.time("2013-09") + i;
        }
        line.monitor.answered(line.scored(rows, "1"));
        line.monitor.settle(Line.DEPLOYMENT);
        assertThat(line.windows())
                .extracting(window -> window.window().label(), WindowState::rows)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("2013-08", 90L),
                        org.assertj.core.groups.Tuple.tuple("2013-09", 10L));
    }

    @Test
    void anIdAnsweredTwiceByAVersionCountsOnce() {
        Line.Rows rows = Line.rows("2013-08", 200, 0, 0);
        line.monitor.answered(line.scored(rows, "1"));
        line.monitor.settle(Line.DEPLOYMENT);
        line.monitor.answered(line.scored(rows, "1"));
        line.monitor.answered(part(rows, 5, 9));
        line.monitor.settle(Line.DEPLOYMENT);
        assertThat(line.windows()).singleElement().satisfies(window -> {
            assertThat(window.rows()).isEqualTo(200);
            assertSame(profile(window), whole(rows));
        });
        assertThat(line.monitor.watched(Line.DEPLOYMENT).duplicates()).isEqualTo(204);
    }

    @Test
    void aBatchTriedAgainAfterItsCommitIsNotCountedTwice() {
        Line.Rows rows = Line.rows("2013-08", 50, 0, 0);
        rows.ids()[0] = "";
        line.monitor.answered(part(rows, 0, 1));
        line.monitor.settle(Line.DEPLOYMENT);
        var windows = new Windows(database, new References((d, v) -> java.util.Optional.of(Line.REFERENCE)));
        Scored scored = line.scored(Line.rows("2013-09", 40, 0, 0), "1");
        var inbox = new Inbox(40);
        inbox.offer(scored, 40);
        inbox.offer(part(rows, 1, 4), 40);
        Inbox.Batch batch = inbox.next(40);
        Watched watched = line.monitor.watched(Line.DEPLOYMENT);
        var keeping = new Keeping(WindowKind.MONTH, false, Segments.NONE);
        windows.add(watched, keeping, "replica-b", batch);
        windows.add(watched, keeping, "replica-b", batch);
        assertThat(line.windows()).extracting(WindowState::rows).containsExactly(1L, 40L);
        assertThat(line.monitor.watched(Line.DEPLOYMENT).dropped()).isEqualTo(3);
        assertThat(line.monitor.watched(Line.DEPLOYMENT).duplicates()).isZero();
    }

    @Test
    void rowsOfABatchJobAreNeverDroppedAndCountOnce() {
        line.monitor.close();
        line.open(new MonitorSettings(100, Duration.ofHours(1), 1_000));
        Line.Rows rows = Line.rows("2013-08", 900, 0, 0);
        rows.ids()[5] = "";
        // Fewer than wake who stores.
        line.monitor.answered(part(rows, 0, 20));
        line.monitor.take(part(rows, 100, 600), "job/one", 1);
        line.monitor.take(part(rows, 600, 900), "job/one", 2);
        line.monitor.take(part(rows, 100, 600), "job/one", 1);
        line.monitor.take(part(rows, 20, 100), "job/two", 1);
        line.monitor.taken(Line.DEPLOYMENT);
        assertThat(line.monitor.waiting(Line.DEPLOYMENT))
                .as("live rows keep their place")
                .isEqualTo(20);
        line.monitor.settle(Line.DEPLOYMENT);
        assertThat(line.windows()).extracting(WindowState::rows).containsExactly(900L);
        assertThat(line.monitor.watched(Line.DEPLOYMENT).dropped()).isZero();
    }

    @Test
    void whatDoesNotFitIntoTheQueueIsDroppedAndCounted() {
        line.monitor.close();
        line.open(new MonitorSettings(100, Duration.ofHours(1), 1_000));
        Line.Rows rows = Line.rows("2013-08", 150, 0, 0);
        line.monitor.answered(part(rows, 0, 90));
        line.monitor.answered(part(rows, 90, 120));
        line.monitor.answered(part(rows, 140, 150));
        line.monitor.settle(Line.DEPLOYMENT);
        assertThat(line.windows()).extracting(WindowState::rows).containsExactly(100L);
        assertThat(line.monitor.watched(Line.DEPLOYMENT).dropped()).isEqualTo(30);
    }

    @Test
    void aColumnThatTurnsIntoTextCountsAsMissing() {
        Frame odd = Frame.of(2)
                .strings("x", new String[] {"a", "b"})
                .strings("carrier", new String[] {"c1", null})
                .build();
        line.monitor.answered(new Scored(
                Line.DEPLOYMENT,
                "delays",
                "delays",
                "1",
                0,
                odd,
                new double[] {1, Double.NaN},
                new String[] {"", ""},
                new long[] {Line.time("2013-08"), Line.time("2013-08")}));
        line.monitor.settle(Line.DEPLOYMENT);
        Profile profile = profile(line.windows().getFirst());
        assertThat(profile.column("x").orElseThrow().missing()).isEqualTo(2);
        assertThat(profile.column(Reference.OUTPUT).orElseThrow().missing()).isEqualTo(1);
    }

    @Test
    void aWindowIsNotJudgedBeforeItIsOver() {
        line.month("2013-08", "2013-08", "1", 0, 0);
        assertThat(line.judgements(Clause.PERFORMANCE)).isEmpty();
        assertThat(line.judgements(Clause.DRIFT)).isEmpty();
    }

    @Test
    void trafficAndOutcomesOfTheNextMonthCloseAWindow() {
        Line.Rows august = Line.rows("2013-08", 300, 0, 0);
        Line.Rows september = Line.rows("2013-09", 300, 0, 0);
        line.monitor.answered(line.scored(august, "1"));
        line.labels.receive(line.ana, Line.DEPLOYMENT, Line.labels(august));
        line.monitor.answered(part(september, 0, 10));
        line.monitor.settle(Line.DEPLOYMENT);
        assertThat(line.judgements(Clause.DRIFT)).isEmpty();
        line.monitor.answered(part(september, 10, 300));
        line.monitor.settle(Line.DEPLOYMENT);
        assertThat(line.judgements(Clause.DRIFT)).extracting(Judgement::verdict).containsExactly(Verdict.KEPT);
        assertThat(line.judgements(Clause.PERFORMANCE)).isEmpty();
        line.labels.receive(line.ana, Line.DEPLOYMENT, Line.labels(september));
        assertThat(line.judgements(Clause.PERFORMANCE))
                .extracting(Judgement::verdict)
                .containsExactly(Verdict.KEPT);
    }

    @Test
    void aFewRowsOfTheNextMonthAreNeverJudged() {
        line.month("2013-12", "2014-01", "1", 0, 0);
        Line.Rows rest = Line.rows("2014-01", 15, 0, 0);
        line.monitor.answered(line.scored(rest, "1"));
        line.monitor.announce(line.ana, Line.DEPLOYMENT, Line.time("2014-02"));
        assertThat(line.judgements(Clause.DRIFT))
                .extracting(Judgement::verdict)
                .containsExactly(Verdict.KEPT, Verdict.INSUFFICIENT);
        assertThat(line.judgements(Clause.PERFORMANCE))
                .extracting(Judgement::verdict)
                .containsExactly(Verdict.KEPT, Verdict.INSUFFICIENT);
    }

    @Test
    void outcomesThatComeLateGiveTheWindowItsVerdictThen() {
        Line.Rows rows = Line.rows("2013-08", 300, 0, 1);
        line.monitor.answered(line.scored(rows, "1"));
        line.monitor.announce(line.ana, Line.DEPLOYMENT, Line.time("2013-09"));
        assertThat(line.judgements(Clause.PERFORMANCE))
                .extracting(Judgement::verdict)
                .containsExactly(Verdict.INSUFFICIENT);
        line.labels.receive(line.ana, Line.DEPLOYMENT, Line.labels(rows));
        assertThat(line.judgements(Clause.PERFORMANCE))
                .extracting(Judgement::verdict)
                .containsExactly(Verdict.BROKEN);
        assertThat(line.alerts.list(Actor.SYSTEM, java.util.Optional.empty(), java.util.Optional.empty(), true))
                .hasSize(1);
    }

    @Test
    void aWatermarkInTheFutureIsRefused() {
        line.month("2013-08", "2013-08", "1", 0, 0);
        assertThatThrownBy(() -> line.monitor.announce(line.ana, Line.DEPLOYMENT, Line.time("2027-01")))
                .isInstanceOf(Problem.Invalid.class)
                .hasMessageContaining("future");
        assertThatThrownBy(() -> line.monitor.announce(line.ana, "nope", Line.time("2013-09")))
                .isInstanceOf(Problem.NotFound.class);
    }

    @Test
    void theVersionWithMostRowsLeads() {
        Line.Rows rows = Line.rows("2013-08", 300, 0, 1);
        line.monitor.answered(part(rows, 0, 120));
        line.monitor.answered(line.scored(Line.rows("2013-08", 400, 0, 0), "2"));
        line.labels.receive(line.ana, Line.DEPLOYMENT, Line.labels(Line.rows("2013-08", 400, 0, 0)));
        line.monitor.announce(line.ana, Line.DEPLOYMENT, Line.time("2013-09"));
        assertThat(line.judgements(Clause.PERFORMANCE))
                .extracting(Judgement::version, Judgement::leading, Judgement::verdict)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("1", false, Verdict.BROKEN),
                        org.assertj.core.groups.Tuple.tuple("2", true, Verdict.KEPT));
        assertThat(line.alerts.list(Actor.SYSTEM, java.util.Optional.empty(), java.util.Optional.empty(), false))
                .isEmpty();
    }

    @Test
    void predictionsAreBoundedAndTheirWindowsKeepWhatWasMeasured() {
        line.month("2013-08", "2013-09", "1", 0, 0.2);
        line.month("2013-09", "2013-10", "1", 0, 0.2);
        var measures = line.monitor.measures();
        WindowState august = line.windows().getFirst();
        Performance before = measures.performance(line.monitor.watched(Line.DEPLOYMENT), august);
        int gone = new Retention(database, measures, 500).prune(line.monitor.watched(Line.DEPLOYMENT));
        assertThat(gone).isEqualTo(400);
        assertThat(measures.performance(line.monitor.watched(Line.DEPLOYMENT), august))
                .isEqualTo(before);
    }
}

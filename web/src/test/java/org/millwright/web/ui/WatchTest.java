package org.millwright.web.ui;

import static org.assertj.core.api.Assertions.assertThat;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.alert.Verdict;
import org.millwright.drift.MultivariateDrift;
import org.millwright.identity.Actor;
import org.millwright.kernel.OnDatabases;
import org.millwright.drift.Drifted;
import org.millwright.monitor.Line;
import org.millwright.monitor.Overviews;
import org.millwright.monitor.Signals;
import org.millwright.outcome.Label;
import org.millwright.scoring.drift.ReconstructionError;
import org.millwright.serving.Deployment;
import org.millwright.serving.Rollout;

class WatchTest {
    @TempDir
    Path folder;

    @Test
    void theHeadSaysWhatToDoAndThePlotMarksAlertsAndVersionsThatTookOver() {
        var line = new Line(OnDatabases.sqlite(), folder);
        try {
            line.month("2013-08", "2013-09", "1", 0, 6);
            var overviews = new Overviews(line.database, line.projects, line.monitor, line.alerts);
            Health broken = health(line, overviews, "1");
            assertThat(broken.word()).isEqualTo("breaks its agreement");
            assertThat(broken.broken().getFirst().since()).isEqualTo("2013-08");
            assertThat(broken.measured().orElseThrow().window()).isEqualTo("2013-08");
            assertThat(broken.next().getFirst().text()).startsWith("Look at the alert about performance in 2013-08");

            line.month("2013-09", "2013-10", "2", 0, 0);
            Health mended = health(line, overviews, "2");
            assertThat(mended.tone()).isEqualTo("ok");
            assertThat(mended.broken()).isEmpty();
            assertThat(mended.next().getFirst().text()).contains("of version 1, which serves no more");
            Overviews.Overview overview = overviews.of(Actor.SYSTEM, Line.DEPLOYMENT);
            Watch watch = watch(overview);
            assertThat(watch.performance())
                    .contains("Alert: delays/1 in 2013-08", "Version 2: answers most from 2013-09 on")
                    .doesNotContain("Version 1: answers");
            allColumnsTogetherAreAPlotWithTheirLimits(overview);
            ofManyColumnsTheWorstAreDrawn(overview);
            aWindowWithFewOutcomesIsMarked(line, overviews);
        } finally {
            line.monitor.close();
            line.database.close();
        }
    }

    private static void aWindowWithFewOutcomesIsMarked(Line line, Overviews overviews) {
        assertThat(watch(overviews.of(Actor.SYSTEM, Line.DEPLOYMENT)).few()).isEmpty();
        Line.Rows rows = Line.rows("2013-10", 400, 0, 4);
        line.monitor.answered(line.scored(rows, "2"));
        line.labels.receive(
                line.ana,
                Line.DEPLOYMENT,
                IntStream.range(0, 40)
                        .mapToObj(i -> new Label(rows.ids()[i], rows.outcomes()[i], rows.times()[i] + 1))
                        .toList());
        line.monitor.announce(line.ana, Line.DEPLOYMENT, Line.time("2013-11"));
        Watch watch = watch(overviews.of(Actor.SYSTEM, Line.DEPLOYMENT));
        assertThat(watch.few()).isEqualTo("2013-10 rests on 40 outcomes");
        assertThat(watch.performance()).contains("unsure");
    }

    private static void ofManyColumnsTheWorstAreDrawn(Overviews.Overview overview) {
        assertThat(watch(overview).more()).isEmpty();
        List<Overviews.Period> wide = overview.windows().stream()
                .map(period -> new Overviews.Period(
                        period.state(),
                        period.closed(),
                        period.labelsClosed(),
                        period.leading(),
                        period.performance(),
                        period.drift().map(WatchTest::wide),
                        period.multivariate(),
                        period.judgements()))
                .toList();
        Watch watch = watch(new Overviews.Overview(
                overview.deployment(), overview.agreement(), 0, 0, 0, overview.standings(), wide, overview.alerts()));
        assertThat(watch.columns())
                .extracting(column -> column.newest().name())
                .contains("prediction", "c9999")
                .doesNotContain("c0")
                .hasSizeBetween(61, 62);
        assertThat(watch.more()).isEqualTo("The 60 worst of 10,000 columns are drawn; 0 moved.");
    }

    /** The same with a column that is somewhat further away than the one before, ten thousand times. */
    private static Drifted wide(Drifted drift) {
        Drifted.Column like = drift.columns().getFirst();
        List<Drifted.Column> columns = IntStream.range(0, 10_000)
                .mapToObj(i -> new Drifted.Column(
                        "c" + i,
                        like.method(),
                        i * 1e-6,
                        like.warn(),
                        like.alert(),
                        Verdict.KEPT,
                        like.n(),
                        like.p(),
                        like.all()))
                .toList();
        return new Drifted(drift.rows(), columns, drift.prediction(), drift.target(), drift.unknown());
    }

    private static void allColumnsTogetherAreAPlotWithTheirLimits(Overviews.Overview overview) {
        MultivariateDrift apart = reading(Verdict.BROKEN, 1.75, "they came apart");
        String page = page(
                overview,
                Optional.of(new Signals.Causes(
                        overview.windows().getFirst().state().window(),
                        "1",
                        List.of(),
                        Optional.of(apart),
                        Optional.empty(),
                        List.of())),
                reading(Verdict.KEPT, 1.3, ""),
                apart);
        assertThat(page)
                .contains("All columns together", "<path class=\"band\"", "1.2 to 1.4", "as in training", "drifted")
                .contains("columns came apart", "they came apart");
        assertThat(page(
                        overview,
                        Optional.empty(),
                        new MultivariateDrift(Verdict.INSUFFICIENT, Optional.empty(), 0, "101 columns vary")))
                .contains("No reading: 101 columns vary.");
    }

    private static MultivariateDrift reading(Verdict verdict, double error, String note) {
        return new MultivariateDrift(
                verdict, Optional.of(new ReconstructionError(error, 0.02, 400, 1.3, 1.2, 1.4)), 400, note);
    }

    /** What the page says of these windows, one after the other. */
    private static String page(
            Overviews.Overview overview, Optional<Signals.Causes> causes, MultivariateDrift... readings) {
        List<Signals.InWindow> windows = new ArrayList<>();
        for (int i = 0; i < readings.length; i++) {
            windows.add(new Signals.InWindow(
                    overview.windows().get(i).state().window(),
                    "1",
                    true,
                    Optional.empty(),
                    Optional.of(readings[i]),
                    Optional.empty(),
                    List.of()));
        }
        var signals = new Signals.Overview(windows, List.of(), List.of(), causes, Optional.empty(), 0);
        var out = new StringOutput();
        TemplateEngine.createPrecompiled(null, ContentType.Html, null, "org.millwright.web.jte")
                .render("deployment/signals.jte", Map.of("signals", SignalWatch.of(overview, signals), "now", 0L), out);
        return out.toString();
    }

    private static Watch watch(Overviews.Overview overview) {
        return Watch.of(
                overview,
                List.of(),
                Optional.of(Watch.telling(overview.windows()).getLast()),
                List.of(),
                Estimates.NONE);
    }

    private static Health health(Line line, Overviews overviews, String version) {
        var agreement = line.projects.agreement("delays");
        Agreed agreed =
                Agreed.of(agreement, Optional.empty(), Optional.empty(), overviews.promises(Actor.SYSTEM, "delays"));
        Watch watch = watch(overviews.of(Actor.SYSTEM, Line.DEPLOYMENT));
        var deployment = new Deployment(
                Line.DEPLOYMENT,
                "delays",
                "delays",
                Optional.of(version),
                Optional.empty(),
                new Rollout.None(),
                Optional.empty(),
                0,
                0);
        return Health.of(deployment, agreed.of(Line.DEPLOYMENT), Optional.of(watch), Optional.empty(), agreement);
    }
}

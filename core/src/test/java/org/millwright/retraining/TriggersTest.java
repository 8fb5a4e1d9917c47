package org.millwright.retraining;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.millwright.alert.Alert;
import org.millwright.alert.Clause;
import org.millwright.identity.Actor;
import org.millwright.kernel.Database;
import org.millwright.kernel.OnDatabases;
import org.millwright.kernel.Problem;
import org.millwright.monitor.Line;
import org.millwright.pipeline.PipelineRun;
import org.millwright.pipeline.RunStatus;

/** From the calendar, data, files and people to a run of the agreed pipeline, and what keeps it from going in circles. */
@ParameterizedClass
@MethodSource("org.millwright.kernel.OnDatabases#each")
class TriggersTest {
    private static final String HEAD = """
            apiVersion: millwright/v1
            kind: Agreement
            model: delays
            performance: {metric: skill, at-least: 0.2, min-labels: 100}
            estimate: false
            """;

    private final Database database;
    private final Hands clock = new Hands();

    @TempDir
    Path folder;

    private TrainingLine training;

    TriggersTest(OnDatabases.Maker maker) {
        database = maker.make();
    }

    /** A clock that is set by hand. */
    private static final class Hands extends Clock {
        private Instant now = Instant.parse("2026-01-01T00:00:00Z");
        /** How far each look at it moves it. */
        private Duration tick = Duration.ZERO;

        @Override
        public synchronized Instant instant() {
            now = now.plus(tick);
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    @BeforeEach
    void open() {
        training = new TrainingLine(database, folder, clock);
    }

    @AfterEach
    void close() {
        training.close();
        database.close();
    }

    private void agree(String retrain) throws InterruptedException {
        training.trainedByHand(Line.PROJECT);
        training.settled();
        clock.now = clock.now.plusSeconds(60);
        training.line.agree(HEAD + "retrain: " + retrain + "\n");
    }

    /** All runs after a look at the calendar at that time. */
    private List<PipelineRun> at(String time) throws InterruptedException {
        clock.now = Instant.parse(time);
        training.continuing.turn();
        return training.settled();
    }

    private List<Alert> alerts() {
        return training.line.alerts.list(Actor.SYSTEM, Optional.of(Line.DEPLOYMENT), Optional.empty(), true).stream()
                .filter(alert -> alert.clause().equals(Clause.RETRAINING))
                .toList();
    }

    @Test
    void aTimeOfTheCalendarStartsOneRunAlsoOverKills() throws InterruptedException {
        agree("{pipeline: train, when: [{cron: \"0 3 * * 1\", zone: Europe/Berlin}], cool-down: 1h}");
        training.arrived.add(new Retraining.Arrived(
                "flights", "dataset:flights@2013-08/1", Instant.parse("2025-01-01T00:00:00Z"), Line.time("2013-09")));
        assertThat(at("2026-01-05T01:59:59Z")).hasSize(1);
        List<PipelineRun> monday = at("2026-01-05T02:00:30Z");
        assertThat(monday).hasSize(2);
        assertThat(monday.getFirst().cause()).isEqualTo("trigger:delays/cron:0 3 * * 1@2026-01-05T02:00:00Z");
        assertThat(monday.getFirst().parameters()).containsEntry("through", "2013-08");
        training.restart(true);
        assertThat(at("2026-01-05T02:01:30Z")).hasSize(2);
        assertThat(training.decisions()).containsExactly("train");
        assertThat(at("2026-01-11T12:00:00Z")).hasSize(2);
        assertThat(at("2026-01-12T02:00:00Z")).hasSize(3);
        assertThat(training.line.actions())
                .filteredOn("deployment.retraining-decided"::equals)
                .hasSize(3);
    }

    @Test
    void whatTheServerSleptThroughRunsOnceOrNotOrEachTime() throws InterruptedException {
        agree("{pipeline: train, when: {cron: \"0 3 1 * *\", catch-up: all}, cool-down: 1h}");
        assertThat(at("2026-03-15T00:00:00Z")).hasSize(2);
        assertThat(at("2026-03-15T02:00:00Z")).hasSize(3);
        List<PipelineRun> caughtUp = at("2026-03-15T04:00:00Z");
        assertThat(caughtUp)
                .extracting(run -> run.parameters().get("through"))
                .containsExactly("2026-02", "2026-01", "2025-12", "2013-06");
        assertThat(at("2026-03-15T06:00:00Z")).hasSize(4);

        training.line.agree(HEAD + "retrain: {pipeline: train, when: {cron: \"0 3 1 * *\", catch-up: none}}\n");
        clock.now = Instant.parse("2026-06-15T00:00:00Z");
        training.restart(false);
        assertThat(at("2026-06-15T00:00:00Z")).hasSize(4);
        assertThat(at("2026-07-01T03:00:00Z")).hasSize(5);
    }

    @Test
    void newDataAndPushesStartRunsOnTheirMonthAndFiles() throws InterruptedException {
        agree("{pipeline: train, when: [{new-data: flights}, push], cool-down: 1d}");
        clock.now = Instant.parse("2026-01-03T00:00:00Z");
        training.arrived.add(
                new Retraining.Arrived("flights", "dataset:flights@2013-08/1", clock.now, Line.time("2013-09")));
        List<PipelineRun> all = at("2026-01-03T01:00:00Z");
        assertThat(all).hasSize(2);
        assertThat(all.getFirst().parameters()).containsEntry("through", "2013-08");
        clock.now = Instant.parse("2026-01-03T01:01:00Z");
        var pushed = training.source(Line.PROJECT, "# changed\n");
        training.sources.push(training.line.ana, pushed.id());
        assertThat(training.settled()).hasSize(2);
        assertThat(training.decisions()).contains("cool-down");
        List<PipelineRun> later = at("2026-01-04T01:00:00Z");
        assertThat(later).hasSize(3);
        assertThat(later.getFirst().sourceId()).isEqualTo(pushed.id());
        assertThat(training.decisions()).doesNotContain("cool-down");
        training.sources.push(training.line.ana, pushed.id());
        assertThat(at("2026-01-09T01:00:00Z")).hasSize(3);
    }

    @Test
    void hoursAreWaitedFor() throws InterruptedException {
        agree("{pipeline: train, when: {every: 2d}, hours: {days: sat, from: \"22:00\", to: \"23:00\"}}");
        assertThat(at("2026-01-03T12:00:00Z")).hasSize(1);
        assertThat(training.decisions()).containsExactly("hours");
        assertThat(at("2026-01-03T22:10:00Z")).hasSize(2);
        assertThat(training.decisions()).containsExactly("train");
    }

    @Test
    void afterRetrainingsThatDoNotHelpSomebodyIsTold() throws InterruptedException {
        agree("{pipeline: train, on: [performance], cool-down: 1d, min-new-labels: 0, attempts: 2}");
        training.line.month("2013-08", "2013-09", "1", 0, 1);
        training.settled();
        training.line.month("2013-09", "2013-10", "1", 0, 1);
        assertThat(training.settled()).hasSize(3);
        assertThat(alerts()).isEmpty();
        training.line.month("2013-10", "2013-11", "1", 0, 1);
        training.line.month("2013-11", "2013-12", "1", 0, 1);
        assertThat(training.settled()).hasSize(3);
        assertThat(training.decisions()).containsExactly("gave-up", "gave-up", "train", "train");
        assertThat(alerts()).singleElement().satisfies(alert -> {
            assertThat(alert.message()).startsWith("2 retrainings did not end the alert");
            assertThat(alert.assignee()).isEqualTo("ana");
        });
        training.line.month("2013-12", "2014-01", "1", 0, 0);
        training.line.month("2014-01", "2014-02", "1", 0, 0);
        assertThat(alerts()).isEmpty();
    }

    @Test
    void twoClausesThatBreakAtOnceStartOneRun() throws InterruptedException {
        clock.tick = Duration.ofMillis(1);
        agree("{pipeline: train, on: [drift]}");
        training.line.agree(HEAD.replace(
                        "performance: {metric: skill, at-least: 0.2, min-labels: 100}",
                        "performance: [{at-least: 0.2, min-labels: 100}, {metric: rmse, at-most: 1.5, min-labels: 100}]")
                + "retrain: {pipeline: train, on: [performance], cool-down: 1d, min-new-labels: 0}\n");
        training.line.month("2013-08", "2013-09", "1", 0, 1);
        assertThat(training.settled()).hasSize(2);
        clock.now = clock.now.plusSeconds(60);
        training.continuing.turn();
        assertThat(training.settled()).hasSize(2);
        assertThat(training.line.alerts.list(Actor.SYSTEM, Optional.empty(), Optional.empty(), true))
                .hasSize(2);
        assertThat(training.decisions()).contains("train");
    }

    @Test
    void aFailedRetrainingIsToldAndARunByHandEndsIt() throws InterruptedException {
        agree("{pipeline: train, when: {every: 1d}, cool-down: 1h, attempts: 2}");
        training.arrived.add(
                new Retraining.Arrived("flights", "dataset:flights@2013-09/1", clock.now, Line.time("2013-10")));
        training.failing = true;
        assertThat(at("2026-01-02T01:00:00Z").getFirst().status()).isEqualTo(RunStatus.FAILED);
        assertThat(alerts())
                .singleElement()
                .satisfies(alert -> assertThat(alert.message()).contains("Training again failed", "the disk is full"));
        assertThat(at("2026-01-03T02:00:00Z")).hasSize(3);
        assertThat(at("2026-01-04T03:00:00Z")).hasSize(3);
        assertThat(training.decisions()).contains("gave-up");
        assertThat(alerts()).hasSize(1);

        training.failing = false;
        assertThatThrownBy(() -> training.continuing.retrain(training.line.ben, "delays", "mended"))
                .isInstanceOf(Problem.Denied.class);
        PipelineRun byHand = training.continuing.retrain(training.line.mia, "delays", "mended");
        assertThat(byHand.startedBy()).isEqualTo(training.line.mia.id());
        assertThat(training.settled()).hasSize(4);
        assertThat(alerts()).isEmpty();
        assertThat(at("2026-01-05T04:00:00Z")).hasSize(5);
    }

    @Test
    void aRefusalIsToldUnlessAGateKeepsTheChampion() throws InterruptedException {
        agree("{pipeline: train, when: {every: 1d}, cool-down: 1h}");
        training.refusing = "gate";
        assertThat(at("2026-01-02T01:00:00Z").getFirst().status()).isEqualTo(RunStatus.REFUSED);
        assertThat(alerts()).isEmpty();

        training.refusing = "fit";
        training.arrived.add(
                new Retraining.Arrived("flights", "dataset:flights@2013-09/1", clock.now, Line.time("2013-10")));
        assertThat(at("2026-01-03T02:00:00Z").getFirst().status()).isEqualTo(RunStatus.REFUSED);
        assertThat(alerts())
                .singleElement()
                .satisfies(
                        alert -> assertThat(alert.message()).contains("Training again came to nothing", "fit says no"));

        training.refusing = "";
        assertThat(at("2026-01-04T03:00:00Z").getFirst().status()).isEqualTo(RunStatus.SUCCEEDED);
        assertThat(alerts()).isEmpty();
    }

    @Test
    void durationsBelowTheCoolDownStartNothing() throws InterruptedException {
        agree("{pipeline: train, when: {every: 1h}, cool-down: 3d, budget: {per: 10d, runs: 2}}");
        for (int hours = 0; hours < 24 * 12; hours += 6) {
            at(Instant.parse("2026-01-02T00:00:00Z")
                    .plus(Duration.ofHours(hours))
                    .toString());
        }
        assertThat(started()).containsExactly("2026-01-07T00:00:00Z", "2026-01-04T00:00:00Z");
        assertThat(training.decisions()).contains("budget");
        at("2026-01-14T00:00:00Z");
        assertThat(started()).hasSize(3);
    }

    /** When runs began that nobody started, the newest first. */
    private List<String> started() throws InterruptedException {
        return training.settled().stream()
                .filter(run -> !run.cause().isEmpty())
                .map(run -> Instant.ofEpochMilli(run.createdAt()).toString())
                .toList();
    }
}

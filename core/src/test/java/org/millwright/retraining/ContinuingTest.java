package org.millwright.retraining;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
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
import org.millwright.identity.Actor;
import org.millwright.kernel.Database;
import org.millwright.kernel.OnDatabases;
import org.millwright.monitor.Line;
import org.millwright.pipeline.PipelineRun;

/** From a broken window to a run of the agreed pipeline on the data up to then. */
@ParameterizedClass
@MethodSource("org.millwright.kernel.OnDatabases#each")
class ContinuingTest {
    private final Database database;

    @TempDir
    Path folder;

    private TrainingLine training;
    private Line line;

    ContinuingTest(OnDatabases.Maker maker) {
        database = maker.make();
    }

    @BeforeEach
    void open() {
        training =
                new TrainingLine(database, folder, Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC));
        line = training.line;
    }

    @AfterEach
    void close() {
        training.close();
        database.close();
    }

    private void trainedByHand() {
        training.trainedByHand(Line.PROJECT);
    }

    private List<PipelineRun> settled() throws InterruptedException {
        return training.settled();
    }

    @Test
    void aBrokenWindowStartsOneRunOnTheDataUpToThen() throws InterruptedException {
        trainedByHand();
        settled();
        line.month("2013-08", "2013-09", "1", 0, 0);
        assertThat(settled()).hasSize(1);
        line.month("2013-09", "2013-10", "1", 0, 1);
        List<PipelineRun> all = settled();
        Alert alert = line.alerts
                .list(Actor.SYSTEM, Optional.empty(), Optional.empty(), true)
                .getFirst();
        assertThat(all).hasSize(2);
        assertThat(all.getFirst().cause()).isEqualTo(alert.ref());
        assertThat(all.getFirst().startedBy()).isEqualTo(Actor.SYSTEM.id());
        assertThat(all.getFirst().parameters())
                .containsEntry("through", "2013-09")
                .containsEntry("from", "2013-01");
        assertThat(line.retrainings.of(Actor.SYSTEM, Line.DEPLOYMENT))
                .singleElement()
                .satisfies(decided -> {
                    assertThat(decided.decision()).isEqualTo(Retrainings.TRAIN);
                    assertThat(decided.run()).contains(all.getFirst().id());
                    assertThat(decided.reason()).contains("800 new labels, data up to 2013-09-30");
                });
    }

    @Test
    void readingTheLedgerAgainStartsNothingTwice() throws InterruptedException {
        trainedByHand();
        settled();
        line.month("2013-09", "2013-10", "1", 0, 1);
        settled();
        training.restart(true);
        assertThat(settled()).hasSize(2);
        assertThat(line.retrainings.of(Actor.SYSTEM, Line.DEPLOYMENT)).hasSize(1);
    }

    @Test
    void whileItLastsTheNextBrokenWindowAsksAgain() throws InterruptedException {
        trainedByHand();
        settled();
        line.month("2013-09", "2013-10", "1", 0, 1);
        settled();
        line.month("2013-10", "2013-11", "1", 0, 1);
        assertThat(settled()).extracting(run -> run.parameters().get("through")).contains("2013-09", "2013-10");
        assertThat(line.alerts.list(Actor.SYSTEM, Optional.empty(), Optional.empty(), false))
                .hasSize(1);
    }

    @Test
    void repeatsTheNewestRunUnderTheProjectFileInForce() throws InterruptedException {
        trainedByHand();
        settled();
        String changed = Line.PROJECT.replace("is watched", "is watched anew");
        line.projects.request(line.ana, changed);
        line.projects.approve(line.ben, "delays", "stricter");
        line.month("2013-09", "2013-10", "1", 0, 1);
        assertThat(settled()).hasSize(1);
        assertThat(line.retrainings.of(Actor.SYSTEM, Line.DEPLOYMENT))
                .singleElement()
                .satisfies(decided -> {
                    assertThat(decided.decision()).isEqualTo("no-run");
                    assertThat(decided.reason()).contains("no run under the approved millwright.yaml");
                });

        training.trainedByHand(changed);
        settled();
        line.month("2013-10", "2013-11", "1", 0, 1);

        PipelineRun newest = settled().getFirst();
        assertThat(newest.cause()).isNotEmpty();
        assertThat(newest.parameters()).containsEntry("through", "2013-10");
        assertThat(newest.projectFile())
                .isEqualTo(line.projects.file("delays").orElseThrow().digest());
    }

    @Test
    void theRowsThatAreAgreedOnAreThePipelinesParameters() throws InterruptedException {
        trainedByHand();
        settled();
        line.agree(with("{since: last-training}"));
        line.month("2013-09", "2013-10", "1", 0, 1);
        PipelineRun run = settled().getFirst();
        assertThat(run.parameters()).containsEntry("since", "2013-05-31").doesNotContainKey("replay");
        assertThat(line.retrainings.of(Actor.SYSTEM, Line.DEPLOYMENT).getFirst().reason())
                .endsWith("; rows since 2013-05-31");

        line.agree(with("{window: 90d, replay: 0.2}"));
        line.month("2013-10", "2013-11", "1", 0, 1);
        assertThat(settled()).hasSize(2);
        assertThat(line.retrainings.of(Actor.SYSTEM, Line.DEPLOYMENT).getFirst())
                .satisfies(decided -> {
                    assertThat(decided.decision()).isEqualTo("refused");
                    assertThat(decided.reason()).contains("Pipeline train has no parameter replay of type string");
                });

        line.agree(Line.AGREEMENT);
        line.month("2013-11", "2013-12", "1", 0, 1);
        assertThat(settled().getFirst().parameters())
                .as("nothing agreed: the rows of the run that a person started")
                .containsEntry("through", "2013-11")
                .containsEntry("since", "2013-02-01");
    }

    private static String with(String data) {
        return Line.AGREEMENT.replace("min-new-labels: 200}", "min-new-labels: 200, data: " + data + "}");
    }

    @Test
    void withoutARunToRepeatItSaysSo() throws InterruptedException {
        line.month("2013-09", "2013-10", "1", 0, 1);
        settled();
        assertThat(line.retrainings.of(Actor.SYSTEM, Line.DEPLOYMENT))
                .singleElement()
                .extracting(Retrainings.Decided::decision)
                .isEqualTo("no-run");
    }
}

package org.millwright.reproduction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.millwright.reproduction.RemadeLine.NAME;
import static org.millwright.reproduction.RemadeLine.SETTINGS;
import static org.millwright.reproduction.RemadeLine.SUBJECT;
import static org.millwright.schema.Tables.PIPELINE_STEP;

import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.millwright.identity.Role;
import org.millwright.kernel.OnDatabases;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Entry;
import org.millwright.pipeline.PipelineRun;
import org.millwright.reproduction.Reproduction.Occasion;

/** That a certified version is made again by the server, once, and when. */
@ParameterizedClass
@MethodSource("org.millwright.kernel.OnDatabases#each")
final class CertifiedOnceTest {
    private final OnDatabases.Maker maker;
    private RemadeLine line;

    CertifiedOnceTest(OnDatabases.Maker maker) {
        this.maker = maker;
    }

    private void open() {
        open("");
    }

    private void open(String more) {
        line = new RemadeLine(maker.make(), more, SETTINGS);
        line.begin();
    }

    @AfterEach
    void close() throws InterruptedException {
        line.close();
    }

    @Test
    void whatIsCertifiedIsMadeAgainOnce() throws InterruptedException {
        open();
        var vera = line.person("vera", Role.VALIDATOR);
        line.certify(vera, false);
        assertThat(line.all()).isEmpty();
        assertThat(line.reproductions.outlook(SUBJECT)).isEqualTo("The server does it once after certification");

        CountDownLatch begun = line.endless("train");
        line.certify(vera, true);
        begun.await();
        line.certify(line.ana, true);
        line.steady();
        line.works.put("handoff", context -> RemadeLine.model());
        line.restart();

        Reproduction made = line.done(line.all().getFirst());
        assertThat(made.verdict()).contains(Verdict.BIT_IDENTICAL);
        assertThat(made.occasion()).isEqualTo(Occasion.CERTIFICATE);
        assertThat(made.askedBy()).isEqualTo(vera.id());
        assertThat(made.starts()).isEqualTo(2);
        assertThat(line.yielded).containsExactly(true);
        line.certify(line.ana, true);
        assertThat(line.all()).hasSize(1);
        assertThat(line.room.ledger.about(SUBJECT))
                .extracting(Entry::action)
                .containsOnlyOnce("model.reproduction-asked", "model.reproduction-resumed", "model.reproduced");
    }

    @Test
    void oneThatWasCancelledIsAskedForByTheNextCertificateOnly() throws InterruptedException {
        open();
        CountDownLatch begun = line.endless("train");
        line.certify(line.ana, true);
        begun.await();
        Reproduction first = line.all().getFirst();
        line.reproductions.cancel(line.ana, first.id());
        line.done(first);
        line.steady();

        assertThat(line.reproductions.certified(SUBJECT, line.ana.id(), first.askedAt(), false))
                .isEmpty();
        assertThat(line.reproductions.certified(SUBJECT, line.ana.id(), first.askedAt() + 1, false))
                .isPresent();
    }

    @Test
    void itWaitsForPipelineRunsUnlessSomebodyAsks() throws InterruptedException {
        open();
        CountDownLatch begun = line.endless("rows");
        PipelineRun run = line.start();
        begun.await();
        line.steady();
        line.works.put("handoff", context -> RemadeLine.model());
        line.certify(line.ana, true);
        Reproduction waits = line.all().getFirst();
        assertThat(line.reproductions.waitsFor(waits)).contains("until no pipeline run works");
        assertThat(line.reproductions.outlook(SUBJECT))
                .isEqualTo("It waits to be made again until no pipeline run works");

        var mia = line.person("mia", Role.ML_ENGINEER);
        Reproduction hurried = line.done(line.reproductions.request(mia, NAME, 1));
        assertThat(hurried.id()).isEqualTo(waits.id());
        assertThat(hurried.verdict()).contains(Verdict.BIT_IDENTICAL);
        assertThat(hurried.occasion()).isEqualTo(Occasion.ASKED);
        assertThat(hurried.askedBy()).isEqualTo(mia.id());
        assertThat(line.yielded).containsExactly(false);
        line.runs.cancel(line.ana, run.id(), "enough");
    }

    @Test
    void theEndOfARunLetsItBegin() throws InterruptedException {
        open();
        CountDownLatch begun = line.endless("rows");
        PipelineRun run = line.start();
        begun.await();
        line.certify(line.ana, true);
        line.steady();
        line.works.put("handoff", context -> RemadeLine.model());
        line.runs.cancel(line.ana, run.id(), "enough");
        assertThat(line.done(line.all().getFirst()).verdict()).contains(Verdict.BIT_IDENTICAL);
    }

    @Test
    void theBudgetOfTheMonthCounts() throws InterruptedException {
        open("budget: {compute-seconds: 60}\n");
        long now = line.clock.millis();
        line.room.database.write(() -> line.room
                .database
                .dsl()
                .update(PIPELINE_STEP)
                .set(PIPELINE_STEP.ENDED_AT, now + 90_000)
                .where(PIPELINE_STEP.STEP.eq("train"))
                .execute());
        assertThatThrownBy(() -> line.reproductions.request(line.ana, NAME, 1))
                .isInstanceOf(Problem.Refused.class)
                .hasMessage("Project again has used 90 of its 60 compute-seconds of this month");
        line.certify(line.ana, true);
        Reproduction waits = line.all().getFirst();
        assertThat(line.reproductions.waitsFor(waits).orElseThrow())
                .startsWith("for the next month: Project again has used 90 of its 60 ");

        line.now.set(Instant.parse("2026-02-01T00:00:00Z"));
        line.reproductions.wake();
        assertThat(line.done(waits).verdict()).contains(Verdict.BIT_IDENTICAL);
    }
}

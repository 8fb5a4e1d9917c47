package org.millwright.reproduction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.millwright.reproduction.RemadeLine.NAME;
import static org.millwright.reproduction.RemadeLine.SETTINGS;
import static org.millwright.reproduction.RemadeLine.SUBJECT;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.millwright.environment.Unbuildable;
import org.millwright.kernel.OnDatabases;
import org.millwright.kernel.Problem;
import org.millwright.reproduction.Reproduction.Occasion;
import org.millwright.reproduction.Reproduction.State;

/** What comes out when a version is made again, and why; and what switches off that the server does it by itself. */
final class ReproductionsTest {
    private RemadeLine line;

    private void open() {
        open("", SETTINGS);
    }

    private void open(String more, ReproductionSettings settings) {
        line = new RemadeLine(OnDatabases.sqlite(), more, settings);
        line.begin();
    }

    @AfterEach
    void close() throws InterruptedException {
        line.close();
    }

    private Reproduction again() {
        return line.done(line.reproductions.request(line.ana, NAME, 1));
    }

    @Test
    void theVerdictSaysHowMuchIsTheSame() {
        open();
        Reproduction same = again();
        assertThat(same.verdict()).contains(Verdict.BIT_IDENTICAL);
        assertThat(line.removed).contains(same.id());

        line.works.put("handoff", context -> RemadeLine.remarked());
        Reproduction remarked = again();
        assertThat(remarked.verdict()).contains(Verdict.SAME_PREDICTIONS);
        assertThat(remarked.cause()).isEqualTo(Cause.NONE);
        assertThat(remarked.reason()).isEqualTo("Other bytes, but the same prediction for each of 50 recorded rows");

        line.works.put("handoff", context -> RemadeLine.nudged(0, 0xff));
        Reproduction near = again();
        assertThat(near.verdict()).contains(Verdict.WITHIN_TOLERANCE);
        assertThat(near.cause()).isEqualTo(Cause.UNKNOWN);
        assertThat(near.reason())
                .startsWith("50 of 50 recorded rows are predicted otherwise, by at most ")
                .contains(", within the tolerance of 0.001. Step handoff is the first that differs; likely cause: ");

        line.works.put("handoff", context -> RemadeLine.nudged(2, 0xda));
        Reproduction far = again();
        assertThat(far.verdict()).contains(Verdict.DIFFERENT);
        assertThat(far.reason()).contains(", beyond the tolerance of 0.001");
        assertThat(line.told("model.reproduced").path("before").asText()).isEqualTo("WITHIN_TOLERANCE");
        assertThat(line.reproductions.latest(SUBJECT)).contains(far);
    }

    @Test
    void theCauseIsFoundByDoingTheStepAgain() {
        open();
        var count = new AtomicInteger();
        line.works.put("train", context -> {
            int threads = context.project().environment().threads();
            return ("model " + (threads > 1 ? count.incrementAndGet() : 0)).getBytes(StandardCharsets.UTF_8);
        });
        Reproduction threads = again();
        assertThat(threads.verdict()).contains(Verdict.WITHIN_TOLERANCE);
        assertThat(threads.cause()).isEqualTo(Cause.THREADS);
        assertThat(threads.reason())
                .contains("Step train is the first that differs")
                .contains("done twice with 2 threads it differed, with one thread it did not");

        line.works.put("train", context -> ("model " + count.incrementAndGet()).getBytes(StandardCharsets.UTF_8));
        Reproduction seed = again();
        assertThat(seed.cause()).isEqualTo(Cause.SEED);
        assertThat(seed.reason()).contains("with one thread as well");

        line.steady();
        line.works.put("rows", context -> ("rows " + count.incrementAndGet()).getBytes(StandardCharsets.UTF_8));
        line.works.put("handoff", context -> RemadeLine.nudged(0, 0xff));
        Reproduction unstable = again();
        assertThat(unstable.cause()).isEqualTo(Cause.UNSTABLE);
        assertThat(unstable.reason()).contains("Step rows is the first that differs");
    }

    @Test
    void whatIsNotToBeHadAnyMoreIsAVerdictAndAnIndexThatDoesNotAnswerIsNone() {
        open();
        line.unbuildable.set(Optional.of(
                new Unbuildable(Unbuildable.Why.GONE, "vanishing==1.0 was not found in the package registry")));
        Reproduction gone = again();
        assertThat(gone.verdict()).contains(Verdict.CANNOT_RERUN);
        assertThat(gone.cause()).isEqualTo(Cause.PACKAGE_GONE);
        assertThat(line.told("model.reproduced").path("verdict").asText()).isEqualTo("CANNOT_RERUN");
        assertThat(line.told("model.reproduced").path("reason").asText())
                .isEqualTo(
                        "Its environment cannot be built again: vanishing==1.0 was not found in the package registry");

        line.unbuildable.set(Optional.of(new Unbuildable(Unbuildable.Why.ALTERED, "hash mismatch")));
        assertThat(again().cause()).isEqualTo(Cause.PACKAGE_ALTERED);

        line.unbuildable.set(Optional.of(new Unbuildable(Unbuildable.Why.UNREACHABLE, "no route")));
        Reproduction none = again();
        assertThat(none.state()).isEqualTo(State.FAILED);
        assertThat(none.verdict()).isEmpty();
        assertThat(line.told("model.reproduction-ended").path("reason").asText())
                .contains("which says nothing about the version: no route");

        line.unbuildable.set(Optional.empty());
        line.works.put("train", context -> {
            throw new Problem.Unavailable("out of memory", "");
        });
        assertThat(again().cause()).isEqualTo(Cause.STEP_FAILED);
    }

    @Test
    void oneThatWorksOrWaitsIsCancelled() throws InterruptedException {
        open();
        CountDownLatch begun = line.endless("train");
        Reproduction works = line.reproductions.request(line.ana, NAME, 1);
        begun.await();
        assertThat(line.reproductions.request(line.ana, NAME, 1).id()).isEqualTo(works.id());
        assertThat(line.reproductions.outlook(SUBJECT)).isEqualTo("It is being made again: step train");
        assertThatThrownBy(() -> line.reproductions.cancel(line.ben, works.id()))
                .isInstanceOf(Problem.Denied.class);

        line.reproductions.cancel(line.ana, works.id());
        Reproduction ended = line.done(works);
        assertThat(ended.state()).isEqualTo(State.CANCELLED);
        assertThat(ended.verdict()).isEmpty();
        assertThat(line.told("model.reproduction-ended").path("state").asText()).isEqualTo("cancelled");
        assertThatThrownBy(() -> line.reproductions.cancel(line.ana, works.id()))
                .isInstanceOf(Problem.Conflict.class)
                .hasMessageContaining("has ended: cancelled");
        assertThat(line.reproductions.latest(SUBJECT)).isEmpty();
    }

    @Test
    void oneThatTakesTooLongEndsWithoutAVerdict() {
        open("", new ReproductionSettings(Optional.empty(), true, Duration.ofMillis(1)));
        line.endless("rows");
        Reproduction late = again();
        assertThat(late.state()).isEqualTo(State.FAILED);
        assertThat(late.reason()).isEqualTo("It took longer than 1 ms");
        assertThat(late.verdict()).isEmpty();
    }

    @Test
    void aProjectOrTheServerSwitchesItOff() throws InterruptedException {
        open("release: {reproduce: never}\n", SETTINGS);
        line.certify(line.ana, true);
        assertThat(line.all()).isEmpty();
        assertThat(line.reproductions.outlook(SUBJECT))
                .isEqualTo("The server does not do it by itself: release.reproduce is never in the project's"
                        + " millwright.yaml");
        assertThat(again().verdict()).contains(Verdict.BIT_IDENTICAL);
        line.close();

        open("", ReproductionSettings.of(Map.of("MW_REPRODUCE", "off")));
        line.certify(line.ana, true);
        assertThat(line.all()).isEmpty();
        assertThat(line.reproductions.outlook(SUBJECT))
                .isEqualTo("The server does not do it by itself: MW_REPRODUCE is off");
    }

    @Test
    void whatIsRegisteredIsMadeAgainWhereTheProjectSaysSo() {
        open("release: {reproduce: registered}\n", ReproductionSettings.of(Map.of("MW_REPRODUCE", "certified")));
        Optional<Reproduction> asked = line.reproductions.certified(SUBJECT, line.ana.id(), 0, true);
        assertThat(line.done(asked.orElseThrow()).verdict()).contains(Verdict.BIT_IDENTICAL);
        assertThat(line.reproductions.certified("model:unknown/1", line.ana.id(), 0, true))
                .isEmpty();
        assertThat(List.of(line.all().getFirst().occasion())).containsExactly(Occasion.CERTIFICATE);
    }
}

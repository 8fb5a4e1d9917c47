package org.millwright.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Entry;
import org.millwright.project.RolloutReader;

/** A certificate that ends keeps versions from beginning to serve; it stops none that serves. */
class ExpiredTest extends ServingLine {
    private void expire(String version) {
        validUntil.put(version, now.get());
    }

    private String begun() {
        begin("{strategy: canary, traffic: 50, min-requests: 5}");
        return deployments.get("delays").candidate().orElseThrow();
    }

    @Test
    void whatServesGoesOnAlsoAfterARestartAndBackAndForth() {
        expire("1");
        expire("2");
        assertThat(send("still", 3)).containsExactly("1");
        scorer.clear();
        restart();
        assertThat(deployments.faults()).isEmpty();
        assertThat(send("restarted", 3)).containsExactly("1");
        assertThat(deployments.validUntil(deployments.get("delays"))).contains(now.get());

        deployments.stop(MIA, "delays", "a sensor broke");
        deployments.resume(MIA, "delays", "it works");
        assertThat(send("resumed", 3)).containsExactly("1");
    }

    @Test
    void nothingNewIsStagedNorBegun() {
        expire("2");
        expire("3");
        assertThatThrownBy(this::begun)
                .isInstanceOf(Problem.Refused.class)
                .hasMessageContaining("The certificate of model:delays/2 expired at 2026-01-01T00:00:00Z")
                .extracting(refused -> ((Problem) refused).next())
                .asString()
                .startsWith("mw model certify delays/2");
        assertThatThrownBy(
                        () -> deployments.schedule(MIA, "delays", RolloutReader.parse("plan", "{strategy: canary}"), 1))
                .isInstanceOf(Problem.Refused.class);
        deployments.rollBack(MIA, "delays", "it expired");
        assertThatThrownBy(() -> stage("3")).isInstanceOf(Problem.Refused.class).hasMessageContaining("expired");
        assertThat(ledger.about("deployment:delays"))
                .extracting(Entry::action)
                .endsWith("deployment.canary-abandoned", "deployment.staging-refused");

        validUntil.put("3", now.get().plusMillis(1));
        stage("3");
        assertThat(begun()).isEqualTo("3");
    }

    @Test
    void aTrialThatBeganInTimeComesToItsEndAndTheWayBackIsOpen() {
        assertThat(begun()).isEqualTo("2");
        expire("1");
        expire("2");
        send("tried", 60);
        assertThat(deployments.get("delays").production()).contains("2");
        stage("2");
        deployments.rollBack(MIA, "delays", "it guesses");
        assertThat(send("back", 3)).containsExactly("1");
    }

    @Test
    void aPlannedBeginIsGivenUpOnceWithItsReason() {
        deployments.schedule(
                MIA,
                "delays",
                RolloutReader.parse("plan", "{strategy: canary, traffic: 50, min-requests: 5}"),
                now.get().plus(Duration.ofDays(2)).toEpochMilli());
        validUntil.put("2", now.get().plus(Duration.ofDays(1)));
        pass(Duration.ofDays(3));
        judge.turn();
        judge.turn();
        Rollout.Staged staged = (Rollout.Staged) deployments.get("delays").rollout();
        assertThat(staged).isEqualTo(new Rollout.Staged("2", Optional.empty()));
        assertThat(ledger.about("deployment:delays"))
                .filteredOn(entry -> entry.action().equals("deployment.trial-not-begun"))
                .singleElement()
                .satisfies(entry ->
                        assertThat(entry.details().path("reason").asText()).contains("expired"));
        validUntil.remove("2");
        assertThat(begun()).isEqualTo("2");
    }
}

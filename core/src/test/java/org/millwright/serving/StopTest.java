package org.millwright.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Entry;
import org.millwright.project.OnStop;
import org.millwright.scoring.codec.ScoringRequest;

class StopTest extends ServingLine {
    private Answer answer() {
        return scorer.score(
                MIA,
                "delays",
                Optional.empty(),
                new ScoringRequest("r", TestBundles.rows().slice(0, 3), List.of(), new long[0], List.of(), List.of()));
    }

    private void promoteTwo() {
        begin("{strategy: canary, traffic: 100, min-requests: 1}");
        send("tried", 1);
        assertThat(deployments.get("delays").production()).contains("2");
    }

    @Test
    void byDefaultTheVersionBeforeAnswers() {
        promoteTwo();
        deployments.stop(MIA, "delays", "it guesses");
        assertThat(answer().version()).isEqualTo("1");
        assertThat(deployments.version("delays", "2").reason()).isEqualTo("it guesses");
        deployments.stop(MIA, "delays", "this one too");
        assertThatThrownBy(this::answer)
                .isInstanceOf(Problem.Unavailable.class)
                .hasMessageContaining("was stopped: this one too");
    }

    @Test
    void whatIsOnTrialStaysOnTrialWhenTheVersionBeforeReturns() {
        promoteTwo();
        stage("3");
        begin("{strategy: canary, traffic: 50, min-requests: 1000}");
        deployments.stop(MIA, "delays", "it guesses");
        assertThat(deployments.get("delays").production()).contains("1");
        assertThat(deployments.get("delays").candidate()).contains("3");
        assertThat(send("tried", 60)).containsExactlyInAnyOrder("1", "3");
    }

    @Test
    void aConstantAnswersUntilItIsResumedAlsoAfterARestart() {
        onStop = new OnStop.Constant(7.5);
        deployments.stop(MIA, "delays", "broken sensor");
        scorer.clear();
        restart();
        Answer answer = answer();
        assertThat(answer.version()).isEqualTo("constant");
        assertThat(answer.predictions().doubles("prediction")).containsExactly(7.5, 7.5, 7.5);
        assertThat(scorer.traffic("delays").get("1").total().answered()).isZero();
        deployments.resume(MIA, "delays", "sensor replaced");
        assertThat(answer().version()).isEqualTo("1");
        assertThat(ledger.about("deployment:delays"))
                .extracting(Entry::action)
                .endsWith("deployment.stopped", "deployment.resumed");
    }

    @Test
    void aVersionOnTrialStillAnswersItsShareAndEndsTheStop() {
        onStop = new OnStop.Refuse();
        deployments.stop(MIA, "delays", "broken");
        begin("{strategy: canary, traffic: 100, min-requests: 5}");
        assertThat(send("tried", 5)).containsExactly("2");
        assertThat(deployments.get("delays").halt()).isEmpty();
        assertThat(answer().version()).isEqualTo("2");
    }

    @Test
    void alertOnlyIsNotedAndGoesOn() {
        onStop = new OnStop.AlertOnly();
        deployments.stop(MIA, "delays", "odd");
        assertThat(answer().version()).isEqualTo("1");
        Entry last = ledger.about("deployment:delays").getLast();
        assertThat(last.action()).isEqualTo("deployment.stop-noted");
        assertThat(last.details().path("reason").asText()).isEqualTo("odd");
    }

    @Test
    void aRevokedVersionIsUsedNowhere() {
        promoteTwo();
        stage("3");
        begin("{strategy: canary, traffic: 50, min-requests: 1000}");
        revoked.add("1");
        deployments.withdraw("delays", "1", "poisoned data");
        assertThat(deployments.get("delays").previous()).isEmpty();
        assertThat(deployments.get("delays").candidate()).contains("3");
        revoked.add("3");
        deployments.withdraw("delays", "3", "poisoned data");
        assertThat(deployments.get("delays").candidate()).isEmpty();
        revoked.add("2");
        deployments.withdraw("delays", "2", "poisoned data");
        deployments.withdraw("delays", "2", "poisoned data");
        assertThatThrownBy(this::answer).hasMessageContaining("was stopped: poisoned data");
        assertThatThrownBy(() -> deployments.resume(MIA, "delays", "I want it back"))
                .isInstanceOf(Problem.Refused.class)
                .hasMessageContaining("revoked");
        assertThatThrownBy(() -> stage("3")).hasMessageContaining("revoked");
        assertThat(ledger.about("deployment:delays").stream().map(Entry::action).filter("deployment.stopped"::equals))
                .hasSize(1);
    }

    @Test
    void aStopNeedsAReason() {
        assertThatThrownBy(() -> deployments.stop(MIA, "delays", " "))
                .isInstanceOf(Problem.Invalid.class)
                .hasMessageContaining("A reason is missing");
    }
}

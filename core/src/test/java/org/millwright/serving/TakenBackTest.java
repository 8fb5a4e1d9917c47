package org.millwright.serving;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.millwright.alert.Alert;
import org.millwright.alert.Alerts;
import org.millwright.alert.Clause;
import org.millwright.factory.Outbox;
import org.millwright.factory.TakenBack;
import org.millwright.identity.Actor;
import org.millwright.identity.Users;
import org.millwright.project.Projects;

/** From a roll-out that took itself back to an alert, and to its end when another version is in production. */
class TakenBackTest extends ServingLine {
    private static final String CANARY =
            "{strategy: canary, traffic: 50, min-requests: 1000, checks: {metric: {measure: mse, margin: 0.1}}}";

    @Test
    void aRollOutThatTookItselfBackIsToldUntilAnotherVersionIsInProduction() throws InterruptedException {
        handle(() -> {
            compared(15);
            begin(CANARY);
            judge.turn();
        });

        assertThat(deployments.get("delays").candidate()).isEmpty();
        assertThat(standing()).singleElement().satisfies(alert -> {
            assertThat(alert.clause()).isEqualTo(Clause.ROLLOUT);
            assertThat(alert.version()).isEqualTo("2");
            assertThat(alert.message())
                    .startsWith("delays/2 took itself back from its roll-out: mse 15.00, production 10.00")
                    .endsWith(". Version 1 serves on");
        });

        handle(() -> {
            stage("3");
            begin("{strategy: canary, traffic: 100, min-requests: 1}");
            send("tried", 1);
        });
        assertThat(deployments.get("delays").production()).contains("3");
        assertThat(standing()).isEmpty();
    }

    @Test
    void whoTakesAVersionBackByHandIsNotTold() throws InterruptedException {
        handle(() -> {
            begin(CANARY);
            deployments.rollBack(MIA, "delays", "only a trial");
        });

        assertThat(deployments.get("delays").candidate()).isEmpty();
        assertThat(standing()).isEmpty();
    }

    private void compared(double candidate) {
        deployments.compareBy((deployment, version, production, since, measure) ->
                Optional.of(CheckingTest.comparison(0.4, 2000, 2000, candidate - 10, 4.5, 5.5)));
    }

    /** Lets what is in the ledger by then be handled. */
    private void handle(Runnable change) throws InterruptedException {
        try (var outbox = new Outbox(database, ledger)) {
            new TakenBack(deployments, new Projects(database, ledger, users(), clock), alerts()).register(outbox);
            outbox.start();
            change.run();
            assertThat(outbox.awaitIdle(Duration.ofSeconds(30))).isTrue();
        }
    }

    private Users users() {
        return new Users(database, ledger, clock, ids);
    }

    private Alerts alerts() {
        return new Alerts(database, ledger, users().access(), clock, ids);
    }

    private List<Alert> standing() {
        return alerts().list(Actor.SYSTEM, Optional.of("delays"), Optional.empty(), true);
    }
}

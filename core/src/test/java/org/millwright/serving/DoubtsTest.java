package org.millwright.serving;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.millwright.alert.Alert;
import org.millwright.alert.Alerts;
import org.millwright.factory.Doubts;
import org.millwright.factory.Outbox;
import org.millwright.identity.Actor;
import org.millwright.identity.Users;
import org.millwright.kernel.Json;
import org.millwright.lineage.Edges;
import org.millwright.lineage.RevokedAssets;
import org.millwright.project.Projects;
import org.millwright.reproduction.Verdict;

/** From what is found out about a version's origin to an alert where it serves, and to its end when another one does. */
class DoubtsTest extends ServingLine {
    private final AtomicReference<Optional<Verdict>> latest = new AtomicReference<>(Optional.empty());

    /** Lets what is in the ledger by then be handled. */
    private void handle(Runnable change) throws InterruptedException {
        try (var outbox = new Outbox(database, ledger)) {
            new Doubts(deployments, revoked(), subject -> latest.get(), projects(), alerts()).register(outbox);
            outbox.start();
            change.run();
            assertThat(outbox.awaitIdle(Duration.ofSeconds(30))).isTrue();
        }
    }

    private RevokedAssets revoked() {
        return new RevokedAssets(database, ledger, clock);
    }

    private Users users() {
        return new Users(database, ledger, clock, ids);
    }

    private Projects projects() {
        return new Projects(database, ledger, users(), clock);
    }

    private Alerts alerts() {
        return new Alerts(database, ledger, users().access(), clock, ids);
    }

    private List<Alert> standing() {
        return alerts().list(Actor.SYSTEM, Optional.of("delays"), Optional.empty(), true);
    }

    @Test
    void whoAnswersForAVersionHearsThatItsDataWasRevoked() throws InterruptedException {
        new Edges(database, clock).record("r1", "dataset:flights@2013-01/1", "model:delays/1");
        handle(() ->
                revoked().revoke(Actor.LOCAL, "dataset:flights@2013-01/1", "wrong units", List.of("project:flights")));

        assertThat(standing()).singleElement().satisfies(alert -> {
            assertThat(alert.clause().text()).isEqualTo("revocation");
            assertThat(alert.version()).isEqualTo("1");
            assertThat(alert.message())
                    .startsWith("model:delays/1 comes from dataset:flights@2013-01/1, which was revoked: wrong units");
        });
        assertThat(deployments.get("delays").production()).contains("1");

        handle(() -> {
            begin("{strategy: canary, traffic: 100, min-requests: 1}");
            send("tried", 1);
        });
        assertThat(deployments.get("delays").production()).contains("2");
        assertThat(standing()).isEmpty();
    }

    @Test
    void theFirstVersionOnTrialAnswersEverythingAndIsToldOfToo() throws InterruptedException {
        Path bundle = TestBundles.write(folder.resolve("fresh"), "7", TestBundles.expected(), key);
        deployments.stage(
                MIA,
                new Target(
                        "fresh", "flights", "delays", "7", bundles.keep(bundle).sha256(), 100));
        deployments.canary(MIA, "fresh", 100, 1_000);
        new Edges(database, clock).record("r7", "dataset:flights@2013-01/2", "model:delays/7");
        handle(() ->
                revoked().revoke(Actor.LOCAL, "dataset:flights@2013-01/2", "wrong units", List.of("project:flights")));
        assertThat(alerts().list(Actor.SYSTEM, Optional.of("fresh"), Optional.empty(), true))
                .singleElement()
                .satisfies(alert -> assertThat(alert.version()).isEqualTo("7"));
    }

    @Test
    void aVersionThatCannotBeMadeAgainAnyMoreIsTold() throws InterruptedException {
        handle(() -> reproduced("DIFFERENT", ""));
        assertThat(standing()).isEmpty();
        handle(() -> reproduced("BIT_IDENTICAL", "DIFFERENT"));
        handle(() -> reproduced("CANNOT_RERUN", "BIT_IDENTICAL"));
        assertThat(standing())
                .singleElement()
                .satisfies(
                        alert -> assertThat(alert.message())
                                .isEqualTo(
                                        "model:delays/1 cannot be made again any more (CANNOT_RERUN, before BIT_IDENTICAL): six is gone"));
        handle(() -> reproduced("SAME_PREDICTIONS", "CANNOT_RERUN"));
        assertThat(standing()).isEmpty();
    }

    @Test
    void oneThatPredictsOtherwiseWithinTheToleranceIsToldOnce() throws InterruptedException {
        handle(() -> reproduced("SAME_PREDICTIONS", "BIT_IDENTICAL"));
        assertThat(standing()).isEmpty();
        handle(() -> reproduced("WITHIN_TOLERANCE", "SAME_PREDICTIONS"));
        assertThat(standing())
                .singleElement()
                .satisfies(alert -> assertThat(alert.message())
                        .startsWith(
                                "model:delays/1 predicts otherwise when it is made again, though within the tolerance"
                                        + " (WITHIN_TOLERANCE, before SAME_PREDICTIONS)"));
        handle(() -> reproduced("WITHIN_TOLERANCE", "WITHIN_TOLERANCE"));
        assertThat(standing()).isEmpty();
    }

    private void reproduced(String verdict, String before) {
        latest.set(Optional.of(Verdict.valueOf(verdict)));
        var details = Json.object().put("verdict", verdict).put("reason", "six is gone");
        if (!before.isEmpty()) {
            details.put("before", before);
        }
        database.write(() ->
                ledger.append(Actor.SYSTEM, "model.reproduced", List.of("model:delays/1", "project:flights"), details));
    }
}

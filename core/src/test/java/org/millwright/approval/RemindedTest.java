package org.millwright.approval;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.alert.Alert;
import org.millwright.alert.Alerts;
import org.millwright.factory.Activating;
import org.millwright.factory.Outbox;
import org.millwright.factory.Reminding;
import org.millwright.identity.Actor;
import org.millwright.identity.Role;
import org.millwright.kernel.Ids;
import org.millwright.kernel.OnDatabases;
import org.millwright.notification.Severity;
import org.millwright.policy.Policies;
import org.millwright.policy.Proposals;

/** Requests that wait too long, and emergencies, become alerts; one at a time for each. */
class RemindedTest {
    @TempDir
    Path folder;

    private DecidingLine line;
    private Alerts alerts;
    private Outbox outbox;
    private Policies policies;

    @BeforeEach
    void open() {
        line = new DecidingLine(OnDatabases.sqlite(), folder);
        alerts = new Alerts(line.database, line.ledger, line.users.access(), line.clock, new Ids(line.clock));
        outbox = new Outbox(line.database, line.ledger);
        new Reminding(line.approvals, line.releases, line.projects, line.agreements, alerts).register(outbox);
        policies = new Policies(line.database, line.ledger, line.artifacts, line.users, () -> true, line.clock);
        new Activating(new Proposals(line.database, line.ledger, line.users, policies), line.users, alerts)
                .register(outbox);
        outbox.start();
    }

    @AfterEach
    void close() throws InterruptedException {
        outbox.close();
        line.close();
    }

    private List<Alert> told() throws InterruptedException {
        line.deadlines.turn();
        assertThat(outbox.awaitIdle(Duration.ofSeconds(20))).isTrue();
        return alerts.list(Actor.SYSTEM, Optional.empty(), Optional.empty(), true);
    }

    @Test
    void approversAreTwiceToldOfARequestUntilItIsDecided() throws InterruptedException {
        Release release = line.asked();
        assertThat(told()).isEmpty();
        line.at("2026-03-11T00:00:00Z");
        assertThat(told()).singleElement().satisfies(alert -> {
            assertThat(alert.message())
                    .isEqualTo("Release delays/1 to delays waits for 1 more approval until 2026-03-17;"
                            + " it is for ben, mia; undecided it is refused: mw approve " + release.ref());
            assertThat(alert.deployment()).isEqualTo("delays");
            assertThat(alert.subject().page()).isEqualTo("/models/delays/versions/1");
            assertThat(alert.assignee()).isEqualTo("olga");
            assertThat(Severity.of(alert)).isEqualTo(Severity.WARNING);
        });
        line.at("2026-03-17T00:00:00Z");
        assertThat(told())
                .singleElement()
                .satisfies(alert -> assertThat(alert.threshold()).isEqualTo(1));
        line.approve(line.ben, release);
        assertThat(told()).isEmpty();
    }

    @Test
    void aPolicyThatNobodyPutInForceIsTold() throws InterruptedException {
        String digest = policies.publish(line.ben, """
                apiVersion: millwright/v1
                kind: Policy
                name: calm
                description: Only what is calm.
                mode: enforce
                applies-to: {actions: [deploy]}
                requirements:
                  - {name: calm, check: version.tags.mood == "calm", remedy: Calm it down.}
                """).digest();
        assertThat(told()).singleElement().satisfies(alert -> {
            assertThat(alert.message())
                    .isEqualTo("Version " + digest.substring(0, 12) + " of policy calm, which ben published, counts"
                            + " for nothing until another person puts it in force;"
                            + " it is for mia: mw approve policy:calm --reason …");
            assertThat(alert.subjects()).containsExactly(alert.ref(), "policy:calm");
            assertThat(alert.subject().label()).isEqualTo("policy calm");
            assertThat(alert.subject().page()).isEqualTo("/policies/calm");
            assertThat(alerts.open()).containsExactly(Map.entry(alert.subject(), 1));
            assertThat(Severity.of(alert)).isEqualTo(Severity.WARNING);
        });
        policies.activate(line.mia, "calm", digest, "agreed");
        assertThat(told()).isEmpty();
    }

    @Test
    void aRequestForAProjectAndAnAgreementAreToldAsWell() throws InterruptedException {
        line.change("Tells it better.");
        line.agreements.propose(line.ana, DecidingLine.AGREEMENT);
        assertThat(told()).isEmpty();
        line.at("2026-03-11T00:00:00Z");
        assertThat(told())
                .extracting(Alert::message)
                .containsExactlyInAnyOrder(
                        "The request for project delays waits until 2026-03-17; it is for ben, mia;"
                                + " undecided it is refused: mw approve project:delays",
                        "What is proposed about model delays waits until 2026-03-17; it is for olga;"
                                + " undecided it is refused: mw approve agreement:delays");
        assertThat(told())
                .extracting(
                        alert -> alert.subjects().subList(1, alert.subjects().size()))
                .containsExactlyInAnyOrder(
                        List.of("project:delays"),
                        List.of("agreement:delays", "deployment:delays", "model:delays", "project:delays"));
        line.inbox.decide(line.ben, "project:delays", true, "fine");
        assertThat(told())
                .singleElement()
                .satisfies(alert -> assertThat(alert.message()).startsWith("What is proposed"));
        line.at("2026-03-18T00:00:00Z");
        assertThat(told()).isEmpty();
    }

    @Test
    void anEmergencyIsCriticalUntilItIsApproved() throws InterruptedException {
        Release release = line.asked();
        line.breakGlass.open(line.person("omar", Role.OPERATIONS), release.id(), "Down");
        assertThat(told())
                .singleElement()
                .satisfies(alert -> assertThat(Severity.of(alert)).isEqualTo(Severity.CRITICAL));
        line.pass(Duration.ofHours(24));
        assertThat(told())
                .singleElement()
                .satisfies(alert -> assertThat(alert.message()).contains("was not approved after an emergency (Down)"));
        line.findings.close(
                line.person("vera", Role.VALIDATOR),
                line.findings.of("delays").getFirst().id(),
                "Seen");
        line.approve(line.ben, release);
        assertThat(told()).isEmpty();
    }
}

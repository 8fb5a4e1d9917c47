package org.millwright.approval;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.factory.Outbox;
import org.millwright.factory.Reminding;
import org.millwright.identity.Actor;
import org.millwright.identity.Role;
import org.millwright.kernel.Ids;
import org.millwright.kernel.OnDatabases;
import org.millwright.monitor.Alert;
import org.millwright.monitor.Alerts;
import org.millwright.notification.Severity;

/** Requests that wait too long, and emergencies, become alerts; one at a time for each. */
class RemindedTest {
    @TempDir
    Path folder;

    private DecidingLine line;
    private Alerts alerts;
    private Outbox outbox;

    @BeforeEach
    void open() {
        line = new DecidingLine(OnDatabases.sqlite(), folder);
        alerts = new Alerts(line.database, line.ledger, line.users.access(), line.clock, new Ids(line.clock));
        outbox = new Outbox(line.database, line.ledger);
        new Reminding(line.approvals, line.releases, line.projects, line.agreements, alerts).register(outbox);
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

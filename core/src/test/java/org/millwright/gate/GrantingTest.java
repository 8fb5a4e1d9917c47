package org.millwright.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.millwright.approval.Approval;
import org.millwright.approval.Release;
import org.millwright.factory.Granting;
import org.millwright.factory.Outbox;
import org.millwright.identity.Role;
import org.millwright.kernel.Problem;
import org.millwright.policy.Policy;

/** What a policy grants without an approver. */
class GrantingTest extends StandingLine {
    private static final String GRANT = """
            apiVersion: millwright/v1
            kind: Policy
            name: little-better
            description: What needs no approver.
            mode: grant
            applies-to: {actions: [deploy]}
            requirements:
              - {name: good, check: metrics.rmse < 40.0, remedy: An approver decides.}
            """;

    @Test
    void aPolicyGrantsTheReleaseOfWhatATriggerHadTrained() throws InterruptedException {
        assertThatThrownBy(() -> policies.publish(line.ana, GRANT.replace("[deploy]", "[deploy, export]")))
                .isInstanceOf(Problem.class);
        assertThatThrownBy(() -> Policy.parse(GRANT.replace("[deploy]", "[deploy, export]")))
                .hasMessageContaining("expected [deploy] alone in a policy that grants");
        Release early;
        Release worse;
        Release byHand;
        Release good;
        try (var outbox = new Outbox(line.database, line.ledger)) {
            new Granting(line.approvals, line.releases, gate).register(outbox);
            outbox.start();
            early = line.ask(measured("auto-0", 20));
            assertThat(outbox.awaitIdle(Duration.ofSeconds(30))).isTrue();
            var version = policies.publish(line.person("ada", Role.ADMIN), GRANT);
            policies.activate(line.person("adam", Role.ADMIN), version.name(), version.digest(), "agreed");
            worse = line.ask(measured("auto-1", 45));
            byHand = line.ask(measured("b", 20));
            good = line.ask(measured("auto-2", 35));
            assertThat(outbox.awaitIdle(Duration.ofSeconds(30))).isTrue();
        }
        for (Release waits : List.of(early, worse, byHand)) {
            assertThat(line.again(waits).state()).isEqualTo(Release.State.REQUESTED);
        }
        assertThat(line.again(good).state()).isEqualTo(Release.State.APPROVED);
        Approval approval = line.approvals.newest(good.ref());
        assertThat(approval.votes()).isEmpty();
        assertThat(approval.reason())
                .startsWith("Granted by policy little-better ")
                .contains("mw policy explain gate:");
        Decision decision =
                decisions.list(line.ana, Optional.of("little-better"), 1).getFirst();
        assertThat(decision.subject()).isEqualTo(good.modelRef());
        assertThat(decisions.explain(line.ana, decision.ref()).isSame()).isTrue();
        deploy(good);
        assertThatThrownBy(() -> deploy(worse)).isInstanceOf(Problem.Refused.class);
    }
}

package org.millwright.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.millwright.alert.Alert;
import org.millwright.alert.Alerts;
import org.millwright.alert.BrokenConditions;
import org.millwright.approval.Condition;
import org.millwright.approval.Finding;
import org.millwright.approval.Findings;
import org.millwright.approval.Inbox;
import org.millwright.approval.Release;
import org.millwright.approval.Reply;
import org.millwright.approval.WaitingPolicies;
import org.millwright.identity.Actor;
import org.millwright.identity.Role;
import org.millwright.kernel.Ids;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Entry;
import org.millwright.policy.Policy;
import org.millwright.policy.Proposals;
import org.millwright.reproduction.Cause;
import org.millwright.reproduction.Reproduction;
import org.millwright.reproduction.Verdict;
import org.millwright.serving.Deployment;
import org.millwright.serving.Rollout;

/** What gates know of findings, conditions and reproduction, and what they ask by now that they did not ask then. */
class StandingTest extends StandingLine {
    private static final String POLICY = """
            apiVersion: millwright/v1
            kind: Policy
            name: standing
            description: What stands against it is known.
            mode: enforce
            applies-to: {actions: [deploy]}
            requirements:
              - name: known
                check: >-
                  findings.open == 2 && findings.high == 1 && findings.low == 1 && findings.overdue == 1
                  && conditions.open == 1 && conditions.broken == 0 && reproduction.verdict == "BIT_IDENTICAL"
                remedy: Nothing helps.
            """;

    @Test
    void aConditionThatIsDueIsJudgedByItsMeasure() {
        Release release =
                approved(measured("a", 35), new Condition.Wanted("Better at JFK", "metrics.rmse < 30.0", in(5)));
        Condition condition = line.approvals.conditions().of("delays").getFirst();
        deploy(release);
        line.pass(Duration.ofDays(5));
        assertThat(line.approvals.conditions().state(condition)).isEqualTo("overdue");
        assertThatThrownBy(() -> deploy(release))
                .isInstanceOf(Problem.Refused.class)
                .hasMessageContaining("1 requirement is not met")
                .hasMessageContaining(
                        "condition-" + condition.id() + " (conditions): metrics.rmse < 30.0 does not hold.")
                .hasMessageContaining("“Better at JFK”, due on 2026-03-08")
                .hasMessageContaining("mw approve meet " + condition.id());
        Decision decision = decisions.list(line.ana, Optional.empty(), 1).getFirst();
        assertThat(decisions.explain(line.ana, decision.ref()).isSame()).isTrue();
        assertThat(decisions.inputs(decision).at("/conditions/broken").asInt()).isEqualTo(1);
        assertThatThrownBy(() -> line.ask(measured("b", 31)))
                .isInstanceOf(Problem.Refused.class)
                .hasMessageContaining("Better at JFK (metrics.rmse < 30.0 does not hold)");

        Release better = approved(measured("c", 25));
        deploy(better);
        assertThatThrownBy(() -> deploy(release)).isInstanceOf(Problem.Refused.class);
        measured("a", 29);
        deploy(release);
        assertThat(line.approvals.conditions().state(condition)).isEqualTo("kept");
        assertThat(today.of(release)).isEmpty();
    }

    @Test
    void whoGrantedAnApprovalHearsThatProductionBreaksItsCondition() {
        approved(
                measured("a", 35),
                new Condition.Wanted("Better at JFK", "metrics.rmse < 30.0", in(5)),
                new Condition.Wanted("Tell the crews", "", in(9)));
        var alerts = new Alerts(line.database, line.ledger, line.users.access(), line.clock, new Ids(line.clock));
        Optional<String> version = Optional.of("1");
        var serves = new AtomicReference<>(version);
        var watching = new BrokenConditions(
                line.database,
                line.ledger,
                line.approvals.conditions(),
                () -> List.of(new Deployment(
                        "board",
                        "delays",
                        "delays",
                        serves.get(),
                        Optional.empty(),
                        new Rollout.None(),
                        Optional.empty(),
                        0,
                        0)),
                line.users,
                alerts,
                line.clock);
        Supplier<List<Alert>> open = () -> {
            watching.turn();
            return alerts.list(Actor.SYSTEM, Optional.of("board"), Optional.empty(), true);
        };
        assertThat(open.get()).as("not due yet").isEmpty();
        line.pass(Duration.ofDays(5));
        assertThat(open.get()).singleElement().satisfies(alert -> {
            assertThat(alert.assignee()).isEqualTo("ben");
            assertThat(alert.message())
                    .startsWith("delays/1 serves, and the approval's condition “Better at JFK”, which ben set")
                    .contains("metrics.rmse < 30.0 does not hold of model:delays/1", "mw approve meet ");
        });
        alerts.resolve(Actor.LOCAL, open.get().getFirst().id(), "JFK is closed");
        assertThat(open.get()).as("ended by hand it stays ended").isEmpty();
        measured("a", 29);
        assertThat(open.get()).isEmpty();
        measured("a", 35);
        assertThat(open.get()).as("broken anew").hasSize(1);
        serves.set(Optional.empty());
        assertThat(open.get()).as("nothing serves").isEmpty();
        serves.set(version);
        line.approvals
                .conditions()
                .meet(
                        line.mia,
                        line.approvals.conditions().of("delays").getFirst().id(),
                        "Looked at by hand");
        assertThat(open.get()).isEmpty();
        line.pass(Duration.ofDays(4));
        assertThat(open.get())
                .singleElement()
                .satisfies(alert ->
                        assertThat(alert.message()).contains("“Tell the crews”", "nobody said that it is met"));
        assertThat(line.ledger.about("deployment:board").stream().map(Entry::action))
                .contains("clause.judged", "alert.raised", "alert.resolved");
    }

    @Test
    void aMeasureSpeaksOfTheRecordOnly() {
        Release release = line.ask(measured("a", 35));
        for (String wrong : List.of("request.person", "conditions.broken == 0", "metrix.rmse < 1.0", "1 + 1")) {
            var reply = new Reply(
                    Reply.Answer.APPROVE, "", Optional.empty(), List.of(new Condition.Wanted("Do it", wrong, in(1))));
            assertThatThrownBy(() -> line.inbox.decide(line.ben, release.ref(), reply))
                    .as(wrong)
                    .isInstanceOf(Problem.Invalid.class)
                    .hasMessageContaining("no CEL expression");
        }
        approved(measured("b", 35), new Condition.Wanted("Do it", "reproduction.reproduces", in(1)));
        line.edit("update approval_condition set measure = 'slices.origin.all(s, s.skill > 0.0)'");
        Condition old = line.approvals.conditions().of("delays").getFirst();
        line.pass(Duration.ofDays(1));
        assertThatThrownBy(() -> deploy(release))
                .isInstanceOf(Problem.Refused.class)
                .hasMessageContaining("mw approve meet " + old.id());
        line.approvals.conditions().meet(line.mia, old.id(), "Looked at by hand");
        line.approve(line.ben, release);
        deploy(line.again(release));
    }

    @Test
    void policiesSeeWhatStandsAgainstAVersion() {
        Release release = approved(measured("a", 35), new Condition.Wanted("Look", "", in(9)));
        Actor vera = line.person("vera", Role.VALIDATOR);
        find(vera, Finding.Severity.HIGH, 1);
        find(vera, Finding.Severity.LOW, 9);
        line.findings.close(vera, find(vera, Finding.Severity.LOW, 9).id(), "Counted wrong");
        line.findings.waive(line.ben, find(vera, Finding.Severity.MEDIUM, 9).id(), "Known", in(8));
        line.pass(Duration.ofDays(2));
        policies.publish(line.ben, POLICY);
        policies.activate(line.mia, "standing", "", "agreed");
        assertThatThrownBy(() -> deploy(release))
                .isInstanceOf(Problem.Refused.class)
                .hasMessageContaining("known (standing)")
                .hasMessageContaining("could not be decided");
        reproduced = Optional.of(new Reproduction(
                "r",
                release.modelRef(),
                "delays",
                Reproduction.State.DONE,
                Optional.of(Verdict.BIT_IDENTICAL),
                Cause.NONE,
                "",
                line.ana.id(),
                Reproduction.Occasion.ASKED,
                0,
                Optional.empty(),
                Optional.of(line.clock.millis()),
                1,
                List.of(),
                Optional.empty()));
        assertThatCode(() -> deploy(release)).doesNotThrowAnyException();
    }

    private Finding find(Actor vera, Finding.Severity severity, int days) {
        return line.findings.file(
                vera,
                new Findings.Wanted(
                        "delays", Optional.of(1L), severity, Optional.of(false), "Biased", "olga", in(days)));
    }

    @Test
    void whatRulesAskByNowWouldNotLetItPass() {
        Release release = approved(measured("a", 35));
        deploy(release);
        assertThat(today.of(release)).isEmpty();
        rule = "metrics.rmse < 30.0";
        assertThat(today.of(release))
                .containsExactly(
                        "The pipeline's gate asks another thing by now: good (metrics.rmse < 30.0) does not hold");
        rule = "metrics.rmse > ${limit}";
        assertThat(today.of(release)).singleElement().asString().contains("good (metrics.rmse > 50.0)");
        rule = "metrics.rmse < ${limit}";
        assertThat(today.of(release)).isEmpty();
        policies.publish(line.ben, POLICY);
        assertThat(today.of(release)).isEmpty();
        policies.activate(line.mia, "standing", "", "agreed");
        assertThat(today.of(release)).singleElement().asString().startsWith("Policy standing is another one by now");
        assertThat(today.of(line.ask(line.version()))).isEmpty();
    }

    @Test
    void aPolicyIsPutInForceFromTheInbox() {
        line.inbox.add(new WaitingPolicies(policies, new Proposals(line.database, line.ledger, line.users, policies)));
        policies.publish(line.ben, POLICY);
        assertThat(line.inbox.of(line.ben)).isEmpty();
        assertThat(line.inbox.of(line.ana)).isEmpty();
        Inbox.Item item = line.inbox.of(line.mia).getFirst();
        assertThat(item.ref()).isEqualTo("policy:standing");
        assertThat(item.shown().path(Policy.FILE).asText()).isEqualTo(POLICY);
        assertThatThrownBy(() -> line.inbox.decide(line.mia, item.ref(), true, ""))
                .isInstanceOf(Problem.Invalid.class);
        assertThatThrownBy(() -> line.inbox.decide(line.ben, item.ref(), true, "mine"))
                .isInstanceOf(Problem.Denied.class);
        policies.publish(line.ben, POLICY.replace("findings.open == 2", "findings.open == 3"));
        var stale = new Reply(Reply.Answer.APPROVE, "fine", Optional.of(item.seen()), List.of());
        assertThatThrownBy(() -> line.inbox.decide(line.mia, item.ref(), stale)).isInstanceOf(Problem.Conflict.class);
        assertThat(item.isSentBack()).isFalse();
        assertThatThrownBy(
                        () -> line.inbox.decide(line.mia, item.ref(), Reply.of(Reply.Answer.SEND_BACK, "Think again")))
                .hasMessageContaining("(expected: not sent back)");
        assertThat(line.inbox.decide(line.mia, item.ref(), true, "agreed").state())
                .isEqualTo("IN_FORCE");
        assertThat(line.inbox.of(line.mia)).isEmpty();
        assertThat(policies.get("standing").activatedBy()).isEqualTo(line.mia.id());

        policies.publish(line.mia, POLICY.replace("findings.open == 2", "findings.open == 4"));
        Inbox.Item next = line.inbox.of(line.ben).getFirst();
        assertThat(next.shown().path("different requirements").asText()).startsWith("known was findings.open == 3");
        line.inbox.decide(line.ben, next.ref(), false, "three is right");
        assertThat(line.inbox.of(line.ben)).isEmpty();
    }
}

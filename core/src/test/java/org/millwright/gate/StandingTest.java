package org.millwright.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.alert.Alert;
import org.millwright.alert.Alerts;
import org.millwright.alert.BrokenConditions;
import org.millwright.approval.Approval;
import org.millwright.approval.Condition;
import org.millwright.approval.DecidingLine;
import org.millwright.approval.Finding;
import org.millwright.approval.Findings;
import org.millwright.approval.Inbox;
import org.millwright.approval.Release;
import org.millwright.approval.Reply;
import org.millwright.approval.WaitingPolicies;
import org.millwright.factory.Granting;
import org.millwright.factory.Outbox;
import org.millwright.identity.Actor;
import org.millwright.identity.GovernedAction;
import org.millwright.identity.Role;
import org.millwright.kernel.Ids;
import org.millwright.kernel.Json;
import org.millwright.kernel.OnDatabases;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Entry;
import org.millwright.pipeline.Parameter;
import org.millwright.pipeline.Pipeline;
import org.millwright.pipeline.PipelineRun;
import org.millwright.pipeline.RunStatus;
import org.millwright.pipeline.Step;
import org.millwright.policy.Policies;
import org.millwright.policy.Policy;
import org.millwright.policy.Proposals;
import org.millwright.registry.ModelVersion;
import org.millwright.reproduction.Cause;
import org.millwright.reproduction.Reproduction;
import org.millwright.reproduction.Verdict;
import org.millwright.serving.Deployment;
import org.millwright.serving.Rollout;

/** What gates know of findings, conditions and reproduction, and what they ask by now that they did not ask then. */
class StandingTest {
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

    @TempDir
    Path folder;

    private DecidingLine line;
    private Gates gates;
    private PolicyGate gate;
    private Policies policies;
    private Decisions decisions;
    private Today today;
    private Optional<Reproduction> reproduced = Optional.empty();
    private String rule = "metrics.rmse < 50.0";

    @BeforeEach
    void open() {
        line = new DecidingLine(OnDatabases.sqlite(), folder);
        var ids = new Ids(line.clock);
        gates = new Gates(line.database, line.ledger, line.artifacts, line.clock, ids);
        policies = new Policies(line.database, line.ledger, line.artifacts, line.users, () -> true, line.clock);
        var standing = new StandingFacts(line.findings, line.approvals.conditions(), version -> reproduced, line.clock);
        var facts = new PolicyFacts(
                line.projects,
                line.models,
                line.versions,
                line.runs,
                gates,
                line.approvals,
                line.releases,
                line.certificates,
                standing,
                id -> Optional.of(run(id)),
                line.clock);
        line.approvals.conditions().judgeBy(new Measured(facts, line.approvals, line.releases));
        gate = new PolicyGate(
                line.database,
                line.ledger,
                line.artifacts,
                policies,
                line.projects,
                line.models,
                facts,
                line.clock,
                ids);
        decisions = new Decisions(
                line.database,
                line.artifacts,
                line.users.access(),
                policies,
                line.projects,
                gates,
                line.releases,
                gate);
        today = new Today(
                line.releases,
                line.versions,
                gates,
                gate,
                id -> Optional.of(run(id)),
                (project, name) -> Optional.of(pipeline(name)));
        line.users.access().guardBy(gate);
    }

    @AfterEach
    void close() {
        line.close();
    }

    private PipelineRun run(String id) {
        return new PipelineRun(
                id,
                "delays",
                "train",
                Map.of("limit", "50.0"),
                "s",
                line.projects.get("delays").approved().orElseThrow(),
                false,
                id.startsWith("auto") ? "alert:a" : "",
                RunStatus.SUCCEEDED,
                "",
                line.ana.id(),
                0,
                Optional.of(1L));
    }

    /** The pipeline with a gate of one rule. */
    private Pipeline pipeline(String name) {
        ObjectNode settings = Json.object();
        settings.putArray("rules")
                .addObject()
                .put("name", "good")
                .put("check", rule)
                .put("fix", "Train again");
        var gate = new Step(
                "gate",
                "gate",
                List.of(),
                Map.of(),
                Map.of(),
                List.of(),
                Optional.empty(),
                Map.of(),
                List.of(),
                false,
                Duration.ofMinutes(1),
                settings);
        var limit = new Parameter("limit", Parameter.Type.DOUBLE, Optional.empty());
        return new Pipeline(name, List.of(limit), List.of(gate));
    }

    /** A version of ana's that the gate of a run saw with this error. */
    private ModelVersion measured(String run, double rmse) {
        ObjectNode inputs = Json.object();
        inputs.putObject("metrics").put("rmse", rmse);
        gates.judge(line.ana, "delays", "run:" + run, List.of(new Rule("good", rule, "Train again")), inputs);
        return line.version(line.ana, Optional.of("run:" + run));
    }

    private Release approved(ModelVersion version, Condition.Wanted... conditions) {
        Release release = line.ask(version);
        line.inbox.decide(
                line.ben, release.ref(), new Reply(Reply.Answer.APPROVE, "", Optional.empty(), List.of(conditions)));
        return line.again(release);
    }

    private long in(int days) {
        return line.clock.millis() + Duration.ofDays(days).toMillis();
    }

    private void deploy(Release release) {
        line.users
                .access()
                .requireGate(
                        line.olga,
                        new GovernedAction(
                                GovernedAction.Kind.DEPLOY,
                                release.modelRef(),
                                release.deployment(),
                                Optional.of("delays"),
                                Json.object()));
    }

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

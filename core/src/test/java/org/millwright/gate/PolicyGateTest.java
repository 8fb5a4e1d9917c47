package org.millwright.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.millwright.approval.DecidingRooms;
import org.millwright.approval.Releases;
import org.millwright.identity.Actor;
import org.millwright.identity.GovernedAction;
import org.millwright.identity.GovernedAction.Kind;
import org.millwright.identity.Role;
import org.millwright.kernel.Database;
import org.millwright.kernel.Json;
import org.millwright.kernel.OnDatabases;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Entry;
import org.millwright.lineage.Certificates;
import org.millwright.policy.Policies;
import org.millwright.policy.Policy;
import org.millwright.project.Agreements;
import org.millwright.project.Projects;
import org.millwright.registry.Models;
import org.millwright.registry.NewVersion;
import org.millwright.registry.Versions;
import org.millwright.tracking.Run;
import org.millwright.tracking.Tracking;

@ParameterizedClass
@MethodSource("org.millwright.kernel.OnDatabases#each")
class PolicyGateTest {
    private static final String PROJECT = """
            apiVersion: millwright/v1
            kind: Project
            name: delays
            purpose: Shows what policies stop.
            owner: ana
            risk-tier: high
            data: [{name: flights, classification: public, source: the airport}]
            members: {ana: [data-scientist], mia: [approver]}
            environment: {python: "3.11"}
            model: {name: delays, task: regression, label: y}
            release: {protect: []}
            stages:
              - dev
              - {name: staging, deployments: [delays-staging], policies: [calm]}
              - {name: production, policies: [calm]}
            """;
    private static final String CALM = """
            apiVersion: millwright/v1
            kind: Policy
            name: calm
            description: Only what is calm.
            mode: enforce
            applies-to: {scope: named, actions: [deploy, alias]}
            requirements:
              - {name: calm, check: "version.tags.mood == 'calm' && request.stage != ''", remedy: Calm MODEL down.}
            """;

    private final Database database;
    private final Tracking rooms;
    private final Projects projects;
    private final Models models;
    private final Versions versions;
    private final Policies policies;
    private final Decisions decisions;
    private Actor ana = Actor.LOCAL;
    private Actor mia = Actor.LOCAL;

    PolicyGateTest(OnDatabases.Maker maker) {
        database = maker.make();
        rooms = new Tracking(database);
        var access = rooms.users.access();
        projects = new Projects(database, rooms.ledger, rooms.users, rooms.clock);
        models = new Models(database, rooms.ledger, rooms.clock, access);
        versions = new Versions(models, rooms.runs, rooms.models, rooms.tree);
        var agreements = new Agreements(database, rooms.ledger, rooms.users, projects, rooms.clock, rooms.ids);
        var certificates = new Certificates(
                database, rooms.ledger, rooms.artifacts, rooms.folder.resolve("bundles.pem"), rooms.clock);
        var deciding = new DecidingRooms(
                database,
                rooms.ledger,
                new Releases.Rooms(rooms.users, projects, agreements, models, versions, certificates),
                rooms.clock,
                rooms.ids);
        var approvals = deciding.approvals;
        var findings = deciding.findings;
        var releases = deciding.releases;
        var gates = new Gates(database, rooms.ledger, rooms.artifacts, rooms.clock, rooms.ids);
        policies = new Policies(database, rooms.ledger, rooms.artifacts, rooms.users, () -> true, rooms.clock);
        var facts = new PolicyFacts(
                projects,
                models,
                versions,
                rooms.runs,
                gates,
                approvals,
                releases,
                certificates,
                new StandingFacts(findings, approvals.conditions(), version -> Optional.empty(), rooms.clock),
                run -> Optional.empty(),
                rooms.clock);
        var gate = new PolicyGate(
                database, rooms.ledger, rooms.artifacts, policies, projects, models, facts, rooms.clock, rooms.ids);
        decisions = new Decisions(database, rooms.artifacts, access, policies, projects, gates, releases, gate);
        access.guardBy(gate);
    }

    @BeforeEach
    void govern() {
        ana = person("ana", Role.DATA_SCIENTIST);
        mia = person("mia", Role.APPROVER);
        projects.request(ana, PROJECT);
        projects.approve(mia, "delays", "fine");
        models.create(ana, "delays", Optional.empty(), Map.of(), Optional.of("delays"));
        add("delays", Map.of("mood", "calm"), Optional.empty());
        add("delays", Map.of("mood", "wild"), Optional.empty());
    }

    @AfterEach
    void close() {
        rooms.close();
    }

    private Actor person(String name, Role role) {
        rooms.users.add(Actor.SYSTEM, name, "", Actor.Kind.PERSON, Set.of(role), "a long password");
        return rooms.users.byPassword(name, "a long password");
    }

    private void add(String model, Map<String, String> tags, Optional<String> run) {
        versions.add(
                ana,
                model,
                new NewVersion("s3://b/x", run, Optional.empty(), Optional.empty(), Optional.empty(), tags));
    }

    private void inForce(String text) {
        Policy policy = Policy.parse(text);
        policies.publish(ana("admin"), text);
        policies.activate(mia, policy.name(), policy.digest(), "agreed");
    }

    private static Actor ana(String id) {
        return new Actor(id, id, Actor.Kind.PERSON, true, Set.of(Role.ADMIN), Optional.empty());
    }

    private void ask(Kind kind, int version, String target) {
        var action = new GovernedAction(kind, "model:delays/" + version, target, Optional.of("delays"), Json.object());
        rooms.users.access().requireGate(ana, action);
    }

    @Test
    void aStageNamesPoliciesThatCountThere() {
        assertThatThrownBy(() -> ask(Kind.ALIAS, 1, "staging"))
                .isInstanceOf(Problem.Refused.class)
                .hasMessageContaining("Stage staging of project delays names policy calm, which is not in force");
        inForce(CALM);
        assertThatCode(() -> ask(Kind.ALIAS, 1, "staging")).doesNotThrowAnyException();
        assertThatThrownBy(() -> ask(Kind.ALIAS, 2, "champion"))
                .isInstanceOf(Problem.Refused.class)
                .hasMessageContaining("Policy refuses alias of model:delays/2 to champion: 1 requirement is not met")
                .hasMessageEndingWith("Calm delays down.");
        assertThatCode(() -> ask(Kind.ALIAS, 2, "dev")).doesNotThrowAnyException();
        assertThatCode(() -> models.setAlias(ana, "delays", "gold", 2)).doesNotThrowAnyException();
        assertThatThrownBy(() -> models.setAlias(ana, "delays", "production", 2))
                .isInstanceOf(Problem.Refused.class);
        assertThat(models.get(ana, "delays").aliases()).containsOnlyKeys("gold");
        assertThat(decisions.list(ana, Optional.of("calm"), 10))
                .extracting(Decision::outcome)
                .containsExactly(Decision.Outcome.REFUSED, Decision.Outcome.REFUSED, Decision.Outcome.PASSED);
    }

    @Test
    void aHighRiskAsksForMoreAndTellsItAtOnce() {
        inForce(CALM);
        assertThatThrownBy(() -> ask(Kind.DEPLOY, 2, "delays"))
                .message()
                .satisfies(message -> assertThat(message.lines())
                        .anyMatch(line -> line.contains("calm (calm)"))
                        .anyMatch(line -> line.contains("hand-off-agreed (tier-high)") && line.contains("could not be"))
                        .anyMatch(line ->
                                line.contains("release-approved (tier-high)") && line.contains("mw release delays/2"))
                        .anyMatch(line -> line.contains("two-people (tier-high)"))
                        .anyMatch(line ->
                                line.contains("reproduces (tier-high)") && line.contains("mw reproduce delays/2"))
                        .noneMatch(line -> line.contains("no-finding-blocks") || line.contains("conditions-kept"))
                        .anyMatch(line -> line.contains("agreement-in-force (tier-high)")));
        Decision decision = decisions.list(ana, Optional.empty(), 1).getFirst();
        assertThat(decision.stage()).isEqualTo("production");
        assertThat(decisions.inputs(decision).at("/project/risk_tier").asText()).isEqualTo("high");
        assertThat(decisions.explain(ana, decision.ref()).isSame()).isTrue();
        assertThatThrownBy(() -> decisions.explain(ana, "gate:none")).isInstanceOf(Problem.NotFound.class);
        assertThat(rooms.ledger.about("deployment:delays"))
                .extracting(Entry::action)
                .containsExactly("gate.refused");
    }

    @Test
    void aDecisionIsExplainedByTheTextThatDecided() {
        inForce(CALM);
        assertThatThrownBy(() -> ask(Kind.ALIAS, 2, "staging")).isInstanceOf(Problem.Refused.class);
        Decision then = decisions.list(ana, Optional.of("calm"), 1).getFirst();
        inForce(CALM.replace("== 'calm'", "!= ''"));
        assertThatCode(() -> ask(Kind.ALIAS, 2, "staging")).doesNotThrowAnyException();
        assertThat(decisions.explain(ana, then.ref()).isSame()).isTrue();
        assertThat(decisions.dryRun(ana, Policy.parse(CALM), 0))
                .extracting(Decisions.Tried::subject, Decisions.Tried::then, Decisions.Tried::isStopped)
                .contains(
                        org.assertj.core.groups.Tuple.tuple("model:delays/2", "passed", true),
                        org.assertj.core.groups.Tuple.tuple("model:delays/2", "refused", true));
        database.write(() -> database.jdbc(
                "update policy_decision set findings = replace(findings, '\"fail\"', '\"pass\"')",
                java.sql.PreparedStatement::executeUpdate));
        assertThat(decisions.explain(ana, then.ref()).isSame())
                .as("what was changed in the database comes out otherwise")
                .isFalse();
    }

    @Test
    void theRunThatAVersionCameFromIsGovernedToo() {
        inForce("""
                apiVersion: millwright/v1
                kind: Policy
                name: keep
                description: What a version came from stays.
                mode: enforce
                applies-to: {actions: [delete]}
                requirements:
                  - {name: keep, check: request.action != "delete", remedy: Nothing helps.}
                """);
        Run used = rooms.run("used");
        Run free = rooms.run("free");
        models.create(Actor.SYSTEM, "other", Optional.empty(), Map.of(), Optional.empty());
        versions.add(
                Actor.SYSTEM,
                "other",
                new NewVersion(
                        "s3://b/x",
                        Optional.of(used.id()),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Map.of()));
        assertThatThrownBy(() -> rooms.runs.delete(Actor.SYSTEM, used.id()))
                .isInstanceOf(Problem.Refused.class)
                .hasMessageContaining("Policy refuses delete of model:other/1 with run:" + used.id());
        assertThatThrownBy(() -> rooms.experiments.delete(Actor.LOCAL, used.experimentId()))
                .isInstanceOf(Problem.Refused.class);
        rooms.runs.delete(Actor.SYSTEM, free.id());
        assertThat(List.of(
                        rooms.runs.get(Actor.SYSTEM, used.id()).deleted(),
                        rooms.runs.get(Actor.SYSTEM, free.id()).deleted()))
                .containsExactly(false, true);
    }
}

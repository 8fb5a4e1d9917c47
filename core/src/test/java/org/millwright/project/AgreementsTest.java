package org.millwright.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.millwright.identity.Actor;
import org.millwright.identity.Role;
import org.millwright.identity.Users;
import org.millwright.kernel.Database;
import org.millwright.kernel.Ids;
import org.millwright.kernel.OnDatabases;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Entry;
import org.millwright.ledger.Ledger;
import org.millwright.ledger.TestLedger;
import org.millwright.project.AgreementVersion.State;

@ParameterizedClass
@MethodSource("org.millwright.kernel.OnDatabases#each")
class AgreementsTest {
    private static final String PROJECT = """
            apiVersion: millwright/v1
            kind: Project
            name: flights
            purpose: Shows how people agree on a model.
            owner: ana
            risk-tier: low
            data: []
            members: {ana: [data-scientist], mia: [ml-engineer], ben: [approver]}
            environment: {python: "3.11"}
            model: {name: delays, task: regression, label: y}
            """;
    private static final String FIRST = AgreementTest.HEAD + "performance: {metric: rmse, at-most: 40}\n";
    private static final String SECOND = FIRST.replace("40", "35");

    private final Database database;

    @TempDir
    Path folder;

    private Ledger ledger;
    private Users users;
    private Projects projects;
    private Agreements agreements;
    private Actor ana;
    private Actor mia;
    private Actor ben;

    AgreementsTest(OnDatabases.Maker maker) {
        database = maker.make();
    }

    @BeforeEach
    void open() {
        Clock clock = Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC);
        var ids = new Ids(clock);
        ledger = TestLedger.open(database, clock, ids, folder);
        users = new Users(database, ledger, clock, ids);
        projects = new Projects(database, ledger, users, clock);
        agreements = new Agreements(database, ledger, users, projects, clock, ids);
        ana = person("ana", Role.DATA_SCIENTIST);
        mia = person("mia", Role.ML_ENGINEER);
        ben = person("ben", Role.APPROVER);
        projects.request(ana, PROJECT);
        projects.approve(ben, "flights", "fine");
    }

    @AfterEach
    void close() {
        database.close();
    }

    private Actor person(String name, Role... roles) {
        users.add(Actor.LOCAL, name, name, Actor.Kind.PERSON, Set.of(roles), null);
        return new Actor(users.get(name).id(), name, Actor.Kind.PERSON, true, Set.of(roles), Optional.empty());
    }

    private List<String> actions() {
        return ledger.about("agreement:delays").stream().map(Entry::action).toList();
    }

    @Test
    void isInForceOnceBothRolesAccepted() {
        AgreementVersion proposed = agreements.propose(ana, FIRST);
        assertThat(proposed.state()).isEqualTo(State.PROPOSED);
        assertThat(proposed.missing()).containsExactly(Role.ML_ENGINEER);
        assertThat(projects.agreement("flights")).isEmpty();
        assertThat(agreements.awaits(proposed, mia)).isTrue();
        assertThat(agreements.awaits(proposed, ana)).isFalse();
        assertThat(agreements.awaits(proposed, ben)).isFalse();

        AgreementVersion accepted = agreements.accept(mia, "delays", Optional.of(proposed.digest()));
        assertThat(accepted.state()).isEqualTo(State.IN_FORCE);
        assertThat(accepted.acceptances())
                .extracting(AgreementVersion.Acceptance::role, AgreementVersion.Acceptance::by)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(Role.DATA_SCIENTIST, ana.id()),
                        org.assertj.core.groups.Tuple.tuple(Role.ML_ENGINEER, mia.id()));
        Agreement agreement = projects.agreement("flights").orElseThrow();
        assertThat(agreement.performance().getFirst().limit().value()).isEqualTo(40);
        assertThat(agreement.investigate().who()).isEqualTo("ana");
        assertThat(actions())
                .containsExactly(
                        "agreement.proposed", "agreement.accepted", "agreement.accepted", "agreement.in-force");
    }

    @Test
    void aChangeNeedsAcceptanceAnewAndTheOldOneStaysMeanwhile() {
        agreements.propose(ana, FIRST);
        agreements.accept(mia, "delays", Optional.empty());
        agreements.propose(mia, SECOND);
        assertThat(limit()).isEqualTo(40);
        assertThatThrownBy(() -> agreements.accept(mia, "delays", Optional.empty()))
                .isInstanceOf(Problem.Conflict.class)
                .hasMessageContaining("accepted already for ml-engineer");
        agreements.accept(ana, "delays", Optional.empty());
        assertThat(limit()).isEqualTo(35);
        assertThat(agreements.versions(ana, "delays"))
                .extracting(AgreementVersion::state)
                .containsExactly(State.SUPERSEDED, State.IN_FORCE);

        assertThat(agreements.propose(ana, "# why\n" + SECOND).state()).isEqualTo(State.IN_FORCE);
        assertThat(agreements.proposed("flights")).isEmpty();
    }

    private double limit() {
        return projects.agreement("flights")
                .orElseThrow()
                .performance()
                .getFirst()
                .limit()
                .value();
    }

    @Test
    void aRefusedOneMayBeProposedAgain() {
        agreements.propose(ana, FIRST);
        assertThatThrownBy(() -> agreements.refuse(mia, "delays", " ")).isInstanceOf(Problem.Invalid.class);
        assertThatThrownBy(() -> agreements.refuse(ben, "delays", "no")).isInstanceOf(Problem.Denied.class);
        AgreementVersion refused = agreements.refuse(mia, "delays", "too strict");
        assertThat(refused.state()).isEqualTo(State.REFUSED);
        assertThat(refused.reason()).isEqualTo("too strict");
        assertThatThrownBy(() -> agreements.accept(mia, "delays", Optional.empty()))
                .isInstanceOf(Problem.Conflict.class)
                .hasMessageContaining("Nothing about model delays waits");

        assertThat(agreements.propose(ana, FIRST).missing()).containsExactly(Role.ML_ENGINEER);
        assertThat(agreements.accept(mia, "delays", Optional.empty()).state()).isEqualTo(State.IN_FORCE);
    }

    @Test
    void whoProposesAnotherTextTakesTheFirstBack() {
        String digest = agreements.propose(ana, FIRST).digest();
        agreements.propose(ana, SECOND);
        assertThatThrownBy(() -> agreements.accept(mia, "delays", Optional.of(digest)))
                .isInstanceOf(Problem.Conflict.class)
                .hasMessageContaining("Another text");
        assertThat(agreements.versions(ana, "delays"))
                .extracting(AgreementVersion::state)
                .containsExactly(State.SUPERSEDED, State.PROPOSED);
    }

    @Test
    void onePersonAcceptsForBothOnlyWhereNobodyElseCan() {
        Actor eve = person("eve", Role.DATA_SCIENTIST, Role.ML_ENGINEER);
        agreements.propose(eve, FIRST);
        assertThatThrownBy(() -> agreements.accept(eve, "delays", Optional.empty()))
                .isInstanceOf(Problem.Denied.class)
                .hasMessageContaining("cannot accept for the other, too");
        AgreementVersion byMia = agreements.accept(mia, "delays", Optional.empty());
        assertThat(byMia.isAcceptedAlone()).isFalse();

        agreements.propose(Actor.LOCAL, SECOND);
        AgreementVersion alone = agreements.accept(Actor.LOCAL, "delays", Optional.empty());
        assertThat(alone.state()).isEqualTo(State.IN_FORCE);
        assertThat(alone.isAcceptedAlone()).isTrue();
        assertThat(ledger.about("agreement:delays")
                        .getLast()
                        .details()
                        .path("alone")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void twoAccountsOfOnePersonAreOnePerson() {
        Actor second = person("ana-2", Role.ML_ENGINEER);
        person("dan", Role.DATA_SCIENTIST);
        users.link(Actor.LOCAL, "ana-2", "ana");
        AgreementVersion proposed = agreements.propose(ana, FIRST);
        assertThat(agreements.awaits(proposed, second)).isFalse();
        assertThatThrownBy(() -> agreements.accept(second, "delays", Optional.empty()))
                .isInstanceOf(Problem.Denied.class)
                .hasMessageContaining("ana-2 accepted for one role and cannot accept for the other, too")
                .extracting(e -> ((Problem) e).next())
                .isEqualTo("Ask mia.");
        assertThat(agreements.accept(mia, "delays", Optional.empty()).isAcceptedAlone())
                .isFalse();

        users.revoke(Actor.LOCAL, "mia", Role.ML_ENGINEER);
        database.write(() -> users.removeMember("flights", mia.id(), Role.ML_ENGINEER));
        agreements.propose(ana, SECOND);
        AgreementVersion alone = agreements.accept(second, "delays", Optional.empty());
        assertThat(alone.state()).isEqualTo(State.IN_FORCE);
        assertThat(alone.isAcceptedAlone()).isTrue();
    }

    @Test
    void programsAndOthersAcceptNothing() {
        assertThatThrownBy(() -> agreements.propose(ben, FIRST)).isInstanceOf(Problem.Denied.class);
        agreements.propose(Actor.SYSTEM, FIRST);
        assertThatThrownBy(() -> agreements.accept(ben, "delays", Optional.empty()))
                .isInstanceOf(Problem.Denied.class)
                .hasMessageContaining("ben holds neither role");
        assertThatThrownBy(() -> agreements.accept(Actor.SYSTEM, "delays", Optional.empty()))
                .isInstanceOf(Problem.Denied.class);
        assertThat(agreements.accept(ana, "delays", Optional.empty()).missing()).containsExactly(Role.ML_ENGINEER);
    }

    @Test
    void isAboutAModelOfAnApprovedProjectAndItsTask() {
        assertThatThrownBy(() -> agreements.propose(ana, FIRST.replace("model: delays", "model: others")))
                .isInstanceOf(Problem.NotFound.class)
                .hasMessageContaining("No approved project makes a model named 'others'");
        assertThatThrownBy(() -> agreements.propose(ana, AgreementTest.HEAD + "performance: {metric: f1, at-least: 1}"))
                .isInstanceOf(Problem.Invalid.class)
                .hasMessageContaining("performance.metric: expected one of bias");
        assertThatThrownBy(() -> agreements.propose(ana, FIRST + "investigate: nobody"))
                .isInstanceOf(Problem.Invalid.class)
                .hasMessageContaining("investigate names a user who does not exist: nobody");
    }
}

package org.millwright.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
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
import org.millwright.alert.Alerts;
import org.millwright.alert.LateReviews;
import org.millwright.identity.Actor;
import org.millwright.identity.Member;
import org.millwright.identity.Permission;
import org.millwright.identity.Role;
import org.millwright.identity.Users;
import org.millwright.kernel.Database;
import org.millwright.kernel.Ids;
import org.millwright.kernel.OnDatabases;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Entry;
import org.millwright.ledger.Ledger;
import org.millwright.ledger.TestLedger;

@ParameterizedClass
@MethodSource("org.millwright.kernel.OnDatabases#each")
class ProjectRequestsTest {
    private static final String PLAIN = """
            apiVersion: millwright/v1
            kind: Project
            name: flights
            purpose: Shows how a project is asked for.
            owner: ana
            risk-tier: low
            data: []
            members: {ana: [data-scientist], mia: [ml-engineer]}
            environment: {python: "3.11"}
            model: {name: delays, task: regression, label: y}
            """;
    private static final String FULL = PLAIN + """
            business-owner: bea
            expected-value: {amount: 0.2, currency: EUR, per: prediction, because: fewer missed connections}
            users-affected: {who: travellers, number: 20000}
            intake:
              prohibited-practice: none
              high-risk-area: none
              safety-component: no
              transparency: none
              decides-about-people: advice
              worst-error: inconvenience
            budget: {compute-seconds: 3600}
            review-every: 30d
            """;

    private final Database database;
    private final Moving clock = new Moving();

    @TempDir
    Path folder;

    private Ledger ledger;
    private Users users;
    private Projects projects;
    private ProjectReviews reviews;
    private Actor ana;
    private Actor ben;
    private Actor val;

    /** A clock that a test moves. */
    private static final class Moving extends Clock {
        private Instant now = Instant.parse("2026-01-01T00:00:00Z");

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    ProjectRequestsTest(OnDatabases.Maker maker) {
        database = maker.make();
    }

    @BeforeEach
    void open() {
        var ids = new Ids(clock);
        ledger = TestLedger.open(database, clock, ids, folder);
        users = new Users(database, ledger, clock, ids);
        projects = new Projects(database, ledger, users, clock);
        reviews = new ProjectReviews(database, ledger, users, projects, clock);
        ana = person("ana", Role.DATA_SCIENTIST);
        ben = person("ben", Role.APPROVER);
        val = person("val", Role.VALIDATOR);
        person("mia", Role.ML_ENGINEER);
        person("bea", Role.APPROVER);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private Actor person(String name, Role role) {
        return users.add(Actor.LOCAL, name, name, Actor.Kind.PERSON, Set.of(role), null)
                .actor();
    }

    private List<String> actions() {
        return ledger.about("project:flights").stream().map(Entry::action).toList();
    }

    @Test
    void aRequestIsAskedAboutSentBackChangedAndApproved() {
        projects.request(ana, FULL);
        ProjectVersion version = projects.proposal("flights").orElseThrow();
        assertThat(projects.deciders(version)).containsExactly("bea", "ben");
        ProjectNote question = projects.ask(ben, "flights", "Who reads the answers?");
        assertThatThrownBy(() -> projects.answer(ben, "flights", Optional.empty(), "Me"))
                .hasMessageContaining("somebody else answers");
        projects.answer(ana, "flights", Optional.empty(), "Gate staff");
        assertThatThrownBy(() -> projects.answer(ana, "flights", Optional.empty(), "Again"))
                .hasMessageContaining("No question about project flights waits");
        projects.sendBack(ben, "flights", "Say how many");
        assertThat(projects.proposal("flights")).isEmpty();
        assertThatThrownBy(() -> projects.approve(ben, "flights", "")).isInstanceOf(Problem.Conflict.class);

        projects.request(ana, FULL.replace("20000", "30000"));
        clock.now = clock.now.plusSeconds(60);
        Project approved = projects.approve(ben, "flights", "Useful");
        assertThat(approved.state()).isEqualTo(Project.State.ACTIVE);
        assertThat(projects.notes("flights"))
                .extracting(ProjectNote::kind)
                .containsExactly(ProjectNote.Kind.QUESTION, ProjectNote.Kind.ANSWER, ProjectNote.Kind.SENT_BACK);
        assertThat(projects.notes("flights").get(1).question()).contains(question.id());
        assertThat(actions())
                .containsExactly(
                        "project.requested",
                        "project.asked-about",
                        "project.answered",
                        "project.sent-back",
                        "project.change-requested",
                        "project.approved",
                        "project.activated");
        assertThat(users.members("flights")).extracting(Member::name).containsExactly("ana", "mia");
    }

    @Test
    void theTierFollowsFromTheAnswers() {
        projects.request(ana, FULL);
        Assessment assessed =
                projects.assessment("flights", ProjectFile.parse(FULL).digest()).orElseThrow();
        assertThat(assessed.tier()).isEqualTo(RiskTier.LOW);
        assertThat(assessed.deciding())
                .extracting(Assessment.Reason::question)
                .containsExactly("decides-about-people", "worst-error");

        String hiring = FULL.replace("high-risk-area: none", "high-risk-area: [employment, education]");
        assertThatThrownBy(() -> projects.request(ana, hiring))
                .isInstanceOf(Problem.Invalid.class)
                .hasMessageContaining("risk-tier: low, but the answers mean at least high")
                .hasMessageContaining("Annex III");
        projects.request(ana, hiring.replace("risk-tier: low", "risk-tier: high"));
        assertThatThrownBy(() -> projects.request(ana, FULL.replace("practice: none", "practice: social-scoring")))
                .isInstanceOf(Problem.Refused.class)
                .hasMessageContaining("Article 5");
        assertThatThrownBy(
                        () -> projects.request(ana, FULL.replace("worst-error: inconvenience", "worst-eror: nothing")))
                .hasMessageContaining("unknown question 'worst-eror'; did you mean 'worst-error'?")
                .hasMessageContaining("worst-error is not answered");
        assertThatThrownBy(() -> projects.request(
                        ana, FULL.replace("transparency: none", "transparency: [none, talks-to-people]")))
                .hasMessageContaining("'none' beside other answers");
        projects.request(ana, PLAIN);
        assertThat(projects.assessment("flights", ProjectFile.parse(PLAIN).digest()))
                .isEmpty();
    }

    @Test
    void anOrganisationAsksQuestionsOfItsOwn() {
        projects.askBy(Questionnaire.builtIn().with("""
                apiVersion: millwright/v1
                kind: Intake
                version: works-council/2
                questions:
                  - id: staff-data
                    ask: Does it use data about staff?
                    choices:
                      "no": {text: "No", tier: minimal}
                      "yes": {text: "Yes", tier: medium}
                """));
        assertThatThrownBy(() -> projects.request(ana, FULL)).hasMessageContaining("staff-data is not answered");
        String yes = FULL.replace("  worst-error", "  staff-data: yes\n  worst-error");
        assertThatThrownBy(() -> projects.request(ana, yes)).hasMessageContaining("at least medium");
        projects.request(ana, yes.replace("risk-tier: low", "risk-tier: medium"));
        assertThatThrownBy(() -> Questionnaire.read("apiVersion: millwright/v1\nkind: Intake\nversion: 1\n"
                        + "questions: [{id: a, ask: b, choices: {c: {text: d, tier: dangerous}}}]"))
                .hasMessageContaining("intake.yaml:4: questions[0].choices.c.tier: expected minimal, low, medium, high"
                        + " or prohibited, got 'dangerous'");
    }

    @Test
    void everyReviewingRoleAgreesByAnotherPerson() {
        String two = PLAIN + "reviewers: [approver, validator]\n";
        projects.request(ana, two);
        assertThat(projects.approve(ben, "flights", "Worth it").state()).isEqualTo(Project.State.REQUESTED);
        assertThatThrownBy(() -> projects.approve(ben, "flights", "Twice"))
                .isInstanceOf(Problem.Denied.class)
                .hasMessageContaining("agreed as approver already");
        ProjectVersion version = projects.proposal("flights").orElseThrow();
        assertThat(projects.deciders(version)).containsExactly("val");
        assertThat(projects.awaits(val, version)).isTrue();
        assertThat(projects.approve(val, "flights", "Sound").state()).isEqualTo(Project.State.ACTIVE);
        assertThat(actions()).contains("project.agreed-to", "project.approved");
        assertThat(projects.consents("flights", version.digest()))
                .extracting(Consent::role)
                .containsExactlyInAnyOrder("approver", "validator");
    }

    @Test
    void aRoleThatNobodyHasIsSaidWhenItIsAskedFor() {
        users.roles().add(Actor.LOCAL, "ethics-board", "", Set.of(Permission.READ, Permission.VALIDATE));
        String board = PLAIN + "reviewers: [approver, ethics-board]\n";
        assertThatThrownBy(() -> projects.request(ana, board))
                .isInstanceOf(Problem.Invalid.class)
                .hasMessageContaining("too few people have the role ethics-board")
                .extracting(e -> ((Problem) e).next())
                .isEqualTo("mw user grant NAME ethics-board --project flights");
        assertThat(actions()).containsExactly("project.request-rejected");
        assertThatThrownBy(() -> projects.request(ana, PLAIN + "reviewers: [ethics-bord]\n"))
                .hasMessageContaining("Unknown role 'ethics-bord'");
        assertThatThrownBy(() -> projects.request(ana, PLAIN + "reviewers: [auditor]\n"))
                .hasMessageContaining("role 'auditor' decides nothing");

        users.grant(Actor.LOCAL, "val", users.roles().of("ethics-board"), Optional.of("flights"));
        projects.request(ana, board.replace("members: {", "members: {val: [ethics-board], "));
        projects.approve(val, "flights", "Fair");
        assertThat(projects.approve(ben, "flights", "Worth it").state()).isEqualTo(Project.State.ACTIVE);
        assertThat(users.rolesIn("flights", val.id())).contains(users.roles().of("ethics-board"));
    }

    @Test
    void whoAsksOwnsOrIsTheSamePersonDoesNotDecide() {
        Actor second = person("ana-approves", Role.APPROVER);
        users.link(Actor.LOCAL, "ana-approves", "ana");
        projects.request(ana, PLAIN);
        assertThatThrownBy(() -> projects.approve(second, "flights", "Mine")).isInstanceOf(Problem.Denied.class);
        assertThatThrownBy(() -> projects.sendBack(second, "flights", "Mine")).isInstanceOf(Problem.Denied.class);
        assertThatThrownBy(() -> projects.approve(val, "flights", "No approver"))
                .isInstanceOf(Problem.Denied.class);
        Actor eve = person("eve", Role.AUDITOR);
        assertThatThrownBy(() -> projects.ask(eve, "flights", "Why?")).isInstanceOf(Problem.Denied.class);
        projects.approve(ben, "flights", "Fine");
    }

    @Test
    void aChangedFileTakesRolesBackThatItNoLongerGives() {
        projects.request(ana, PLAIN);
        projects.approve(ben, "flights", "Fine");
        projects.request(ana, PLAIN.replace(", mia: [ml-engineer]", ""));
        projects.approve(ben, "flights", "She left");
        assertThat(users.members("flights")).extracting(Member::name).containsExactly("ana");

        var members = new ProjectMembers(database, users, projects);
        members.add(ana, "flights", "mia", "app-developer");
        assertThatThrownBy(() -> members.add(ana, "flights", "mia", "approver")).isInstanceOf(Problem.Denied.class);
        assertThatThrownBy(() -> members.add(ben, "flights", "mia", "scorer")).isInstanceOf(Problem.Denied.class);
        assertThatThrownBy(() -> members.add(Actor.LOCAL, "flights", "mia", "admin"))
                .hasMessageContaining("cannot be given in a project");
        assertThat(members.list(ben, "flights")).hasSize(2);
        members.remove(ana, "flights", "mia", "app-developer");
        assertThatThrownBy(() -> members.remove(ana, "flights", "mia", "app-developer"))
                .isInstanceOf(Problem.NotFound.class);
    }

    @Test
    void aReviewIsDueAndToldWhenItIsLate() {
        projects.request(ana, FULL);
        assertThat(reviews.of("flights")).isEmpty();
        projects.approve(ben, "flights", "Fine");
        clock.now = clock.now.plus(Duration.ofDays(29));
        reviews.turn();
        assertThat(reviews.overdue()).isEmpty();
        clock.now = clock.now.plus(Duration.ofDays(1));
        reviews.turn();
        reviews.turn();
        assertThat(reviews.overdue()).containsExactly("flights");
        assertThat(actions()).filteredOn("project.review-overdue"::equals).hasSize(1);
        var alerts = new Alerts(database, ledger, users.access(), clock, new Ids(clock));
        var late = new LateReviews(List::of, projects, reviews, alerts, clock, new Ids(clock));
        late.look("flights");
        assertThat(alerts.list(Actor.SYSTEM, Optional.empty(), Optional.empty(), true))
                .singleElement()
                .satisfies(alert -> {
                    assertThat(alert.message())
                            .isEqualTo("The review of project flights was due on 2026-01-31: look at it and say so:"
                                    + " mw project review flights --note …");
                    assertThat(alert.subjects()).containsExactly(alert.ref(), "project:flights");
                });

        assertThatThrownBy(() -> reviews.review(val, "flights", " ")).hasMessageContaining("Say what was found");
        Actor eve = person("eve", Role.AUDITOR);
        assertThatThrownBy(() -> reviews.review(eve, "flights", "I looked")).isInstanceOf(Problem.Denied.class);
        ProjectReviews.Review done = reviews.review(ana, "flights", "Still advice, still low");
        assertThat(done.overdue()).isFalse();
        late.look("flights");
        assertThat(alerts.list(Actor.SYSTEM, Optional.empty(), Optional.empty(), true))
                .isEmpty();
        assertThat(Duration.ofMillis(done.due() - done.at())).isEqualTo(Duration.ofDays(30));
        clock.now = clock.now.plus(Duration.ofDays(31));
        reviews.turn();
        assertThat(actions()).filteredOn("project.review-overdue"::equals).hasSize(2);
        projects.retire(person("dan", Role.ML_ENGINEER), "flights", "Over");
        assertThat(reviews.overdue()).isEmpty();
    }
}

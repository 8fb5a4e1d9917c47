package org.millwright.approval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.millwright.identity.Actor;
import org.millwright.identity.Role;
import org.millwright.identity.Users;
import org.millwright.kernel.Json;
import org.millwright.kernel.OnDatabases;
import org.millwright.kernel.Problem;
import org.millwright.registry.ModelVersion;

/** Who decides about a release, and what a decision is bound to. */
@ParameterizedClass
@MethodSource("org.millwright.kernel.OnDatabases#each")
class DecidingTest {
    private final OnDatabases.Maker maker;

    @TempDir
    Path folder;

    private DecidingLine line;

    DecidingTest(OnDatabases.Maker maker) {
        this.maker = maker;
    }

    @BeforeEach
    void open() {
        line = new DecidingLine(maker.make(), folder);
    }

    @AfterEach
    void close() {
        line.close();
    }

    @Test
    void aLapseIsAskedForAgainInOneStepWithTheDifference() {
        ModelVersion version = line.version();
        Release release = line.ask(version);
        line.handOff(version, "b");
        assertThatThrownBy(() -> line.approve(line.ben, release))
                .isInstanceOf(Problem.Conflict.class)
                .hasMessageContaining("What it was about has changed: handOff");
        assertThat(line.again(release).state()).isEqualTo(Release.State.LAPSED);

        assertThatThrownBy(() -> line.approvals.resubmit(line.ben, release.ref(), ""))
                .isInstanceOf(Problem.Denied.class);
        Approval again = line.approvals.resubmit(line.ana, release.ref(), "");
        assertThat(line.again(release).state()).isEqualTo(Release.State.REQUESTED);
        assertThat(again.shown().path("commit").asText()).isEqualTo("abc");
        var since = again.shown().path(Difference.FIELD);
        assertThat(since.path("was").asText()).isEqualTo("void");
        assertThat(since.path("digests").toString()).isEqualTo("[{\"name\":\"handOff\",\"was\":\"a\",\"is\":\"b\"}]");
        assertThat(since.path("facts").toString()).contains("{\"name\":\"handOff.report\",\"was\":\"a\",\"is\":\"b\"}");
        assertThatThrownBy(() -> line.approvals.resubmit(line.ana, release.ref(), ""))
                .isInstanceOf(Problem.Conflict.class);

        line.approve(line.ben, release);
        line.requireApproved(release);
    }

    @Test
    void whatIsSentBackIsAnsweredAndAskedForAgain() {
        Release release = line.asked();
        line.approvals.conversation().say(line.ben, release.ref(), "Why now?");
        line.approvals.conversation().say(line.ana, release.ref(), "Summer begins");
        assertThatThrownBy(() -> line.inbox.decide(line.ben, release.ref(), Reply.of(Reply.Answer.SEND_BACK, " ")))
                .isInstanceOf(Problem.Invalid.class);
        line.inbox.decide(line.ben, release.ref(), Reply.of(Reply.Answer.SEND_BACK, "Show the slices"));

        assertThat(line.again(release).state()).isEqualTo(Release.State.SENT_BACK);
        assertThatThrownBy(() -> line.approvals.resubmit(line.ana, release.ref(), ""))
                .isInstanceOf(Problem.Invalid.class)
                .hasMessageContaining("Show the slices");
        line.approvals.resubmit(line.ana, release.ref(), "They are in the report");
        assertThat(line.approvals.conversation().about(release.ref()))
                .extracting(Note::kind)
                .containsExactly(Note.Kind.QUESTION, Note.Kind.ANSWER, Note.Kind.SENT_BACK, Note.Kind.ANSWER);
        assertThat(line.story(release))
                .containsSubsequence("approval.asked", "approval.answered", "approval.sent-back", "approval.requested");
        line.approve(line.mia, release);
        line.requireApproved(release);
    }

    @Test
    void whatComesLaterVoidsNothing() {
        line.agree(DecidingLine.AGREEMENT);
        Release release = line.asked();
        line.approve(line.ben, release);
        line.version();
        line.project("medium", "{smoke-rows: 7}");

        assertThat(line.releases.confirm(release.id())).isTrue();
        line.requireApproved(release);
        assertThat(line.releases.today(release = line.again(release)))
                .containsExactly("It needs 2 approvers by now; 1 approved it");

        line.releases.move(Actor.SYSTEM, release.id(), Release.State.PRODUCTION, "");
        line.agree(DecidingLine.AGREEMENT.replace("40", "10"));
        assertThat(line.releases.confirm(release.id())).isTrue();
        line.requireApproved(release);
        assertThat(line.releases.today(line.again(release))).contains("The agreement is not the one that was approved");
    }

    @Test
    void anotherBundleVoidsTheApproval() {
        voids(version -> line.edit("update model_version set bundle_digest = 'other' where version = 1"), "bundle");
    }

    @Test
    void anotherHandOffReportVoidsTheApproval() {
        voids(version -> line.handOff(version, "swapped"), "handOff");
    }

    @Test
    void anotherCertificateVoidsTheApproval() {
        voids(version -> line.versions.attachCertificate(Actor.SYSTEM, "delays", 1, "c"), "certificate");
    }

    @Test
    void anotherAgreementVoidsTheApproval() {
        line.agree(DecidingLine.AGREEMENT);
        voids(version -> line.agree(DecidingLine.AGREEMENT.replace("40", "90")), "agreement");
    }

    private void voids(java.util.function.Consumer<ModelVersion> swap, String what) {
        ModelVersion version = line.version();
        Release release = line.ask(version);
        line.approve(line.ben, release);
        line.requireApproved(release);

        swap.accept(version);

        assertThatThrownBy(() -> line.requireApproved(release))
                .isInstanceOf(Problem.Refused.class)
                .hasMessageContaining("as it is now: changed since is " + what);
        assertThat(line.releases.confirm(release.id())).isFalse();
        assertThat(line.again(release).state()).isEqualTo(Release.State.LAPSED);
        assertThat(line.again(release).note()).endsWith(": " + what);
        assertThat(line.approvals.newest(release.ref()).state()).isEqualTo(Approval.State.VOID);
        assertThat(line.story(release)).endsWith("approval.void", "release.lapsed");
    }

    @Test
    void nobodyDecidesOnTheirOwnWorkByAnotherAccountOrAMachine() {
        Actor anna = line.person("anna", Role.APPROVER);
        line.users.link(Actor.SYSTEM, "anna", "ana");
        Release own = line.asked();
        denied(anna, own, "anna made");

        Actor robot = line.user("robot", Actor.Kind.MACHINE, Role.DATA_SCIENTIST);
        line.users.link(Actor.SYSTEM, "robot", "ben");
        Release bens = line.ask(robot, line.version(robot));
        denied(line.ben, bens, "ben made");
        Actor clerk = line.user("clerk", Actor.Kind.MACHINE, Role.APPROVER);
        denied(clerk, bens, "Only a person approves");
        Release asked = line.ask(robot, line.version());
        denied(line.ben, asked, "ben asked for");
        denied(line.olga, asked, "may not approve in project delays");
        assertThat(line.inbox.of(line.ben)).extracting(Inbox.Item::ref).containsExactly(own.ref());
        denied(line.ben, asked, "ben asked for");
        assertThat(line.story(asked)).containsOnlyOnce("decision.denied");
        assertThat(line.story(bens).stream().filter("decision.denied"::equals)).hasSize(2);
        line.approve(line.mia, asked);
    }

    private void denied(Actor by, Release release, String why) {
        assertThatThrownBy(() -> line.approve(by, release))
                .isInstanceOf(Problem.Denied.class)
                .hasMessageContaining(why);
    }

    @Test
    void fourEyesAreThoseOfTwoPeople() {
        line.project("medium", "");
        Actor benno = line.person("benno", Role.APPROVER);
        line.users.link(Actor.SYSTEM, "benno", "ben");
        Release release = line.asked();

        assertThat(line.approve(line.ben, release)).isEqualTo(new Approvals.Decided(release.ref(), "PENDING", 1));
        assertThat(line.again(release).state()).isEqualTo(Release.State.REQUESTED);
        assertThatThrownBy(() -> line.requireApproved(release)).isInstanceOf(Problem.Refused.class);
        for (Actor same : List.of(line.ben, benno)) {
            assertThatThrownBy(() -> line.approve(same, release))
                    .isInstanceOf(Problem.Conflict.class)
                    .hasMessageContaining("ben approved " + release.ref() + " already, and 1 more must");
            assertThat(line.inbox.of(same)).isEmpty();
        }
        Approval half = line.inbox.of(line.mia).getFirst().approval().orElseThrow();
        assertThat(half.votes()).extracting(Approval.Vote::by).containsExactly(line.ben.id());
        assertThat(line.approve(line.mia, release).state()).isEqualTo("APPROVED");
        line.requireApproved(release);
        assertThat(line.story(release)).containsSubsequence("approval.voted", "approval.approved", "release.approved");
    }

    @Test
    void oneOfTwoThatRaceDecides() throws Exception {
        Release release = line.asked();
        List<Boolean> won = race(() -> line.approve(line.ben, release), () -> line.approve(line.mia, release));
        assertThat(won).containsExactlyInAnyOrder(true, false);
        assertThat(line.story(release).stream().filter("approval.approved"::equals))
                .hasSize(1);
    }

    @Test
    void twoAccountsOfOnePersonThatRaceAreOneOfTwo() throws Exception {
        line.project("high", "");
        Actor benno = line.person("benno", Role.APPROVER);
        line.users.link(Actor.SYSTEM, "benno", "ben");
        Release release = line.asked();
        List<Boolean> won = race(() -> line.approve(line.ben, release), () -> line.approve(benno, release));
        assertThat(won).containsExactlyInAnyOrder(true, false);
        assertThat(line.approvals.newest(release.ref()).missing()).isEqualTo(1);
        assertThat(line.again(release).state()).isEqualTo(Release.State.REQUESTED);
    }

    private static List<Boolean> race(Callable<?> one, Callable<?> other) throws Exception {
        var barrier = new CyclicBarrier(2);
        try (var threads = Executors.newFixedThreadPool(2)) {
            var runs = new ArrayList<Future<Boolean>>();
            for (Callable<?> each : List.of(one, other)) {
                runs.add(threads.submit(() -> {
                    barrier.await();
                    try {
                        each.call();
                        return true;
                    } catch (Problem.Conflict | Problem.NotFound e) {
                        return false;
                    }
                }));
            }
            return List.of(runs.get(0).get(), runs.get(1).get());
        }
    }

    @Test
    void aDeputyDecidesInAnothersPlaceUntilTheDay() {
        Actor dora = line.person("dora");
        Users users = line.users;
        long friday = Instant.parse("2026-03-06T23:00:00Z").toEpochMilli();
        assertThatThrownBy(() -> line.approvals.deputies().name(line.ben, "dora", friday))
                .isInstanceOf(Problem.Denied.class)
                .hasMessageContaining("dora has no role that approves");
        users.grant(Actor.SYSTEM, "dora", Role.APPROVER, Optional.of("elsewhere"));
        other("elsewhere");
        line.approvals.deputies().name(line.ben, "dora", friday);
        assertThatThrownBy(() -> line.approvals.deputies().name(line.olga, "mia", friday))
                .hasMessageContaining("olga approves nothing");
        assertThatThrownBy(() -> line.approvals.deputies().name(line.ben, "ben", friday))
                .hasMessageContaining("expected: another person");

        line.project("medium", "");
        Release release = line.asked();
        line.approve(dora, release);
        Approval.Vote vote = line.approvals.newest(release.ref()).votes().getFirst();
        assertThat(vote.seat()).isEqualTo(line.ben.id());
        assertThatThrownBy(() -> line.approve(line.ben, release)).hasMessageContaining("dora approved");
        Release doras = line.ask(dora2(dora), line.version());
        assertThat(line.inbox.of(dora)).extracting(Inbox.Item::ref).doesNotContain(doras.ref());
        line.at("2026-03-06T23:00:00Z");
        denied(dora, line.asked(), "dora may not approve");
    }

    /** The deputy as somebody who asks for releases, too. */
    private Actor dora2(Actor dora) {
        line.users.grant(Actor.SYSTEM, "dora", Role.DATA_SCIENTIST, Optional.of("delays"));
        return dora;
    }

    private void other(String name) {
        line.projects.request(line.ana, """
                apiVersion: millwright/v1
                kind: Project
                name: %s
                purpose: Another project of the same people.
                owner: olga
                risk-tier: low
                data: []
                members: {ana: [data-scientist]}
                environment: {python: "3.11"}
                model: {task: regression, label: y}
                """.formatted(name));
        line.projects.approve(line.mia, name, "fine");
    }

    @Test
    void whatChangedSinceItWasShownIsNamedAndNothingIsDecided() {
        Release release = line.asked();
        Inbox.Item item = line.inbox.of(line.ben).getFirst();
        line.approvals.conversation().say(line.mia, release.ref(), "Is it fair?");
        var late = new Reply(Reply.Answer.APPROVE, "", Optional.of(item.seen()), List.of());
        assertThatThrownBy(() -> line.inbox.decide(line.ben, release.ref(), late))
                .isInstanceOf(Problem.Conflict.class)
                .hasMessageContaining("changed since you looked (questions): nothing was decided");
        assertThat(line.again(release).state()).isEqualTo(Release.State.REQUESTED);

        String seen = line.inbox.of(line.ben).getFirst().seen();
        assertThatThrownBy(() -> line.inbox.decide(
                        line.ben, release.ref(), new Reply(Reply.Answer.APPROVE, "", Optional.of("x"), List.of())))
                .isInstanceOf(Problem.Invalid.class);
        line.inbox.decide(line.ben, release.ref(), new Reply(Reply.Answer.APPROVE, "", Optional.of(seen), List.of()));
        line.requireApproved(release);
    }

    @Test
    void theVerdictOfMakingItAgainIsShown() {
        Release release = line.asked();
        line.database.write(() -> line.ledger.append(
                line.olga,
                "model.reproduced",
                release.modelRef(),
                Json.object().put("verdict", "SAME_PREDICTIONS").put("reason", "threads")));
        Reproduced shown =
                (Reproduced) line.inbox.of(line.ben).getFirst().context().get("reproduction");
        assertThat(shown.verdict()).isEqualTo("SAME_PREDICTIONS");
        line.pass(Duration.ofDays(1));
        assertThat(line.inbox.of(line.ana)).isEmpty();
    }
}

package org.millwright.approval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.millwright.identity.Actor;
import org.millwright.identity.Role;
import org.millwright.kernel.OnDatabases;
import org.millwright.kernel.Problem;

/** What stands against releases, and how one is let through in an emergency. */
@ParameterizedClass
@MethodSource("org.millwright.kernel.OnDatabases#each")
class FindingsTest {
    private final OnDatabases.Maker maker;

    @TempDir
    Path folder;

    private DecidingLine line;
    private Actor vera;

    FindingsTest(OnDatabases.Maker maker) {
        this.maker = maker;
    }

    @BeforeEach
    void open() {
        line = new DecidingLine(maker.make(), folder);
        vera = line.person("vera", Role.VALIDATOR);
    }

    @AfterEach
    void close() {
        line.close();
    }

    private Finding file(Actor by, Finding.Severity severity) {
        return line.findings.file(
                by,
                new Findings.Wanted(
                        "delays", Optional.of(1L), severity, Optional.empty(), "Biased at JFK", "ana", in(14)));
    }

    private long in(int days) {
        return line.clock.millis() + Duration.ofDays(days).toMillis();
    }

    @Test
    void anOpenBlockingFindingStopsReleasesOfLaterVersionsToo() {
        line.version();
        Finding finding = file(vera, Finding.Severity.HIGH);
        file(vera, Finding.Severity.LOW);
        Release release = line.asked();
        assertThatThrownBy(() -> line.approve(line.ben, release))
                .isInstanceOf(Problem.Refused.class)
                .hasMessageContaining("Open finding " + finding.id() + " (high): Biased at JFK");

        assertThatThrownBy(() -> line.findings.waive(line.ben, finding.id(), "Known", in(91)))
                .isInstanceOf(Problem.Invalid.class)
                .hasMessageContaining("90 days");
        assertThatThrownBy(() -> line.findings.waive(vera, finding.id(), "Known", in(9)))
                .isInstanceOf(Problem.Denied.class);
        line.findings.waive(line.ben, finding.id(), "Known, and small", in(7));
        line.approve(line.ben, release);
        line.pass(Duration.ofDays(7));
        assertThat(line.releases.today(line.again(release)))
                .containsExactly("Open finding " + finding.id() + " (high): Biased at JFK");
        Release next = line.asked();
        assertThatThrownBy(() -> line.approve(line.ben, next)).isInstanceOf(Problem.Refused.class);
        line.findings.close(vera, finding.id(), "Retrained with more rows");
        line.approve(line.ben, next);
        assertThat(line.releases.today(line.again(next))).isEmpty();
        assertThatThrownBy(() -> line.findings.close(vera, finding.id(), "again"))
                .isInstanceOf(Problem.Conflict.class);
        assertThat(line.ledger.about(finding.ref()))
                .extracting(entry -> entry.action())
                .containsExactly("finding.filed", "finding.waived", "finding.closed");
    }

    @Test
    void onlySomebodyWithoutAPartInItFilesAndSettles() {
        line.version();
        Actor anna = line.person("anna", Role.VALIDATOR);
        line.users.link(Actor.SYSTEM, "anna", "ana");
        line.users.grant(Actor.SYSTEM, "olga", Role.VALIDATOR, Optional.of("delays"));
        denied(() -> file(anna, Finding.Severity.LOW), "anna made model delays");
        denied(() -> file(line.olga, Finding.Severity.LOW), "olga owns model delays");
        denied(() -> file(line.ana, Finding.Severity.LOW), "ana may not file or close findings in project");
        Finding finding = file(vera, Finding.Severity.CRITICAL);
        denied(() -> line.findings.close(anna, finding.id(), "done"), "anna made");
        Finding veras = line.findings.file(
                vera,
                new Findings.Wanted(
                        "delays", Optional.empty(), Finding.Severity.LOW, Optional.of(true), "Late", "vera", in(1)));
        denied(() -> line.findings.close(vera, veras.id(), "done"), "vera is to mend finding");
        assertThat(veras.blocking()).isTrue();
    }

    private static void denied(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String why) {
        assertThatThrownBy(call).isInstanceOf(Problem.Denied.class).hasMessageContaining(why);
    }

    @Test
    void anOverdueConditionStopsTheNextRelease() {
        Release release = line.asked();
        var wanted = new Condition.Wanted("Measure at JFK", "metrics.rmse < 30.0", in(5));
        assertThatThrownBy(() -> approveIf(release, new Condition.Wanted("x", "not CEL (", in(5))))
                .isInstanceOf(Problem.Invalid.class)
                .hasMessageContaining("no CEL expression");
        approveIf(release, wanted);
        Condition condition = line.approvals.conditions().of("delays").getFirst();
        assertThat(condition.measure()).isEqualTo("metrics.rmse < 30.0");
        Release early = line.asked();
        line.pass(Duration.ofDays(5));

        assertThatThrownBy(() -> line.asked())
                .isInstanceOf(Problem.Refused.class)
                .hasMessageContaining(
                        "under a condition that is overdue: Measure at JFK (metrics.rmse < 30.0 does not hold)");
        assertThatThrownBy(() -> line.approve(line.ben, early)).hasMessageContaining("Overdue condition");
        line.requireApproved(release);
        assertThat(line.releases.today(line.again(release)))
                .containsExactly(
                        "Overdue condition " + condition.id() + ": Measure at JFK (metrics.rmse < 30.0 does not hold)");
        denied(() -> line.approvals.conditions().meet(line.ana, condition.id(), "Done"), "ana may not approve");
        line.approvals.conditions().meet(line.mia, condition.id(), "Is 28.1");
        line.approve(line.ben, early);
        assertThat(line.approvals.conditions().get(condition.id()).state(line.clock.millis()))
                .isEqualTo("met");
    }

    private void approveIf(Release release, Condition.Wanted wanted) {
        line.inbox.decide(
                line.ben, release.ref(), new Reply(Reply.Answer.APPROVE, "", Optional.empty(), List.of(wanted)));
    }

    @Test
    void anEmergencyIsLetThroughAndBecomesAFindingUnlessItIsApproved() {
        Actor omar = line.person("omar", Role.OPERATIONS);
        Release release = line.asked();
        assertThatThrownBy(() -> line.breakGlass.open(omar, release.id(), " ")).isInstanceOf(Problem.Invalid.class);
        denied(() -> line.breakGlass.open(line.ben, release.id(), "now"), "ben may not break glass");
        denied(
                () -> line.breakGlass.open(
                        line.olga, line.ask(line.version(line.olga)).id(), "now"),
                "olga made");
        line.breakGlass.open(omar, release.id(), "The old one answers nonsense");
        line.requireApproved(release);
        assertThat(line.releases.confirm(release.id())).isTrue();
        assertThat(line.ledger.about(release.ref()).stream()
                        .filter(entry -> entry.action().equals("release.break-glass"))
                        .map(entry -> entry.details().path("approvers").toString()))
                .containsExactly("[\"ben\",\"mia\"]");
        line.releases.move(Actor.SYSTEM, release.id(), Release.State.PRODUCTION, "");

        line.pass(Duration.ofHours(24));
        line.deadlines.turn();
        line.deadlines.turn();
        line.requireApproved(release);
        assertThat(line.again(release).state()).isEqualTo(Release.State.PRODUCTION);
        assertThat(line.findings.of("delays"))
                .singleElement()
                .satisfies(finding -> assertThat(finding.text()).contains("not approved within 24 hours"));
        assertThat(line.story(release)).contains("release.break-glass-expired");
        assertThatThrownBy(() -> line.breakGlass.open(omar, release.id(), "again"))
                .isInstanceOf(Problem.Conflict.class);
    }

    @Test
    void aRegularApprovalEndsTheEmergency() {
        Actor omar = line.person("omar", Role.OPERATIONS);
        Release release = line.asked();
        line.breakGlass.open(omar, release.id(), "The old one answers nonsense");
        line.approve(line.ben, release);
        line.pass(Duration.ofHours(30));
        line.deadlines.turn();
        assertThat(line.findings.of("delays")).isEmpty();
        assertThat(line.story(release)).contains("release.break-glass-confirmed");

        Release unused = line.asked();
        line.breakGlass.open(omar, unused.id(), "Just in case");
        line.pass(Duration.ofHours(24));
        line.deadlines.turn();
        assertThat(line.again(unused).state()).isEqualTo(Release.State.LAPSED);
        assertThatThrownBy(() -> line.requireApproved(unused)).isInstanceOf(Problem.Refused.class);
    }
}

package org.millwright.insight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.millwright.insight.Records.day;

import java.nio.file.Path;
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
import org.millwright.insight.ProjectInsights.Report;
import org.millwright.insight.ProjectInsights.Scope;
import org.millwright.kernel.Database;
import org.millwright.kernel.Json;
import org.millwright.kernel.OnDatabases;
import org.millwright.kernel.Problem;

/** The numbers of a line whose every moment is known, computed by hand. */
@ParameterizedClass
@MethodSource("org.millwright.kernel.OnDatabases#each")
class ProjectInsightsTest {
    private static final double DAY = 86_400_000;

    private final Database database;

    @TempDir
    Path folder;

    private Records records;

    ProjectInsightsTest(OnDatabases.Maker maker) {
        database = maker.make();
    }

    @BeforeEach
    void open() {
        records = new Records(database, folder);
    }

    @AfterEach
    void close() {
        records.close();
    }

    /** Requested on day 0, in production on day 13, an alert on day 20, restored on day 25, a release that failed on day 32. */
    private void line() {
        records.projects.request(records.ana, Records.project("delays"));
        records.at(3);
        records.projects.approve(records.ben, "delays", "fine");
        records.at(5);
        records.run("delays", "r1", "");
        records.gate("delays", "r1", false);
        records.at(5.5);
        records.gate("delays", "r1", true);
        records.at(6);
        records.registered("delays", "delays/1", "r1");
        released("a", "1", "", 8, 12, 13);
        records.at(20);
        records.alert("raised", "delays", "x", "delays");
        records.at(22);
        records.note(
                Actor.SYSTEM,
                "alert.retraining-decided",
                Json.object().put("decision", "train"),
                "alert:x",
                "deployment:delays",
                "project:delays");
        records.run("delays", "r2", "alert:x");
        records.gate("delays", "r2", true);
        records.registered("delays", "delays/2", "r2");
        released("b", "2", "1", 23, 24, 25);
        records.registered("delays", "delays/3", "r2");
        String asked = asked("c", "3", 30);
        records.at(31);
        records.inbox.decide(records.ben, asked, true, "");
        records.deployment("canary-started", "delays", "delays", "3", "2");
        records.at(32);
        records.deployment("canary-abandoned", "delays", "delays", "3", "2");
        records.releaseIs("delays", "c", "delays/3", "rolled-back");
        records.at(40);
    }

    private String asked(String release, String version, double at) {
        records.at(at);
        return records.release("delays", release, "delays/" + version);
    }

    private void released(String release, String version, String before, double asked, double approved, double there) {
        String approval = asked(release, version, asked);
        records.at(approved);
        records.inbox.decide(records.ben, approval, true, "better");
        records.releaseIs("delays", release, "delays/" + version, "approved");
        records.at(approved + 1.0 / 24);
        records.deployment("staged", "delays", "delays", version, before);
        records.releaseIs("delays", release, "delays/" + version, "staged");
        records.deployment("canary-started", "delays", "delays", version, before);
        records.at(there);
        records.deployment("promoted", "delays", "delays", version, version);
        records.releaseIs("delays", release, "delays/" + version, "production");
    }

    private Report report(Scope scope) {
        return records.insights.report(records.ben, scope);
    }

    @Test
    void tellsTheLeadTimeByStageAndWhoWasWaitedFor() {
        line();
        Journey journey = report(Scope.ALL).projects().getFirst().journey();

        assertThat(journey.total()).contains((long) (13 * DAY));
        assertThat(journey.waits()).isEmpty();
        assertThat(journey.steps()).extracting(Journey.Step::milestone).containsExactly(Milestone.values());
        assertThat(journey.steps().stream().map(step -> step.took().orElse(-1L)).toList())
                .containsExactly(-1L, days(3), days(2), days(1), days(2), days(4), 3_600_000L, days(1) - 3_600_000L);
        assertThat(journey.steps().get(Milestone.RELEASE_APPROVED.ordinal()).waitedFor())
                .isEqualTo("an approver");
    }

    private static long days(int days) {
        return (long) (days * DAY);
    }

    @Test
    void countsDeliveryByHand() {
        line();
        Figures figures = report(Scope.ALL).figures();

        assertThat(figures.promotions()).isEqualTo(2);
        assertThat(figures.promotionsPerMonth()).isCloseTo(2 * 30 / 40.0, within(1e-6));
        assertThat(figures.releases()).isEqualTo(3);
        assertThat(figures.failedReleases()).isEqualTo(1);
        assertThat(figures.changeFailureRate().orElseThrow()).isCloseTo(1 / 3.0, within(1e-12));
        assertThat(figures.retrainings()).isEqualTo(1);
        assertThat(figures.openIncidents()).isZero();
        assertThat(figures.gates()).isEqualTo(2);
        assertThat(figures.gatesPassedFirst()).isEqualTo(1);
        assertThat(figures.loops())
                .as("a closed gate and a release rolled back")
                .isEqualTo(2);
        assertThat(figures.approved()).isEqualTo(1);
        assertThat(figures.successRate().orElseThrow()).isEqualTo(1);
        assertThat(figures.restore())
                .isEqualTo(new Spread(1, java.util.OptionalDouble.empty(), java.util.OptionalDouble.empty()));
        assertThat(Incident.of(Chronicle.byProject(records.chronicle.all()).get("delays")))
                .containsExactly(new Incident("delays", "alert:x", day(20), Optional.of(day(25))));
    }

    @Test
    void saysHowLongDecisionsTookAndWhoTookThem() {
        line();
        var row = report(Scope.ALL).projects().getFirst();

        assertThat(row.decisions())
                .extracting(waiting -> (double) waiting.took(day(40)) / DAY)
                .containsExactly(3.0, 4.0, 1.0, 1.0);
        assertThat(row.decisions()).extracting(Waiting::by).containsOnly(Optional.of("ben"));
        Spread waiting = row.figures().waiting();
        assertThat(waiting.n()).isEqualTo(4);
        assertThat(waiting.median().orElseThrow()).as("of 1, 1, 3 and 4 days").isEqualTo(2 * DAY);
        assertThat(waiting.p90()).as("four are too few").isEmpty();
    }

    @Test
    void cutsToAPeriodAndToMonths() {
        line();
        Report report = report(new Scope(Optional.empty(), Optional.empty(), Optional.of(day(21))));

        assertThat(report.figures().leadTime().n()).isZero();
        assertThat(report.figures().promotions()).isEqualTo(1);
        assertThat(report.figures().waiting().n()).isEqualTo(2);
        assertThat(report.figures().approved()).isZero();
        assertThat(report.figures().successRate()).isEmpty();
        var trends = report(Scope.ALL).trends();
        assertThat(trends).extracting(ProjectInsights.Trend::month).containsExactly("2026-01", "2026-02");
        assertThat(trends).extracting(trend -> trend.figures().promotions()).containsExactly(2, 0);
        assertThat(trends).extracting(trend -> trend.figures().failedReleases()).containsExactly(0, 1);
    }

    @Test
    void chargesServingByTheHour() {
        line();
        Money money = report(Scope.ALL).money();

        assertThat(money.servingSeconds()).as("from day 13 to day 40").isEqualTo(27 * DAY / 1000);
        assertThat(money.cost()).isCloseTo(27 * 24 * Rates.ASSUMED.servingHour(), within(1e-9));
        assertThat(money.value()).as("no file declares one").isEmpty();
        assertThat(money.roi()).isEmpty();
    }

    @Test
    void aProjectOnItsWaySaysWhoItWaitsFor() {
        records.projects.request(records.ana, Records.project("delays"));
        records.at(4);
        var row = report(Scope.ALL).projects().getFirst();

        assertThat(row.journey().total()).isEmpty();
        assertThat(row.journey().waits())
                .contains(new Journey.Wait(Milestone.APPROVED, "an approver", day(0), days(4) + 1));
        assertThat(row.figures().stillWaiting()).isEqualTo(1);
    }

    @Test
    void readsOnlyWhatIsNewTheNextTime() {
        line();
        int before = records.chronicle.all().size();
        assertThat(records.chronicle.all()).isSameAs(records.chronicle.all());
        records.run("delays", "r9", "");

        assertThat(records.chronicle.all()).hasSize(before + 1);
        assertThat(new Chronicle(records.ledger).all()).isEqualTo(records.chronicle.all());
    }

    @Test
    void findsDataThatTwoProjectsUse() {
        records.projects.request(records.ana, Records.project("delays"));
        records.projects.request(records.ana, Records.project("cancellations"));

        Reuse reuse = report(Scope.ALL).reuse();
        assertThat(reuse.shared())
                .containsExactly(new Reuse.Shared("dataset", "flights", List.of("cancellations", "delays")));
        assertThat(reuse.avoided()).isEqualTo(1);
        assertThat(report(new Scope(Optional.of("delays"), Optional.empty(), Optional.empty()))
                        .projects())
                .hasSize(1);
        assertThat(report(new Scope(Optional.empty(), Optional.of("ben"), Optional.empty()))
                        .projects())
                .as("members are known once the file is approved")
                .isEmpty();
    }

    @Test
    void tellsNothingToWhoMayReadNothing() {
        line();
        var stranger = new Actor("u-x", "eve", Actor.Kind.PERSON, true, Set.of(), Optional.empty());

        assertThatThrownBy(() -> records.insights.report(stranger, Scope.ALL)).isInstanceOf(Problem.Denied.class);
        assertThatThrownBy(() -> records.maturity.assess(stranger, Optional.of("delays"), Optional.empty()))
                .isInstanceOf(Problem.Denied.class);
    }
}

package org.millwright.insight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.millwright.insight.Records.day;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
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
import org.millwright.scoring.Frame;

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
        assertThat(Incident.of(records.chronicle
                        .stories()
                        .getOrDefault("delays", Story.NONE)
                        .events()))
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

    /** A model that came before its project did belongs to the project's story from its first day on. */
    @Test
    void aStoryIsTheSameReadAtOnceAndBitByBit() {
        records.note("model.version-registered", "model:early/1", "model:early");
        records.chronicle.catchUp();
        assertThat(records.chronicle.stories().keySet()).contains("");
        line();
        records.chronicle.catchUp();
        records.note("model.adopted", "model:early", "project:delays");
        var bitByBit = records.chronicle.stories();
        var atOnce = new Chronicle(records.ledger).stories();

        assertThat(bitByBit.keySet())
                .isEqualTo(atOnce.keySet())
                .contains("delays")
                .doesNotContain("");
        bitByBit.forEach((name, story) -> assertThat(story.events())
                .isEqualTo(atOnce.getOrDefault(name, Story.NONE).events()));
        Story story = bitByBit.getOrDefault("delays", Story.NONE);
        assertThat(story.about("model:early/1")).hasSize(1);
        assertThat(story.until(day(6)).events())
                .isEqualTo(story.events().stream()
                        .filter(event -> event.at() <= day(6))
                        .toList());
        assertThat(story.until(day(40))).isSameAs(story);
    }

    /**
     * Three projects, ana's "delays" and "fares" and mia's "weather": lead times 2, 4 and 9 days, so the middle is 4; the first
     * two declare 0.5 EUR an outcome.
     */
    @Test
    void countsByProjectOwnerAndOrganisationByHand() {
        way("delays", "ana", 0, 2);
        way("fares", "ana", 1, 5);
        way("weather", "mia", 2, 11);
        records.at(12);
        records.projects.request(records.ana, Records.project("late"));
        records.at(13);
        records.projects.approve(records.ben, "late", "fine");
        for (String each : List.of("delays", "fares", "weather")) {
            records.alert("raised", each, "a-" + each, each);
        }
        records.at(14);
        records.alert("resolved", "delays", "a-delays", "delays");
        records.at(15);
        records.alert("resolved", "fares", "a-fares", "fares");
        records.at(18);
        records.alert("resolved", "weather", "a-weather", "weather");
        records.note(
                Actor.SYSTEM,
                "deployment.retraining-decided",
                Json.object().put("decision", "train"),
                "deployment:fares",
                "project:fares");
        // Three hours of steps, one of them taken from an earlier run; a million predictions, 100 with an outcome.
        records.worked("delays", 20, 2, 1);
        records.predicted("fares", 16, 1_000_000, 100);
        records.at(30);

        Report all = report(Scope.ALL);
        Figures figures = all.figures();
        assertThat(figures.leadTime().n()).isEqualTo(3);
        assertThat(figures.leadTime().median()).hasValue(4 * DAY);
        assertThat(figures.promotions()).isEqualTo(3);
        assertThat(figures.promotionsPerMonth()).isCloseTo(3, within(1e-6));
        assertThat(figures.restore().median()).as("of 1, 2 and 5 days").hasValue(2 * DAY);
        assertThat(figures.retrainingsPerMonth()).isCloseTo(1, within(1e-6));
        assertThat(figures.approved()).isEqualTo(4);
        assertThat(figures.successRate()).as("three of four").hasValue(0.75);
        assertThat(all.reuse().avoided()).as("one set of data in four projects").isEqualTo(3);

        double serving = 24 * (28 + 25 + 19) * Rates.ASSUMED.servingHour();
        double cost = serving + 2 * Rates.ASSUMED.stepHour() + Rates.ASSUMED.millionPredictions();
        assertThat(all.money().stepSeconds()).isEqualTo(2 * 3600);
        assertThat(all.money().cost()).isCloseTo(cost, within(1e-9));
        assertThat(all.money().value()).as("100 outcomes at 0.5").hasValue(50);
        double declaring = cost - 24 * 19 * Rates.ASSUMED.servingHour();
        assertThat(all.money().roi().orElseThrow()).isCloseTo((50 - declaring) / declaring, within(1e-9));

        assertThat(all.teams())
                .extracting(team -> team.owner() + " " + team.projects() + " "
                        + team.figures().promotions() + " " + team.figures().reachedProduction())
                .containsExactly("ana 3 2 2", "mia 1 1 1");
        assertThat(all.teams().getFirst().money().value()).hasValue(50);
        assertThat(all.teams().getLast().money().value()).isEmpty();
        var ana = report(new Scope(Optional.empty(), Optional.of("ana"), Optional.empty()));
        assertThat(ana.figures().leadTime().n()).as("ana is a member of all").isEqualTo(3);
        var january = all.trends().getFirst();
        assertThat(january.month()).isEqualTo("2026-01");
        assertThat(january.money().value()).hasValue(50);
        assertThat(january.money().cost()).isCloseTo(cost, within(1e-9));

        Frame table = Exports.delivery(all);
        assertThat(column(table, "scope"))
                .containsExactly("all", "owner", "owner", "month", "project", "project", "project", "project");
        assertThat(table.doubles(table.position("lead_time_days"))[0]).isEqualTo(4);
        assertThat(table.doubles(table.position("success_rate"))[0]).isEqualTo(0.75);
        assertThat(table.doubles(table.position("roi"))[0])
                .isEqualTo(all.money().roi().orElseThrow());
        assertThat(table.doubles(table.position("used_again"))[0]).isEqualTo(3);
    }

    private static List<Object> column(Frame table, String name) {
        return IntStream.range(0, table.rows())
                .mapToObj(row -> table.value(table.position(name), row))
                .toList();
    }

    private void way(String project, String owner, double asked, double there) {
        records.at(asked);
        String file = Records.project(project).replace("owner: ana", "owner: " + owner);
        records.projects.request(
                records.ana, owner.equals("ana") ? file + "expected-value: {amount: 0.5, per: outcome}\n" : file);
        records.projects.approve(records.ben, project, "fine");
        records.at(there);
        records.deployment("promoted", project, project, "1", "1");
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

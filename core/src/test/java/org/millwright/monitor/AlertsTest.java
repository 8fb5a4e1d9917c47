package org.millwright.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.millwright.alert.Alert;
import org.millwright.alert.Clause;
import org.millwright.alert.Judgement;
import org.millwright.alert.Verdict;
import org.millwright.identity.Actor;
import org.millwright.kernel.Database;
import org.millwright.kernel.OnDatabases;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Entry;

@ParameterizedClass
@MethodSource("org.millwright.kernel.OnDatabases#each")
class AlertsTest {
    private final Database database;

    @TempDir
    Path folder;

    private Line line;

    AlertsTest(OnDatabases.Maker maker) {
        database = maker.make();
    }

    @BeforeEach
    void open() {
        line = new Line(database, folder);
    }

    @AfterEach
    void close() {
        line.monitor.close();
        database.close();
    }

    private List<Alert> all() {
        return line.alerts.list(Actor.SYSTEM, Optional.of(Line.DEPLOYMENT), Optional.of("delays"), false);
    }

    @Test
    void aBrokenWindowRaisesOneAlertThatTwoKeptWindowsEnd() {
        line.month("2013-08", "2013-09", "1", 0, 0);
        assertThat(all()).isEmpty();
        line.month("2013-09", "2013-10", "1", 0, 1);
        assertThat(all()).singleElement().satisfies(alert -> {
            assertThat(alert.state()).isEqualTo(Alert.State.OPEN);
            assertThat(alert.clause()).isEqualTo(Clause.PERFORMANCE);
            assertThat(alert.window().label()).isEqualTo("2013-09");
            assertThat(alert.measured()).isLessThan(0.2);
            assertThat(alert.threshold()).isEqualTo(0.2);
            assertThat(alert.n()).isEqualTo(400);
            assertThat(alert.assignee()).isEqualTo("mia");
            assertThat(alert.message()).contains("delays/1 in 2013-09: skill", "agreed at least 0.2");
        });
        line.month("2013-10", "2013-11", "1", 0, 1);
        line.month("2013-11", "2013-12", "2", 0, 0);
        assertThat(all()).singleElement().extracting(Alert::isOpen).isEqualTo(true);
        line.month("2013-12", "2014-01", "2", 0, 0);
        assertThat(all()).singleElement().satisfies(alert -> {
            assertThat(alert.state()).isEqualTo(Alert.State.RESOLVED);
            assertThat(alert.resolved().orElseThrow().note()).isEqualTo("kept in 2 windows in a row, up to 2013-12");
        });
        assertThat(line.actions())
                .filteredOn(action -> action.startsWith("alert."))
                .containsExactly("alert.raised", "alert.resolved");
        assertThat(line.actions()).filteredOn("window.judged"::equals).hasSize(10);
    }

    @Test
    void theRaisedEntryNamesAlertDeploymentAndModelVersion() {
        line.month("2013-09", "2013-10", "3", 0, 1);
        Entry raised = line.ledger.about("model:delays/3").stream()
                .filter(entry -> entry.action().equals("alert.raised"))
                .findFirst()
                .orElseThrow();
        assertThat(raised.subjects())
                .containsExactly(all().getFirst().ref(), "deployment:delays", "model:delays/3", "project:delays");
        assertThat(raised.details().path("clause").asText()).isEqualTo("performance");
        assertThat(raised.details().path("windowEnd").asLong()).isEqualTo(Line.time("2013-10"));
    }

    @Test
    void driftOfHalfTheColumnsIsAnAlertOfItsOwn() {
        line.month("2013-09", "2013-10", "1", 2, 0);
        assertThat(all()).singleElement().extracting(Alert::clause).isEqualTo(Clause.DRIFT);
        assertThat(line.judgements(Clause.DRIFT).getFirst().note())
                .isEqualTo("1 of 2 columns moved beyond psi 0.25 (agreed: less than 0.5 of them)");
    }

    @Test
    void judgingAgainAndAfterARestartRepeatsNothing() {
        line.month("2013-09", "2013-10", "1", 0, 1);
        List<String> before = line.actions();
        line.monitor.announce(line.ana, Line.DEPLOYMENT, Line.time("2013-10"));
        line.monitor.close();
        line.open(MonitorSettings.DEFAULT);
        line.monitor.announce(line.ana, Line.DEPLOYMENT, Line.time("2013-10"));
        assertThat(line.actions()).isEqualTo(before);
        assertThat(all()).hasSize(1);
    }

    @Test
    void acknowledgingAndResolvingAreRecordedOnce() {
        line.month("2013-09", "2013-10", "1", 0, 1);
        String id = all().getFirst().id();
        assertThatThrownBy(() -> line.alerts.acknowledge(line.ana, id, "mine")).isInstanceOf(Problem.Denied.class);
        assertThat(line.alerts.acknowledge(line.mia, id, "looking").state()).isEqualTo(Alert.State.ACKNOWLEDGED);
        line.alerts.acknowledge(line.mia, id, "again");
        assertThat(line.alerts
                        .get(Actor.SYSTEM, id)
                        .acknowledged()
                        .orElseThrow()
                        .note())
                .isEqualTo("looking");
        assertThatThrownBy(() -> line.alerts.resolve(line.mia, id, " ")).isInstanceOf(Problem.Invalid.class);
        line.alerts.resolve(line.mia, id, "the feed was broken");
        assertThatThrownBy(() -> line.alerts.resolve(line.mia, id, "again")).isInstanceOf(Problem.Conflict.class);
        assertThatThrownBy(() -> line.alerts.acknowledge(line.mia, id, "late")).isInstanceOf(Problem.Conflict.class);
        assertThat(line.actions())
                .filteredOn(action -> action.startsWith("alert."))
                .containsExactly("alert.raised", "alert.acknowledged", "alert.resolved");
        line.month("2013-10", "2013-11", "1", 0, 1);
        assertThat(line.alerts.list(Actor.SYSTEM, Optional.empty(), Optional.empty(), true))
                .hasSize(1);
    }

    @Test
    void severalClausesOfAKindHaveVerdictsAndAlertsOfTheirOwn() {
        line.agree("""
                apiVersion: millwright/v1
                kind: Agreement
                model: delays
                performance:
                  - {metric: skill, at-least: -5, min-labels: 100}
                  - {metric: rmse, at-most: 1.5, min-labels: 100}
                stop: {metric: rmse, above: 2.5, min-labels: 100}
                """);
        line.month("2013-08", "2013-09", "1", 0, 1);

        assertThat(all())
                .extracting(alert -> alert.clause().text())
                .containsExactlyInAnyOrder("performance:rmse", "stop:rmse");
        assertThat(line.judgements(Clause.PERFORMANCE).getFirst().verdict()).isEqualTo(Verdict.KEPT);
        Judgement rmse = line.judgements(Clause.of("performance:rmse")).getFirst();
        assertThat(rmse.measured()).isBetween(2.8, 3.5);
        assertThat(rmse.note()).startsWith("rmse 3.").contains("agreed at most 1.5, over 400 labels");
        line.month("2013-09", "2013-10", "1", 0, 0);
        line.month("2013-10", "2013-11", "1", 0, 0);
        assertThat(all()).noneMatch(Alert::isOpen);
    }
}

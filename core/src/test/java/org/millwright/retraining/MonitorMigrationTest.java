package org.millwright.retraining;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.alert.Alert;
import org.millwright.alert.Alerts;
import org.millwright.alert.Clause;
import org.millwright.alert.Judgement;
import org.millwright.alert.JudgementStore;
import org.millwright.alert.Verdict;
import org.millwright.identity.Actor;
import org.millwright.kernel.Database;
import org.millwright.kernel.Ids;
import org.millwright.ledger.TestLedger;
import org.millwright.project.Agreement;
import org.millwright.project.Projects;

/** A data folder from before agreements were files of their own is watched as before. */
class MonitorMigrationTest {
    private static final String PROJECT = """
            apiVersion: millwright/v1
            kind: Project
            name: delays
            purpose: Shows how a model was watched.
            owner: ana
            risk-tier: low
            data: []
            members: {ana: [data-scientist]}
            environment: {python: "3.11"}
            model: {task: regression, label: y}
            agreement:
              window: week
              performance: {metric: skill, at-least: 0.2, min-labels: 100}
              retrain: {pipeline: train, on: [performance], windows: {of: 2, broken: 1}, cool-down: 28d}
            """;

    @TempDir
    Path folder;

    @Test
    void keepsWhatWasAgreedJudgedRaisedAndDecided() throws SQLException {
        Path file = folder.resolve("old.db");
        before("jdbc:sqlite:" + file);
        try (Database database = Database.sqlite(file)) {
            var clock = Clock.systemUTC();
            var ids = new Ids(clock);
            var ledger = TestLedger.open(database, clock, ids, folder);
            var users = new org.millwright.identity.Users(database, ledger, clock, ids);
            Agreement agreement = new Projects(database, ledger, users, clock)
                    .agreement("delays")
                    .orElseThrow();
            assertThat(agreement.window()).isEqualTo("week");
            assertThat(agreement.performance().getFirst().limit().value()).isEqualTo(0.2);
            assertThat(agreement.retrain().orElseThrow().when().watches("performance"))
                    .isTrue();
            assertThat(agreement.investigate().who()).isEqualTo("ana");

            List<Alert> alerts = new Alerts(database, ledger, users.access(), clock, ids)
                    .list(Actor.SYSTEM, Optional.of("delays"), Optional.empty(), true);
            assertThat(alerts).singleElement().extracting(Alert::clause).isEqualTo(Clause.PERFORMANCE);
            assertThat(database.read(() -> new JudgementStore(database).leading("delays", Clause.PERFORMANCE, 5)))
                    .singleElement()
                    .extracting(Judgement::verdict)
                    .isEqualTo(Verdict.BROKEN);
            assertThat(database.read(() -> new RetrainingStore(database).of("delays")))
                    .singleElement()
                    .satisfies(decided -> {
                        assertThat(decided.alertId()).contains("a1");
                        assertThat(decided.decision()).isEqualTo("cool-down");
                    });
        }
    }

    @Test
    void alertsOfNoDeploymentSayWhatTheyAreAbout() throws SQLException {
        Path file = folder.resolve("labelled.db");
        String url = "jdbc:sqlite:" + file;
        migrate(url, "125");
        try (var connection = DriverManager.getConnection(url);
                var statement = connection.createStatement()) {
            for (String row : List.of(
                    "'1', 'policy calm', '', '', '', 'decision:policy:calm'",
                    "'2', 'project flights', 'flights', '', '', 'review'",
                    "'3', 'flights', 'flights', 'flights', '', 'decision:project:flights'",
                    "'4', 'delays', 'flights', 'delays', '', 'decision:agreement:delays'",
                    "'5', 'delays', 'flights', 'delays', '3', 'decision:approval:a1'",
                    "'6', 'delays', 'flights', 'delays', '3', 'drift'")) {
                String key = row.split("', '")[1] + "|" + row.substring(row.lastIndexOf(" '") + 2);
                statement.execute("insert into alert (id, deployment, project, model, version, clause, state, open_key,"
                        + " window_start, window_end, method, measured, threshold, row_count, message, assignee,"
                        + " raised_at) values (" + row + ", 'OPEN', '" + key + ", 0, 86400000, 'x', 0, 2, 0, 'why',"
                        + " 'ana', 5)");
            }
            statement.execute("insert into notification_delivery (id, channel_id, deployment, state, tries, due_at,"
                    + " created_at) values ('d1', 'c1', 'policy calm', 'FAILED', 1, 1, 1)");
            statement.execute("insert into notice values ('1', 'RAISED', 'c1', 'policy calm', 1, 0, 'd1')");
        }
        try (Database database = Database.sqlite(file)) {
            var clock = Clock.systemUTC();
            var ids = new Ids(clock);
            var ledger = TestLedger.open(database, clock, ids, folder);
            var users = new org.millwright.identity.Users(database, ledger, clock, ids);
            var alerts = new Alerts(database, ledger, users.access(), clock, ids);
            assertThat(alerts.list(Actor.SYSTEM, Optional.empty(), Optional.empty(), true))
                    .extracting(alert ->
                            String.join(" ", alert.id(), alert.subject().ref(), alert.deployment(), alert.model()))
                    .containsExactlyInAnyOrder(
                            "1 policy:calm  ",
                            "2 project:flights  ",
                            "3 project:flights  ",
                            "4 agreement:delays delays delays",
                            "5 model:delays/3 delays delays",
                            "6 deployment:delays delays delays");
            assertThat(database.read(() -> database.dsl()
                            .fetch("select notice.subject as a, notification_delivery.subject as b"
                                    + " from notice, notification_delivery")
                            .map(row -> row.get("a") + " " + row.get("b"))))
                    .containsExactly("policy:calm policy:calm");
            alerts.decisionEnds("policy:calm", "decided");
            alerts.doubtEnds(Clause.DRIFT, "delays", "kept");
            assertThat(alerts.list(Actor.SYSTEM, Optional.empty(), Optional.empty(), true))
                    .hasSize(4);
        }
    }

    private static void migrate(String url, String target) {
        Flyway.configure()
                .dataSource(url, null, null)
                .locations("classpath:db/migration")
                .placeholders(Map.of("autonumber", "", "clustered", "without rowid", "indexed", "val"))
                .target(target)
                .load()
                .migrate();
    }

    private static void before(String url) throws SQLException {
        migrate(url, "083");
        try (var connection = DriverManager.getConnection(url);
                var version = connection.prepareStatement(
                        "insert into project_version (project, digest, text, state, requested_by, requested_at)"
                                + " values ('delays', 'd1', ?, 'APPROVED', 'u1', 1)");
                var statement = connection.createStatement()) {
            version.setString(1, PROJECT);
            version.execute();
            statement.execute("insert into project (name, state, approved, created_at, changed_at)"
                    + " values ('delays', 'ACTIVE', 'd1', 1, 1)");
            statement.execute(
                    "insert into monitor_judgement values ('delays', '1', 0, 86400000, 'PERFORMANCE', 'BROKEN',"
                            + " 1, 'skill', 0.1, 0.2, 500, 'why', '{}', 5)");
            statement.execute("insert into alert (id, deployment, project, model, version, clause, state, open_key,"
                    + " window_start, window_end, method, measured, threshold, row_count, message, assignee, raised_at)"
                    + " values ('a1', 'delays', 'delays', 'delays', '1', 'PERFORMANCE', 'OPEN', 'delays|performance',"
                    + " 0, 86400000, 'skill', 0.1, 0.2, 500, 'broken', 'ana', 5)");
            statement.execute("insert into retraining (alert_id, data_end, deployment, decision, reason, decided_at)"
                    + " values ('a1', 86400000, 'delays', 'cool-down', 'too soon', 6)");
        }
    }
}

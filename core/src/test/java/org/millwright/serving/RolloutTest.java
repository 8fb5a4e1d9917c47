package org.millwright.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.millwright.serving.Await.await;

import java.sql.DriverManager;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.millwright.kernel.Database;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Entry;
import org.millwright.project.RolloutPlan;

class RolloutTest extends ServingLine {
    @Test
    void aShadowComparesThenStepsFollowEachOther() {
        begin("""
                steps:
                - {shadow: 100, min-requests: 30}
                - {traffic: 50, min-requests: 10, bake: 10m}
                - {traffic: 100, min-requests: 5}
                """);
        assertThat(deployments.version("delays", "2").stage()).isEqualTo(DeployedVersion.Stage.SHADOW);
        assertThat(send("shadowed", 30)).containsExactly("1");
        await(() -> trial().step() == 1);
        assertThat(deployments.version("delays", "2").stage()).isEqualTo(DeployedVersion.Stage.CANARY);

        assertThat(send("tried", 60)).containsExactlyInAnyOrder("1", "2");
        judge.turn();
        assertThat(trial().step()).isEqualTo(1);
        assertThatThrownBy(() -> deployments.promote(MIA, "delays")).hasMessageContaining("0 s of 10 min");
        pass(Duration.ofMinutes(10));
        judge.turn();
        assertThat(trial().step()).isEqualTo(2);

        send("all", 5);
        judge.turn();
        assertThat(deployments.get("delays").production()).contains("2");
        List<Entry> entries = ledger.about("model:delays/2");
        assertThat(entries)
                .extracting(Entry::action)
                .containsExactly(
                        "deployment.staged",
                        "deployment.canary-started",
                        "deployment.step-passed",
                        "deployment.step-passed",
                        "deployment.promoted");
        assertThat(entries.get(2)
                        .details()
                        .at("/passed/evidence/candidate/answered")
                        .asInt())
                .isEqualTo(30);
        assertThat(entries.get(3).details().path("percent").asInt()).isEqualTo(100);
    }

    @Test
    void aShadowSaysHowFarItIsFromWhatWasAnswered() {
        begin("{strategy: shadow, min-requests: 1000}");
        send("shadowed", 20);
        await(() -> scorer.shadowing("delays").orElseThrow().rows() == 20);
        Shadowing shadowing = scorer.shadowing("delays").orElseThrow();
        assertThat(shadowing.mean()).isZero();
        assertThat(shadowing.left()).isZero();
        assertThat(scorer.traffic("delays").get("2").total().answered()).isEqualTo(20);
    }

    @Test
    void whatNobodyCanCompareNeverPasses() {
        begin("{strategy: canary, traffic: 50, min-requests: 5, checks: {drift: 0.2, metric: {measure: mse}}}");
        send("tried", 100);
        pass(Duration.ofDays(365));
        judge.turn();
        assertThat(trial().step()).isZero();
        assertThatThrownBy(() -> deployments.promote(MIA, "delays"))
                .isInstanceOf(Problem.Refused.class)
                .hasMessageContaining("too few predictions to compare; 0 of 500 outcomes known");
    }

    @Test
    void aWorseVersionIsTakenBackWithTheEvidence() {
        deployments.compareBy((deployment, candidate, production, since, measure) ->
                Optional.of(CheckingTest.comparison(0.4, 2000, 2000, 5, 4.5, 5.5)));
        begin("{strategy: canary, traffic: 50, min-requests: 1000, checks: {metric: {measure: mse, margin: 0.1}}}");
        judge.turn();
        assertThat(deployments.get("delays").candidate()).isEmpty();
        assertThat(deployments.version("delays", "2").reason())
                .startsWith("mse 15.00, production 10.00 (difference 5.000");
        Entry last = ledger.about("model:delays/2").getLast();
        assertThat(last.action()).isEqualTo("deployment.canary-abandoned");
        assertThat(last.details().at("/evidence/comparison/outcomes/low").asDouble())
                .isEqualTo(4.5);
        assertThatThrownBy(() -> stage("2")).isInstanceOf(Problem.Conflict.class);
    }

    @Test
    void aStepThatDoesNotPassInTimeIsGivenUp() {
        begin("{strategy: canary, traffic: 1, min-requests: 1000, bake: 1h, give-up-after: 2d}");
        pass(Duration.ofHours(47));
        judge.turn();
        assertThat(trial().step()).isZero();
        pass(Duration.ofHours(1));
        judge.turn();
        assertThat(deployments.version("delays", "2").reason()).isEqualTo("it has not passed within 48 h");
    }

    @Test
    void aPlanIsChangedWhileItRunsAndBeginsAgain() {
        begin("{strategy: canary, traffic: 10, min-requests: 50}");
        begin("{strategy: canary, traffic: 10, min-requests: 50}");
        begin("{strategy: canary, traffic: 100, min-requests: 60}");
        assertThat(send("tried", 59)).containsExactly("2");
        assertThat(deployments.get("delays").production()).contains("1");
        send("last", 1);
        assertThat(deployments.get("delays").production()).contains("2");
        assertThat(ledger.about("model:delays/2"))
                .extracting(Entry::action)
                .containsExactly(
                        "deployment.staged",
                        "deployment.canary-started",
                        "deployment.plan-changed",
                        "deployment.promoted");
    }

    @Test
    void anAbTestEndsByAPersonsWord() {
        begin("{strategy: ab, min-requests: 10}");
        send("tried", 100);
        judge.turn();
        assertThat(deployments.get("delays").production()).contains("1");
        deployments.promote(MIA, "delays");
        assertThat(deployments.get("delays").production()).contains("2");
    }

    @Test
    void whatIsPlannedBeginsWhenItsTimeComesAlsoAfterARestart() {
        long at = now.get().plus(Duration.ofHours(3)).toEpochMilli();
        deployments.schedule(MIA, "delays", RolloutPlan.canary(50, 10), at);
        scorer.clear();
        restart();
        pass(Duration.ofMinutes(179));
        judge.turn();
        assertThat(deployments.get("delays").rollout()).isInstanceOf(Rollout.Staged.class);
        pass(Duration.ofMinutes(1));
        judge.turn();
        assertThat(trial().percent()).isEqualTo(50);
        scorer.clear();
        restart();
        assertThat(trial().plan()).isEqualTo(RolloutPlan.canary(50, 10));
        assertThat(send("tried", 60)).contains("2");
        assertThat(deployments.get("delays").production()).contains("2");
    }

    @Test
    void anEntityStaysWithOneVersionWhateverTheRequestIsCalled() {
        begin("{strategy: ab, sticky-by: carrier, min-requests: 1000000}");
        var versions = new HashSet<String>();
        for (int row = 0; row < 50; row++) {
            Set<String> met = new HashSet<>();
            for (String id : List.of("a", "b", "c", "d")) {
                met.add(score(id + row, row));
            }
            assertThat(met).hasSize(1);
            versions.addAll(met);
        }
        assertThat(versions).containsExactlyInAnyOrder("1", "2");
    }

    @Test
    void anOlderFolderKeepsItsCanary() throws Exception {
        String url = "jdbc:sqlite:" + folder.resolve("old.db");
        Flyway.configure()
                .dataSource(url, null, null)
                .locations("classpath:db/migration")
                .placeholders(java.util.Map.of("autonumber", "", "clustered", "without rowid", "indexed", "val"))
                .target("081")
                .load()
                .migrate();
        try (var connection = DriverManager.getConnection(url);
                var statement = connection.createStatement()) {
            String rest = ", 1, 7)";
            statement.execute("insert into deployment values ('a', 'p', 'm', '1', null, '2', 25, 300" + rest);
            statement.execute("insert into deployment values ('b', 'p', 'm', '1', null, '2', null, null" + rest);
            statement.execute("insert into deployment values ('c', 'p', 'm', '1', null, null, null, null" + rest);
        }
        try (var old = Database.sqlite(folder.resolve("old.db"))) {
            var store = new DeploymentStore(old);
            assertThat(old.read(store::all))
                    .extracting(Deployment::rollout)
                    .containsExactly(
                            new Rollout.Trial("2", RolloutPlan.canary(25, 300), 0, 7),
                            new Rollout.Staged("2"),
                            new Rollout.None());
        }
    }
}

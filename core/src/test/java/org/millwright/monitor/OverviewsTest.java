package org.millwright.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.millwright.alert.Clause;
import org.millwright.alert.Judgement;
import org.millwright.alert.Standing;
import org.millwright.alert.Verdict;
import org.millwright.drift.Distribution;
import org.millwright.drift.Drifted;
import org.millwright.identity.Actor;
import org.millwright.kernel.Database;
import org.millwright.kernel.OnDatabases;
import org.millwright.kernel.Problem;
import org.millwright.outcome.Label;
import org.millwright.outcome.Performance;
import org.millwright.retraining.Retraining;
import org.millwright.retraining.Retrainings;

@ParameterizedClass
@MethodSource("org.millwright.kernel.OnDatabases#each")
class OverviewsTest {
    private final Database database;

    @TempDir
    Path folder;

    private Line line;
    private Overviews overviews;

    OverviewsTest(OnDatabases.Maker maker) {
        database = maker.make();
    }

    @BeforeEach
    void open() {
        line = new Line(database, folder);
        overviews = new Overviews(database, line.projects, line.monitor, line.alerts);
    }

    @AfterEach
    void close() {
        line.monitor.close();
        database.close();
    }

    @Test
    void tellsOfWindowsClausesAndAlerts() {
        line.month("2013-08", "2013-09", "1", 0, 0);
        line.month("2013-09", "2013-10", "1", 0, 1);
        line.month("2013-10", "2013-11", "1", 0, 1);
        line.monitor.answered(line.scored(Line.rows("2013-11", 120, 0, 0), "1"));
        Overviews.Overview overview = overviews.of(Actor.SYSTEM, Line.DEPLOYMENT);
        assertThat(overview.standings())
                .extracting(
                        Standing::clause,
                        Standing::verdict,
                        standing -> standing.since().orElseThrow().label())
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(Clause.PERFORMANCE, Verdict.BROKEN, "2013-09"),
                        org.assertj.core.groups.Tuple.tuple(Clause.DRIFT, Verdict.KEPT, "2013-08"));
        assertThat(overview.windows())
                .extracting(period -> period.state().window().label(), Overviews.Period::closed)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("2013-08", true),
                        org.assertj.core.groups.Tuple.tuple("2013-09", true),
                        org.assertj.core.groups.Tuple.tuple("2013-10", true),
                        org.assertj.core.groups.Tuple.tuple("2013-11", false));
        assertThat(overview.windows().getFirst().performance().metric("skill").value())
                .isGreaterThan(0.5);
        assertThat(overview.windows().getLast().drift().orElseThrow().columns()).hasSize(2);
        assertThat(overview.alerts()).hasSize(1);
    }

    @Test
    void outcomesThatMovedAreTargetDrift() {
        line.month("2013-08", "2013-09", "1", 0, 0);
        line.month("2013-09", "2013-10", "1", 2, 0);
        assertThat(overviews.of(Actor.SYSTEM, Line.DEPLOYMENT).windows())
                .extracting(period -> period.drift()
                        .flatMap(Drifted::target)
                        .map(Drifted.Column::verdict)
                        .orElseThrow())
                .containsExactly(Verdict.KEPT, Verdict.BROKEN);
    }

    @Test
    void aCorrectedOutcomeChangesThePerformanceShownButNotTheVerdict() {
        line.month("2013-08", "2013-09", "1", 0, 0);
        Performance before =
                overviews.of(Actor.SYSTEM, Line.DEPLOYMENT).windows().getFirst().performance();
        line.labels.receive(line.ana, Line.DEPLOYMENT, List.of(new Label("2013-08-7", 1e6, Line.time("2014-01"))));
        Overviews.Period after =
                overviews.of(Actor.SYSTEM, Line.DEPLOYMENT).windows().getFirst();
        assertThat(after.performance().metric("rmse").value())
                .isGreaterThan(before.metric("rmse").value());
        assertThat(after.judgements()).extracting(Judgement::verdict).containsOnly(Verdict.KEPT);
    }

    @Test
    void distributionsAreSharesOverTheReferencesBins() {
        line.month("2013-08", "2013-09", "1", 1, 0);
        List<Distribution> all = overviews.distributions(Actor.SYSTEM, Line.DEPLOYMENT, "2013-08", "");
        assertThat(all).extracting(Distribution::column).containsExactly("x", "carrier", "prediction");
        for (Distribution distribution : all) {
            assertThat(distribution.bins()).hasSize(distribution.reference().length);
            assertThat(Arrays.stream(distribution.reference()).sum())
                    .isCloseTo(1, org.assertj.core.data.Offset.offset(1e-9));
            assertThat(Arrays.stream(distribution.current()).sum())
                    .isCloseTo(1, org.assertj.core.data.Offset.offset(1e-9));
        }
        Distribution x = all.getFirst();
        assertThat(Arrays.stream(x.reference()))
                .allSatisfy(share -> assertThat(share).isBetween(0.09, 0.11));
        assertThat(x.current()[9]).isGreaterThan(0.3);
        assertThat(x.bins().getFirst()).startsWith("≤ -1.");
        assertThatThrownBy(() -> overviews.distributions(Actor.SYSTEM, Line.DEPLOYMENT, "1999-01", ""))
                .isInstanceOf(Problem.NotFound.class);
    }

    private Optional<Retrainings.Question> question(String champion) {
        var around = new Retrainings.Surroundings(
                Optional.of(champion).filter(version -> !version.isEmpty()),
                line.clock.instant(),
                List.of(),
                Optional.empty(),
                List.of());
        return line.retrainings.questions("delays", Line.DEPLOYMENT, around).stream()
                .filter(question -> question.alert().isPresent())
                .findFirst();
    }

    @Test
    void theQuestionOfRetrainingIsAskedOnceForAWindow() {
        line.month("2013-08", "2013-09", "1", 0, 0);
        assertThat(question("")).isEmpty();
        line.month("2013-09", "2013-10", "1", 0, 1);
        var question = question("1").orElseThrow();
        assertThat(question("").orElseThrow().facts().champion()).isEqualTo("1");
        assertThat(question.facts().newLabels()).isEqualTo(800);
        assertThat(question.facts().lastDataEnd()).isEqualTo(Line.time("2013-06") - 1);
        assertThat(question.decide()).isInstanceOf(Retraining.Decision.Train.class);
        String event = question.alert().orElseThrow().ref();
        long end = question.dataEnd();
        line.retrainings.decided(Actor.SYSTEM, question, event, end, "hours", "at night only", Optional.empty());
        line.retrainings.decided(Actor.SYSTEM, question, event, end, "hours", "at night only", Optional.empty());
        line.retrainings.decided(Actor.SYSTEM, question, event, end, Retrainings.TRAIN, "why", Optional.of("r1"));
        line.retrainings.decided(Actor.SYSTEM, question, event, end, Retrainings.TRAIN, "why", Optional.of("r2"));
        line.retrainings.decided(Actor.SYSTEM, question, event, end, "hours", "at night only", Optional.empty());
        assertThat(line.retrainings.of(Actor.SYSTEM, Line.DEPLOYMENT))
                .singleElement()
                .extracting(Retrainings.Decided::run)
                .isEqualTo(Optional.of("r1"));
        assertThat(line.actions())
                .filteredOn("alert.retraining-decided"::equals)
                .hasSize(2);
        assertThat(question("1")).isEmpty();
        line.month("2013-10", "2013-11", "1", 0, 1);
        assertThat(question("1").orElseThrow().facts()).satisfies(facts -> {
            assertThat(facts.lastDataEnd()).isEqualTo(Line.time("2013-10"));
            assertThat(facts.newLabels()).isEqualTo(400);
            assertThat(facts.broken())
                    .singleElement()
                    .extracting(Retraining.Broken::trained)
                    .isEqualTo(1);
        });
    }
}

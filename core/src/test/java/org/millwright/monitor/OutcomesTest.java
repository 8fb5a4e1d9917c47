package org.millwright.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.millwright.monitor.LateFlights.AGREEMENT;
import static org.millwright.monitor.LateFlights.PROJECT;
import static org.millwright.monitor.LateFlights.answered;
import static org.millwright.monitor.LateFlights.labels;
import static org.millwright.monitor.LateFlights.named;
import static org.millwright.monitor.LateFlights.none;
import static org.millwright.monitor.LateFlights.period;
import static org.millwright.monitor.LateFlights.scored;
import static org.millwright.scoring.Oracles.doubles;
import static org.millwright.scoring.Oracles.ints;
import static org.millwright.scoring.Oracles.same;
import static org.millwright.scoring.Oracles.texts;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.millwright.alert.Clause;
import org.millwright.alert.Judgement;
import org.millwright.alert.Verdict;
import org.millwright.kernel.Database;
import org.millwright.kernel.OnDatabases;
import org.millwright.kernel.Problem;
import org.millwright.outcome.Bias;
import org.millwright.outcome.Label;
import org.millwright.outcome.Outcome;
import org.millwright.outcome.OutcomeStore;
import org.millwright.outcome.Performance;
import org.millwright.outcome.Scores;
import org.millwright.outcome.Task;
import org.millwright.scoring.Frame;
import org.millwright.scoring.Oracles;
import org.millwright.scoring.Vector;
import org.millwright.scoring.fairness.Disparities;
import org.millwright.scoring.fairness.Group;
import org.millwright.scoring.profile.Reference;
import org.millwright.serving.Scored;
import org.millwright.verdict.Retention;

/** Classes that were predicted and what came of them, held against what scikit-learn and fairlearn say of the same rows. */
@ParameterizedClass
@MethodSource("org.millwright.kernel.OnDatabases#each")
class OutcomesTest {
    private static final double TOLERANCE = 1e-9;
    private final Database database;

    @TempDir
    Path folder;

    private @Nullable Line line;

    OutcomesTest(OnDatabases.Maker maker) {
        database = maker.make();
    }

    @AfterEach
    void close() {
        if (line != null) {
            line.monitor.close();
        }
        database.close();
    }

    /** A version that names classes by texts and answers the probability of each, positive one first in their order. */
    private Line lateness() {
        return line(PROJECT, LateFlights.reference());
    }

    private Line line(String project, Reference reference) {
        var made = new Line(database, folder, project, reference);
        line = made;
        return made;
    }

    private static Performance performance(Line line, int window) {
        return line.monitor
                .measures()
                .performance(
                        line.monitor.watched(Line.DEPLOYMENT), line.windows().get(window));
    }

    private static void month(Line line, String period, String month) {
        List<Map<String, String>> rows = period(period);
        line.monitor.answered(scored(line, "1", answered(rows), none(rows.size()), period, month));
        line.monitor.settle(Line.DEPLOYMENT);
        line.labels.receive(line.ana, Line.DEPLOYMENT, labels(named(rows, "y_true"), period));
    }

    @Test
    void twoClassesAsScikitLearnAndFairlearnOverallAndBySegment() {
        Line line = lateness();
        line.agree(AGREEMENT);
        month(line, "reference", "2013-01");
        month(line, "analysis", "2013-07");
        JsonNode perf = Oracles.json("perf.json");
        List<String> periods = List.of("reference", "analysis");
        for (int i = 0; i < 2; i++) {
            Performance performance = performance(line, i);
            assertThat(performance.task()).isEqualTo(Task.BINARY);
            assertThat(performance.classes()).containsExactly("on time", "late");
            assertThat(performance.coverage()).isEqualTo(1);
            metrics(performance.overall(), perf.path("classification").path(periods.get(i)));
            JsonNode fair = Oracles.json("fairness.json").path("groups").path(periods.get(i) + "/origin");
            Bias bias = performance.bias(List.of("origin")).orElseThrow();
            Disparities all = Disparities.asFairlearn(bias.groups());
            same("ratio", all.demographicParityRatio(), fair.path("demographic_parity_ratio"), TOLERANCE);
            same("odds", all.equalizedOddsDifference(), fair.path("equalized_odds_difference"), TOLERANCE);
            for (Group group : bias.groups()) {
                JsonNode want = fair.path("by_group").path(group.name());
                same("selection", group.selectionRate().value(), want.path("selection_rate"), TOLERANCE);
                same("fpr", group.fpr().value(), want.path("fpr"), TOLERANCE);
            }
        }
        Performance first = performance(line, 0);
        perf.path("by_origin")
                .properties()
                .forEach(origin -> metrics(
                        first.segment(Map.of("origin", origin.getKey()))
                                .orElseThrow()
                                .scores(),
                        origin.getValue().path("classification")));
        assertThat(first.segment(Map.of("carrier", "HA")).orElseThrow().scores().note())
                .isEqualTo("only 6 outcomes (needed: 30)");
        assertThat(Performance.fromJson(first.toJson()).toJson()).isEqualTo(first.toJson());
    }

    private static void metrics(Scores scores, JsonNode want) {
        Map.of("accuracy", "accuracy", "recall", "recall", "precision", "precision", "mcc", "mcc", "f1", "f1")
                .forEach((ours, theirs) -> same(ours, scores.metric(ours).value(), want.path(theirs), TOLERANCE));
        Map.of(
                        "roc_auc",
                        "roc_auc",
                        "log_loss",
                        "log_loss",
                        "brier",
                        "brier",
                        "ks",
                        "ks_roc",
                        "pr_auc",
                        "pr_auc_trapezoid")
                .forEach((ours, theirs) -> {
                    same(ours, scores.metric(ours).value(), want.path(theirs), TOLERANCE);
                    assertThat(scores.metric(ours).low())
                            .isLessThan(scores.metric(ours).value());
                });
        assertThat(scores.n()).isEqualTo(want.path("n").asLong());
        assertThat(scores.metric("skill").value()).isPositive();
    }

    @Test
    void verdictsOnEveryClauseThatSpeaksOfOutcomes() {
        Line line = lateness();
        line.agree(AGREEMENT);
        month(line, "reference", "2013-01");
        List<Judgement> judged = line.monitor.announce(line.ana, Line.DEPLOYMENT, Line.time("2013-02"));
        assertThat(judged)
                .extracting(judgement ->
                        judgement.clause().text() + " " + judgement.verdict().text())
                .containsExactlyInAnyOrder(
                        "performance kept",
                        "performance:log_loss at-risk",
                        "performance:recall:origin=LGA broken",
                        "performance:accuracy:carrier=HA,origin=LGA insufficient",
                        "fairness:disparate_impact:origin broken",
                        "fairness:equal_opportunity_difference:origin kept",
                        "fairness:accuracy_difference:origin,carrier kept");
        assertThat(judged)
                .filteredOn(judgement -> judgement.clause().text().equals("fairness:disparate_impact:origin"))
                .singleElement()
                .satisfies(judgement -> {
                    assertThat(judgement.note())
                            .startsWith(
                                    "disparate_impact 0.5922 by origin, lowest LGA, highest EWR, agreed at least 0.8");
                    assertThat(judgement.n()).isEqualTo(5903);
                });
        assertThat(judged)
                .filteredOn(judgement -> judgement.clause().text().contains("recall"))
                .singleElement()
                .satisfies(judgement -> assertThat(judgement.note())
                        .startsWith("recall of origin=LGA 0.5041 (95 %: ")
                        .endsWith("agreed at least 0.55, over 1766 labels"));
    }

    @Test
    void moreClassesAsScikitLearn() {
        List<Map<String, String>> rows = Oracles.rows("multiclass_rows.csv.gz");
        Vector classes = new Vector.Strings(texts(rows, "y_true"));
        Frame inputs = Frame.of(rows.size()).doubles("x", doubles(rows, "EWR")).build();
        Line line = line(PROJECT.replace(", positive: late", ""), Reference.ofClasses(inputs, classes, classes, 0, 0));
        Frame answered = Frame.of(rows.size())
                .doubles("x", doubles(rows, "EWR"))
                .strings(Reference.OUTPUT, texts(rows, "y_pred"))
                .doubles(Scored.further(0), doubles(rows, "EWR"))
                .doubles(Scored.further(1), doubles(rows, "JFK"))
                .doubles(Scored.further(2), doubles(rows, "LGA"))
                .build();
        line.monitor.answered(scored(line, "1", answered, none(rows.size()), "m", "2013-01"));
        line.labels.receive(line.ana, Line.DEPLOYMENT, labels(texts(rows, "y_true"), "m"));
        Performance performance = performance(line, 0);
        JsonNode want = Oracles.json("perf.json").path("multiclass");
        assertThat(performance.task()).isEqualTo(Task.MULTICLASS);
        assertThat(performance.classes()).containsExactly("EWR", "JFK", "LGA");
        for (String metric : List.of("accuracy", "f1_macro", "f1_weighted", "log_loss")) {
            same(metric, performance.metric(metric).value(), want.path(metric), TOLERANCE);
        }
        same("roc_auc_ovr", performance.metric("roc_auc_ovr").value(), want.path("roc_auc_ovr_macro"), TOLERANCE);
        assertThat(performance.confusion().getFirst()).containsExactly(51L, 35L, 66L);
    }

    /** A probability alone is that of the second class; outcomes come as truth values, numbers or texts. */
    @Test
    void aProbabilityAloneDecidesAndOutcomesAreNamedAsTheLabels() {
        List<Map<String, String>> rows = period("reference").subList(0, 400);
        double[] probable = doubles(rows, "y_prob");
        Vector truth = new Vector.Longs(
                Arrays.stream(ints(rows, "y_true")).asLongStream().toArray());
        Frame inputs = Frame.of(400).doubles("x", probable).build();
        Line line =
                line(PROJECT.replace(", positive: late", ""), Reference.ofProbabilities(inputs, probable, truth, 0, 0));
        line.monitor.answered(scored(line, "1", inputs, probable, "p", "2013-01"));
        List<Label> labels = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            boolean late = rows.get(i).get("y_true").equals("1");
            Outcome outcome = i % 3 == 0
                    ? Outcome.of(late)
                    : i % 3 == 1 ? Outcome.of(late ? 1.0 : 0.0) : Outcome.of(late ? "1" : "0");
            labels.add(new Label("p" + i, outcome, 1_000));
        }
        Labels.Received received = line.labels.receive(line.ana, Line.DEPLOYMENT, labels);
        assertThat(received.joined()).isEqualTo(400);
        assertThat(received.unknownClasses()).isEmpty();
        Performance performance = performance(line, 0);
        long right = rows.stream()
                .filter(row -> row.get("y_true").equals(Double.parseDouble(row.get("y_prob")) > 0.5 ? "1" : "0"))
                .count();
        assertThat(performance.classes()).containsExactly("0", "1");
        assertThat(performance.metric("accuracy").value()).isEqualTo(right / 400.0);
        assertThat(performance.metric("roc_auc").value()).isBetween(0.5, 1.0);
    }

    @Test
    void classesThatNoVersionKnowsAreCountedAndSaidAndNeverPass() {
        Line line = lateness();
        line.agree(AGREEMENT);
        List<Map<String, String>> rows = period("reference").subList(0, 500);
        line.monitor.answered(scored(line, "1", answered(rows), none(500), "u", "2013-01"));
        String[] classes = named(rows, "y_true");
        Arrays.fill(classes, 0, 40, "cancelled");
        Labels.Received received = line.labels.receive(line.ana, Line.DEPLOYMENT, labels(classes, "u"));
        assertThat(received.unknownClasses()).containsExactly(Map.entry("cancelled", 40));
        assertThat(received.joined()).isEqualTo(500);
        Performance performance = performance(line, 0);
        assertThat(performance.n()).isEqualTo(460);
        assertThat(performance.unknownClasses()).containsExactly(Map.entry("cancelled", 40L));
        assertThat(line.monitor.announce(line.ana, Line.DEPLOYMENT, Line.time("2013-02")))
                .filteredOn(judgement -> judgement.clause().equals(Clause.PERFORMANCE))
                .singleElement()
                .satisfies(judgement -> {
                    assertThat(judgement.verdict()).isEqualTo(Verdict.INSUFFICIENT);
                    assertThat(judgement.note())
                            .isEqualTo("40 of 500 outcomes are of classes that the version does not know: cancelled");
                });
    }

    @Test
    void contradictionsDuplicatesAndMalformedOnesAreThoseOfNumbers() {
        Line line = lateness();
        List<Map<String, String>> rows = period("reference").subList(0, 50);
        line.monitor.answered(scored(line, "1", answered(rows), none(50), "c", "2013-01"));
        assertThat(send(line, label("c1", "late", 5)).joined()).isEqualTo(1);
        assertThat(send(line, label("c1", "late", 9)).duplicates()).isEqualTo(1);
        Labels.Received older = send(line, label("c1", "on time", 4));
        assertThat(older.contradictions()).containsExactly("c1");
        assertThat(outcome(line)).isEqualTo("late");
        send(line, label("c1", "on time", 6), label("new", "late", 1));
        assertThat(outcome(line)).isEqualTo("on time");
        assertThat(line.windows().getFirst().labels()).isEqualTo(1);
        assertThatThrownBy(() -> send(line, label("c2", "late", 1), label("c3", "", 1)))
                .isInstanceOf(Problem.Invalid.class)
                .hasMessage("label 1: value is a text of 0 characters (expected: the name of a class, 1 to 200)");
        assertThatThrownBy(() -> send(line, label("c2", "x".repeat(201), 1))).isInstanceOf(Problem.Invalid.class);
        assertThatThrownBy(() -> send(line, new Label("c2", Outcome.of(Double.NaN), 1)))
                .isInstanceOf(Problem.Invalid.class);
        assertThat(line.windows().getFirst().labels()).isEqualTo(1);
    }

    private static Labels.Received send(Line line, Label... labels) {
        return line.labels.receive(line.ana, Line.DEPLOYMENT, List.of(labels));
    }

    private static Label label(String id, String name, long time) {
        return new Label(id, Outcome.of(name), time);
    }

    private String outcome(Line line) {
        return database.read(() -> new OutcomeStore(database)
                .rows(Line.DEPLOYMENT, "1", 0, Long.MAX_VALUE, false)
                .outcome(0));
    }

    @Test
    void figuresOfClassesSegmentsAndBiasStayWhenSinglePredictionsGo() {
        Line line = lateness();
        line.agree(AGREEMENT);
        month(line, "reference", "2013-01");
        month(line, "analysis", "2013-02");
        line.monitor.announce(line.ana, Line.DEPLOYMENT, Line.time("2013-03"));
        JsonNode before = performance(line, 0).toJson();
        int gone = new Retention(database, line.monitor.measures(), 8_000).prune(line.monitor.watched(Line.DEPLOYMENT));
        assertThat(gone).isEqualTo(5903);
        line.open(MonitorSettings.DEFAULT);
        assertThat(performance(line, 0).toJson()).isEqualTo(before);
        assertThat(before.path("segments").findValuesAsText("value")).contains("LGA", "HA × JFK");
    }
}

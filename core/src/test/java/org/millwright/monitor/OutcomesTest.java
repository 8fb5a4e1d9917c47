package org.millwright.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
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
import org.millwright.kernel.Database;
import org.millwright.kernel.OnDatabases;
import org.millwright.kernel.Problem;
import org.millwright.project.RolloutPlan;
import org.millwright.scoring.DataType;
import org.millwright.scoring.Frame;
import org.millwright.scoring.Oracles;
import org.millwright.scoring.Vector;
import org.millwright.scoring.fairness.Disparities;
import org.millwright.scoring.fairness.Group;
import org.millwright.scoring.profile.Reference;
import org.millwright.serving.Evidence;
import org.millwright.serving.Scored;

/** Classes that were predicted and what came of them, held against what scikit-learn and fairlearn say of the same rows. */
@ParameterizedClass
@MethodSource("org.millwright.kernel.OnDatabases#each")
class OutcomesTest {
    private static final double TOLERANCE = 1e-9;
    private static final List<Map<String, String>> ROWS = Oracles.rows("perf_rows.csv.gz");
    private static final String PROJECT = Line.PROJECT.replace(
            "model: {task: regression, label: y}", "model: {task: classification, label: late, positive: late}");
    private static final String AGREEMENT = """
            apiVersion: millwright/v1
            kind: Agreement
            model: delays
            window: month
            estimate: false
            performance:
              - {metric: roc_auc, at-least: 0.85, min-labels: 100}
              - {metric: log_loss, at-most: 0.333, min-labels: 100}
              - {metric: recall, at-least: 0.55, min-labels: 100, segment: {origin: LGA}}
              - {metric: accuracy, at-least: 0.5, min-labels: 100, segment: {origin: LGA, carrier: HA}}
            fairness:
              - {by: [origin], measure: disparate_impact, at-least: 0.8}
              - {by: [origin], measure: equal_opportunity_difference, at-most: 0.2}
              - {by: [origin, carrier], measure: accuracy_difference, at-most: 0.5}
            investigate: mia
            """;

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

    private static List<Map<String, String>> period(String name) {
        return ROWS.stream().filter(row -> row.get("period").equals(name)).toList();
    }

    /** A version that names classes by texts and answers the probability of each, positive one first in their order. */
    private Line lateness() {
        List<Map<String, String>> training = period("reference");
        Frame inputs = Frame.of(training.size())
                .strings("origin", texts(training, "origin"))
                .strings("carrier", texts(training, "carrier"))
                .build();
        Vector classes = new Vector.Strings(named(training, "y_true"));
        return line(PROJECT, Reference.ofClasses(inputs, classes, classes, 0, 0));
    }

    private Line line(String project, Reference reference) {
        var made = new Line(database, folder, project, reference);
        line = made;
        return made;
    }

    private static String[] named(List<Map<String, String>> rows, String column) {
        return rows.stream()
                .map(row -> row.get(column).equals("1") ? "late" : "on time")
                .toArray(String[]::new);
    }

    private static String[] ids(int count, String prefix) {
        var ids = new String[count];
        Arrays.setAll(ids, i -> prefix + i);
        return ids;
    }

    private static long[] times(int count, String month) {
        var times = new long[count];
        Arrays.setAll(times, i -> Line.time(month) + i);
        return times;
    }

    private static Scored scored(
            Line line, String version, Frame inputs, double[] predictions, String prefix, String month) {
        int rows = inputs.rows();
        return new Scored(
                Line.DEPLOYMENT,
                "delays",
                "delays",
                version,
                line.clock.millis(),
                inputs,
                predictions,
                ids(rows, prefix),
                times(rows, month));
    }

    private static Frame answered(List<Map<String, String>> rows) {
        double[] late = doubles(rows, "y_prob");
        return Frame.of(rows.size())
                .strings("origin", texts(rows, "origin"))
                .strings("carrier", texts(rows, "carrier"))
                .strings(Reference.OUTPUT, named(rows, "y_pred"))
                .doubles(Scored.further(0), late)
                .doubles(Scored.further(1), Arrays.stream(late).map(p -> 1 - p).toArray())
                .build();
    }

    private static double[] none(int count) {
        var none = new double[count];
        Arrays.fill(none, Double.NaN);
        return none;
    }

    private static List<Labels.Label> labels(String[] classes, String prefix) {
        List<Labels.Label> labels = new ArrayList<>();
        for (int i = 0; i < classes.length; i++) {
            labels.add(new Labels.Label(prefix + i, Outcome.of(classes[i]), 1_000));
        }
        return labels;
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
        List<Labels.Label> labels = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            boolean late = rows.get(i).get("y_true").equals("1");
            Outcome outcome = i % 3 == 0
                    ? Outcome.of(late)
                    : i % 3 == 1 ? Outcome.of(late ? 1.0 : 0.0) : Outcome.of(late ? "1" : "0");
            labels.add(new Labels.Label("p" + i, outcome, 1_000));
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
        assertThatThrownBy(() -> send(line, new Labels.Label("c2", Outcome.of(Double.NaN), 1)))
                .isInstanceOf(Problem.Invalid.class);
        assertThat(line.windows().getFirst().labels()).isEqualTo(1);
    }

    private static Labels.Received send(Line line, Labels.Label... labels) {
        return line.labels.receive(line.ana, Line.DEPLOYMENT, List.of(labels));
    }

    private static Labels.Label label(String id, String name, long time) {
        return new Labels.Label(id, Outcome.of(name), time);
    }

    private String outcome(Line line) {
        return database.read(() -> new PredictionStore(database)
                .rows(Line.DEPLOYMENT, "1", line.windows().getFirst().window(), false)
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

    @Test
    void oddColumnsAndValuesAreSegmentsOfTheirOwn() {
        Line line = lateness();
        line.agree(AGREEMENT);
        int count = 120;
        var origin = new @Nullable String[count];
        Arrays.setAll(origin, i -> i < 60 ? null : "x".repeat(100));
        var late = new String[count];
        Arrays.fill(late, "late");
        Frame inputs = Frame.of(count)
                .column("origin", DataType.STRING, new Vector.Strings(origin))
                .strings(Reference.OUTPUT, late)
                .build();
        line.monitor.answered(scored(line, "1", inputs, none(count), "o", "2013-01"));
        line.labels.receive(line.ana, Line.DEPLOYMENT, labels(late, "o"));
        Performance performance = performance(line, 0);
        assertThat(performance.segments())
                .filteredOn(segment -> segment.by().equals(List.of("origin")))
                .extracting(Performance.Segment::value)
                .containsExactlyInAnyOrder("(missing)", "x".repeat(60) + "…");
        assertThat(performance.metric("accuracy").value()).isEqualTo(1);
        assertThat(performance.metric("roc_auc").value()).as("no probabilities").isNaN();
        assertThat(performance
                        .bias(List.of("origin"))
                        .orElseThrow()
                        .fairness()
                        .disparities()
                        .demographicParityRatio())
                .isEqualTo(1);
    }

    @Test
    void ofManySegmentsTheLargestAreMeasuredAndOutcomesMayComeFirst() {
        Line line = lateness();
        line.agree(AGREEMENT);
        int count = 3_000;
        var origin = new String[count];
        Arrays.setAll(origin, i -> i < 100 ? "EWR" : "o" + i);
        var late = new String[count];
        Arrays.setAll(late, i -> i % 2 == 0 ? "late" : "on time");
        Frame inputs = Frame.of(count)
                .strings("origin", origin)
                .strings(Reference.OUTPUT, late)
                .build();
        line.monitor.answered(scored(line, "1", inputs.slice(0, 1), none(1), "m", "2013-01"));
        Labels.Received received = line.labels.receive(line.ana, Line.DEPLOYMENT, labels(late, "m"));
        assertThat(received.pending()).isEqualTo(2_999);
        line.monitor.answered(scored(line, "1", inputs, none(count), "m", "2013-01"));
        line.monitor.settle(Line.DEPLOYMENT);
        assertThat(line.windows().getFirst().labels()).isEqualTo(count);
        Performance performance = performance(line, 0);
        assertThat(performance.metric("accuracy").value()).isEqualTo(1);
        List<Performance.Segment> origins = performance.segments().stream()
                .filter(segment -> segment.by().equals(List.of("origin")))
                .toList();
        assertThat(origins).hasSize(50);
        assertThat(origins.getFirst().scores().n()).isEqualTo(100);
        assertThat(origins.getLast().scores().note()).isEqualTo("only 1 outcomes (needed: 30)");
        Bias bias = performance.bias(List.of("origin")).orElseThrow();
        assertThat(bias.others()).isEqualTo(count - 100 - 49);
        assertThat(bias.fairness().verdict()).isEqualTo(org.millwright.scoring.fairness.Criterion.Verdict.INSUFFICIENT);
    }

    @Test
    void twoVersionsAreComparedByTheirErrors() {
        Line line = lateness();
        List<Map<String, String>> rows = period("reference").subList(0, 1_000);
        Frame good = answered(rows);
        var always = new String[1_000];
        Arrays.fill(always, "on time");
        Frame bad = Frame.of(1_000)
                .strings(Reference.OUTPUT, always)
                .doubles(Scored.further(0), new double[1_000])
                .doubles(
                        Scored.further(1),
                        Arrays.stream(new double[1_000]).map(p -> 1).toArray())
                .build();
        line.monitor.answered(scored(line, "1", good, none(1_000), "v", "2013-01"));
        line.monitor.answered(scored(line, "2", bad, none(1_000), "v", "2013-01"));
        line.labels.receive(line.ana, Line.DEPLOYMENT, labels(named(rows, "y_true"), "v"));
        Evidence.Outcomes errors = compare(line, RolloutPlan.Measure.MSE);
        assertThat(errors.measure()).isEqualTo(RolloutPlan.Measure.ERROR_RATE);
        assertThat(errors.paired()).isTrue();
        long late = rows.stream().filter(row -> row.get("y_true").equals("1")).count();
        long wrong = rows.stream()
                .filter(row -> !row.get("y_true").equals(row.get("y_pred")))
                .count();
        assertThat(errors.candidate()).isCloseTo(late / 1000.0, within(1e-12));
        assertThat(errors.production()).isCloseTo(wrong / 1000.0, within(1e-12));
        assertThat(errors.low()).isPositive();
        Evidence.Outcomes loss = compare(line, RolloutPlan.Measure.LOG_LOSS);
        assertThat(loss.candidate()).isGreaterThan(loss.production());
        Evidence.Outcomes outcome = compare(line, RolloutPlan.Measure.OUTCOME);
        assertThat(outcome.production()).isCloseTo(late / 1000.0, within(1e-12));
    }

    private Evidence.Outcomes compare(Line line, RolloutPlan.Measure measure) {
        return new Versus(database, line.monitor, line.clock)
                .compare(Line.DEPLOYMENT, "2", "1", line.clock.millis(), measure)
                .flatMap(Evidence.Comparison::outcomes)
                .orElseThrow();
    }
}

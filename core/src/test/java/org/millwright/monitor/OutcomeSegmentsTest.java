package org.millwright.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.millwright.monitor.LateFlights.AGREEMENT;
import static org.millwright.monitor.LateFlights.PROJECT;
import static org.millwright.monitor.LateFlights.answered;
import static org.millwright.monitor.LateFlights.labels;
import static org.millwright.monitor.LateFlights.named;
import static org.millwright.monitor.LateFlights.none;
import static org.millwright.monitor.LateFlights.period;
import static org.millwright.monitor.LateFlights.scored;

import java.nio.file.Path;
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
import org.millwright.outcome.Bias;
import org.millwright.outcome.Performance;
import org.millwright.project.RolloutPlan;
import org.millwright.scoring.DataType;
import org.millwright.scoring.Frame;
import org.millwright.scoring.Vector;
import org.millwright.scoring.profile.Reference;
import org.millwright.serving.Evidence;
import org.millwright.serving.Scored;

/** Odd segments, and two versions side by side. */
@ParameterizedClass
@MethodSource("org.millwright.kernel.OnDatabases#each")
class OutcomeSegmentsTest {
    private final Database database;

    @TempDir
    Path folder;

    private @Nullable Line line;

    OutcomeSegmentsTest(OnDatabases.Maker maker) {
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
        var made = new Line(database, folder, PROJECT, LateFlights.reference());
        line = made;
        return made;
    }

    private static Performance performance(Line line, int window) {
        return line.monitor
                .measures()
                .performance(
                        line.monitor.watched(Line.DEPLOYMENT), line.windows().get(window));
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
    void errorsOfAQuantityAreComparedBetweenGroups() {
        var line = new Line(database, folder);
        this.line = line;
        line.agree(Line.AGREEMENT + "fairness: {by: carrier, measure: mean_error_difference, at-most: 1}\n");
        var clause = Clause.of("fairness:mean_error_difference:carrier");
        line.month("2013-07", "2013-08", "1", 0, 0);
        assertThat(line.judgements(clause)).extracting(Judgement::verdict).containsExactly(Verdict.KEPT);
        Line.Rows rows = Line.rows("2013-08", 400, 0, 0);
        for (int i = 0; i < rows.outcomes().length; i++) {
            rows.outcomes()[i] += "c0".equals(rows.inputs().value(1, i)) ? 3 : 0;
        }
        line.monitor.answered(line.scored(rows, "1"));
        line.labels.receive(line.ana, Line.DEPLOYMENT, Line.labels(rows));
        line.monitor.announce(line.ana, Line.DEPLOYMENT, Line.time("2013-09"));
        Judgement broken = line.judgements(clause).getLast();
        assertThat(broken.verdict()).isEqualTo(Verdict.BROKEN);
        assertThat(broken.note()).contains("by carrier, lowest c0, highest c").contains("agreed at most 1");
        Bias stored = performance(line, 1).bias(List.of("carrier")).orElseThrow();
        assertThat(Performance.fromJson(performance(line, 1).toJson()).bias(List.of("carrier")))
                .contains(stored);
        assertThat(stored.gaps().judged()).hasSizeGreaterThan(3);
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

package org.millwright.scoring.performance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.millwright.scoring.Oracles.doubles;
import static org.millwright.scoring.Oracles.ints;
import static org.millwright.scoring.Oracles.texts;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.millwright.scoring.Frame;
import org.millwright.scoring.Oracles;
import org.millwright.scoring.Vector;
import org.millwright.scoring.profile.Envelope;
import org.millwright.scoring.profile.Profile;
import org.millwright.scoring.profile.Reference;

/** Estimates from profiles of windows: against NannyML from raw rows, whatever number of replicas saw them. */
class EstimatorTest {
    private static final List<Map<String, String>> ROWS = Oracles.rows("perf_rows.csv.gz");

    private static List<Map<String, String>> of(String period) {
        return ROWS.stream().filter(row -> row.get("period").equals(period)).toList();
    }

    private static Frame inputs(List<Map<String, String>> rows) {
        return Frame.of(rows.size())
                .doubles("hour", doubles(rows, "hour"))
                .doubles("distance", doubles(rows, "distance"))
                .strings("origin", texts(rows, "origin"))
                .strings("carrier", texts(rows, "carrier"))
                .build();
    }

    private static int[] order(int rows) {
        return IntStream.range(0, rows).toArray();
    }

    /** A window that several replicas saw a part of each, their profiles sent as JSON and merged. */
    private static Profile merged(Reference reference, Frame inputs, double[] predictions, int replicas) {
        Profile all = reference.window();
        for (int r = 0; r < replicas; r++) {
            int from = inputs.rows() * r / replicas;
            int to = inputs.rows() * (r + 1) / replicas;
            Profile part = reference.window();
            double[] own = Arrays.copyOfRange(predictions, from, to);
            part.update(inputs.slice(from, to));
            RowSignals.of(reference).update(part, inputs.slice(from, to), place -> own);
            all.merge(Profile.fromJson(part.toJson()));
        }
        return all;
    }

    @Test
    void lossesOfFlightsWithin15PercentOfNannymlFromMergedProfiles() {
        List<Map<String, String>> known = of("reference");
        List<Map<String, String>> analysis = of("analysis");
        double[] truth = doubles(known, "r_true");
        double[] predicted = doubles(known, "r_pred");
        var fitted = LossEstimator.fit(inputs(known), truth, predicted, 12, order(known.size()));
        Reference reference = Reference.of(inputs(known), predicted, truth, 0, 0)
                .with(java.util.Optional.of(fitted.toJson()), Map.of());
        Reference sent = Reference.fromJson(reference.toJson());
        Estimator estimator = Estimator.of(sent).orElseThrow();
        assertThat(reference.estimator().orElseThrow().length()).as("bounded").isLessThan(60_000);
        JsonNode chunks = Oracles.json("perf.json").path("dle").path("chunks");
        List<Chunk> parts = Chunk.withRest(analysis.size(), 5);
        for (int i = 0; i < 5; i++) {
            List<Map<String, String>> rows =
                    analysis.subList(parts.get(i).from(), parts.get(i).to());
            Profile one = merged(sent, inputs(rows), doubles(rows, "r_pred"), 1);
            Profile many = merged(sent, inputs(rows), doubles(rows, "r_pred"), 7);
            var estimates = estimator.estimate(many).orElseThrow();
            assertThat(estimates.rows()).isEqualTo(rows.size());
            assertThat(estimates).isEqualTo(estimator.estimate(one).orElseThrow());
            for (String metric : List.of("mae", "rmse")) {
                double want = chunks.path(i).path(metric).asDouble();
                assertThat(estimates.metrics().get(metric).value()).isCloseTo(want, within(0.15 * want));
            }
            Estimated skill = estimates.metrics().get("skill");
            assertThat(skill.value()).isBetween(0.0, 0.9);
            assertThat(skill.low()).isLessThan(skill.value());
        }
    }

    @Test
    void confidenceOfFlightsAsNannymlFromMergedProfiles() {
        List<Map<String, String>> known = of("reference");
        List<Map<String, String>> analysis = of("analysis");
        boolean[] truth = flags(ints(known, "y_true"));
        boolean[] predicted = flags(ints(known, "y_pred"));
        double[] scores = doubles(known, "y_prob");
        var fitted = ProbabilityEstimator.fit(truth, scores, order(known.size()), 0);
        Reference reference = Reference.of(inputs(known), scores, doubles(known, "y_true"), 0, 0)
                .with(java.util.Optional.of(fitted.toJson()), Map.of());
        Cbpe raw = Cbpe.fit(truth, half(scores), scores, Chunk.merged(known.size(), 10));
        assertThat(predicted).isEqualTo(half(scores));
        double[] now = doubles(analysis, "y_prob");
        Map<String, Estimated> want = raw.estimate(half(now), now);
        Profile window = merged(reference, inputs(analysis), now, 5);
        Map<String, Estimated> got = Estimator.of(reference)
                .orElseThrow()
                .estimate(window)
                .orElseThrow()
                .metrics();
        assertThat(got.keySet()).isEqualTo(want.keySet());
        want.forEach((metric, estimated) -> {
            double tolerance = metric.equals("roc_auc") || metric.equals("average_precision") ? 0.01 : 1e-3;
            assertThat(got.get(metric).value()).as(metric).isCloseTo(estimated.value(), within(tolerance));
            assertThat(got.get(metric).samplingError()).isCloseTo(estimated.samplingError(), within(1e-9));
            assertThat(got.get(metric).limits().lower())
                    .isCloseTo(estimated.limits().lower(), within(1e-9));
        });
    }

    private static boolean[] flags(int[] values) {
        boolean[] flags = new boolean[values.length];
        for (int i = 0; i < flags.length; i++) {
            flags[i] = values[i] == 1;
        }
        return flags;
    }

    private static boolean[] half(double[] scores) {
        boolean[] flags = new boolean[scores.length];
        for (int i = 0; i < flags.length; i++) {
            flags[i] = scores[i] >= 0.5;
        }
        return flags;
    }

    /** Rows whose error is four times as large where {@code kind} is hard, and twice as large beyond a distance of 1,000. */
    private static Frame drawn(Random random, int rows, double hard, double[] truth, double[] predicted) {
        String[] kind = new String[rows];
        double[] distance = new double[rows];
        for (int i = 0; i < rows; i++) {
            boolean isHard = random.nextDouble() < hard;
            kind[i] = isHard ? "hard" : "easy";
            distance[i] = random.nextDouble() * 2_000;
            predicted[i] = random.nextGaussian();
            truth[i] = predicted[i] + random.nextGaussian() * (isHard ? 4 : 1) * (distance[i] > 1_000 ? 2 : 1);
        }
        return Frame.of(rows)
                .strings("kind", kind)
                .doubles("distance", distance)
                .build();
    }

    @Test
    void aWindowOfHarderRowsAlarmsAndNamesTheColumnAndTheRows() {
        double[] truth = new double[20_000];
        double[] predicted = new double[20_000];
        Frame inputs = drawn(new Random(1), 20_000, 0.2, truth, predicted);
        var estimator = LossEstimator.fit(inputs, truth, predicted, 0, order(20_000));
        double[] truthNow = new double[4_000];
        double[] now = new double[4_000];
        Frame harder = drawn(new Random(2), 4_000, 0.8, truthNow, now);
        Profile window = new Profile(List.of());
        estimator.update(window, harder, place -> now);

        Estimated mae = estimator.estimate(window).orElseThrow().metrics().get("mae");
        double realised = IntStream.range(0, 4_000)
                .mapToDouble(i -> Math.abs(truthNow[i] - now[i]))
                .average()
                .orElseThrow();
        assertThat(mae.value()).isCloseTo(realised, within(0.05 * realised));
        assertThat(mae.signal()).isEqualTo(Estimated.Signal.ALERT);
        ErrorChange change = estimator.change(window);
        assertThat(change.now()).isCloseTo(mae.value(), within(1e-9));
        assertThat(change.columns().stream()
                        .mapToDouble(ErrorChange.Column::change)
                        .sum())
                .isCloseTo(change.now() - change.before(), within(1e-9));
        assertThat(change.segments().stream()
                        .mapToDouble(ErrorChange.Segment::change)
                        .sum())
                .isCloseTo(change.now() - change.before(), within(1e-9));
        assertThat(change.columns().get(0).name()).isEqualTo("kind");
        assertThat(change.segments().get(0).where()).contains("kind is ").contains("distance > ");
        assertThat(change.segments().get(0).shareNow())
                .isGreaterThan(change.segments().get(0).shareBefore());
    }

    /** The false alarms of one metric on windows without any change: 0.27 % is what the limits are made for. */
    @Test
    void windowsWithoutChangeSeldomAlarmEvenWithFewChunks() {
        var random = new Random(5);
        int alarms = 0;
        int byThreeDeviations = 0;
        for (int trial = 0; trial < 2_000; trial++) {
            double[] chunks = random.doubles(5).map(x -> random.nextGaussian()).toArray();
            Limits limits = Limits.of(chunks, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
            double next = random.nextGaussian();
            alarms += next < limits.least() || next > limits.most() ? 1 : 0;
            byThreeDeviations += limits.holds(next) ? 0 : 1;
        }
        assertThat(alarms).isLessThan(15);
        assertThat(byThreeDeviations)
                .as("what three deviations of five chunks would do")
                .isGreaterThan(100);
        assertThat(Limits.of(new double[] {1, 2, 3, 4}, 0, 9).areKnown()).isFalse();
    }

    @Test
    void whatLiesOutsideOfTrainingIsCountedByRowAndByColumn() {
        Frame trained = Frame.of(3)
                .doubles("x", new double[] {0, 1, 2})
                .strings("c", new String[] {"a", "b", null})
                .longs("n", new long[] {1, 2, 3})
                .build();
        Reference reference = Reference.of(trained, new double[3], new double[3], 0, 0);
        Frame now = Frame.of(5)
                .doubles("x", new double[] {0.5, Double.NaN, 3, Double.POSITIVE_INFINITY, 1})
                .strings("c", new String[] {"a", null, "z", "b", "a"})
                .strings("n", new String[] {"1", "2", "3", "4", "5"})
                .build();
        Profile window = reference.window();
        RowSignals.of(reference).update(window, now, place -> new double[5]);
        Envelope.Outside outside = Envelope.outside(Profile.fromJson(window.toJson()));
        assertThat(outside.rows()).isEqualTo(5);
        assertThat(outside.outside()).isEqualTo(2);
        assertThat(outside.columns()).isEqualTo(Map.of("x", 2L, "c", 1L));
        assertThat(window.rows()).isZero();
        assertThat(Envelope.outside(reference.window()).share()).isNaN();
    }

    @Test
    void aVersionKnowsItsDerivedColumnsAndNoOthers() {
        Frame trained = Frame.of(3).doubles("x", new double[] {0, 1, 2}).build();
        Reference reference = Reference.of(trained, new double[3], new double[3], 0, 0);
        RowSignals signals = RowSignals.of(reference);
        Profile window = reference.window();
        signals.update(window, trained, place -> new double[3]);
        assertThat(window.columns())
                .filteredOn(column -> Profile.isDerived(column.name()))
                .isNotEmpty()
                .allMatch(column -> signals.knows(column.name()));
        assertThat(signals.knows(Profile.derivedName("leaf of absolute error"))).isFalse();
        assertThat(signals.knows("x")).isFalse();
    }

    @Test
    void aProfileMadeBeforeThereWereSignalsMergesWithANewOne() {
        Frame trained = Frame.of(3).doubles("x", new double[] {0, 1, 2}).build();
        Reference reference = Reference.of(trained, new double[3], new double[3], 0, 0);
        Profile old = reference.window();
        old.update(trained);
        Profile fresh = reference.window();
        fresh.update(trained);
        RowSignals.of(reference).update(fresh, trained, place -> new double[3]);
        old.merge(fresh);
        fresh.merge(reference.window());
        assertThat(old.rows()).isEqualTo(6);
        assertThat(Envelope.outside(old).rows()).isEqualTo(3);
        assertThatThrownBy(() -> old.merge(new Profile(List.of()))).hasMessageContaining("differ in columns");
    }

    @Test
    void whatIsNoEstimatorIsRefused() {
        for (String text : List.of(
                "{}",
                "[",
                "{\"method\":\"oracle\"}",
                "{\"method\":\"dle\"}",
                "{\"method\":\"dle\",\"trees\":{\"ABSOLUTE\":[{\"value\":1,\"column\":\"x\",\"left\":0,\"right\":0}]},"
                        + "\"squares\":[1]}",
                "{\"method\":\"cbpe\",\"metrics\":{\"luck\":{}}}",
                "{\"method\":\"cbpe\",\"x\":[1,2],\"y\":[1]}")) {
            assertThatThrownBy(() -> Estimator.fromJson(text)).isInstanceOf(IllegalArgumentException.class);
        }
        Profile window = new Profile(List.of());
        window.derived("leaf of absolute error").update(new Vector.Doubles(new double[] {-1, 900, Double.NaN}));
        String bare = "{\"method\":\"dle\",\"trees\":{\"ABSOLUTE\":[{\"value\":1}]},\"squares\":[1]}";
        assertThat(Estimator.fromJson(bare).estimate(window).orElseThrow().metrics())
                .isEmpty();
    }
}

package org.millwright.scoring.performance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.millwright.scoring.Oracles.doubles;
import static org.millwright.scoring.Oracles.ints;
import static org.millwright.scoring.Oracles.same;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.millwright.scoring.Frame;
import org.millwright.scoring.Oracles;
import org.millwright.scoring.profile.ColumnProfile;
import org.millwright.scoring.profile.Profile;
import org.millwright.scoring.profile.Reference;

/** Estimated performance against NannyML, and against what turned out. */
class CbpeTest {
    private static final JsonNode PERF = Oracles.json("perf.json");
    private static final List<Map<String, String>> ROWS = Oracles.rows("perf_rows.csv.gz");
    private static final double TOLERANCE = 1e-6;

    /** Scores and classes of a period. */
    private record Period(boolean[] truth, boolean[] predicted, double[] scores) {
        static Period of(String name) {
            List<Map<String, String>> rows =
                    ROWS.stream().filter(row -> row.get("period").equals(name)).toList();
            return new Period(flags(ints(rows, "y_true")), flags(ints(rows, "y_pred")), doubles(rows, "y_prob"));
        }

        Map<String, Estimated> estimate(Cbpe cbpe, int from, int to) {
            return cbpe.estimate(Arrays.copyOfRange(predicted, from, to), Arrays.copyOfRange(scores, from, to));
        }
    }

    private static boolean[] flags(int[] values) {
        boolean[] flags = new boolean[values.length];
        for (int i = 0; i < flags.length; i++) {
            flags[i] = values[i] == 1;
        }
        return flags;
    }

    @Test
    void chunksOfFlightsAsNannyml() {
        Period reference = Period.of("reference");
        Period analysis = Period.of("analysis");
        Cbpe cbpe = Cbpe.fit(
                reference.truth(),
                reference.predicted(),
                reference.scores(),
                Chunk.withRest(reference.scores().length, 5));
        JsonNode want = PERF.path("cbpe");
        Isotonic isotonic = cbpe.isotonic().orElseThrow();
        assertThat(isotonic.x()).containsExactly(doubles(want.path("isotonic").path("x")), within(1e-12));
        assertThat(isotonic.y()).containsExactly(doubles(want.path("isotonic").path("y")), within(1e-12));
        int seen = 0;
        for (JsonNode chunk : want.path("chunks")) {
            Period period = chunk.path("period").asText().equals("reference") ? reference : analysis;
            Map<String, Estimated> got = period.estimate(
                    cbpe, chunk.path("start").asInt(), chunk.path("end").asInt() + 1);
            got.forEach((metric, estimated) -> compare(metric, estimated, chunk.path(metric)));
            seen += got.size();
        }
        assertThat(seen).isEqualTo(12 * 7);
    }

    private static void compare(String metric, Estimated got, JsonNode want) {
        same(metric, got.value(), want.path("value"), TOLERANCE);
        same(metric, got.limits().lower(), want.path("lower_threshold"), TOLERANCE);
        same(metric, got.limits().upper(), want.path("upper_threshold"), TOLERANCE);
        assertThat(got.alert()).as(metric).isEqualTo(want.path("alert").asBoolean());
        if (metric.equals("average_precision")) {
            // NannyML draws it anew at each run.
            same(metric, got.samplingError(), want.path("sampling_error"), 0.4);
            return;
        }
        // Equal scores have no order of their own in NannyML.
        double tolerance = metric.equals("roc_auc") ? 1e-3 : TOLERANCE;
        same(metric, got.samplingError(), want.path("sampling_error"), tolerance);
        same(metric, got.low(), want.path("lower_confidence_boundary"), tolerance);
        same(metric, got.high(), want.path("upper_confidence_boundary"), tolerance);
    }

    @Test
    void theFormulasAsNannyml() {
        JsonNode want = PERF.path("cbpe_formula");
        double[] p = doubles(want.path("calibrated_prob"));
        var expected = new ExpectedMetrics(
                p,
                flags(Arrays.stream(doubles(want.path("y_pred")))
                        .mapToInt(v -> (int) v)
                        .toArray()));
        for (BinaryMetric metric : BinaryMetric.values()) {
            same(metric.text(), metric.of(expected, doubles(want.path("raw_score"))), want.path(metric.text()), 1e-9);
        }
    }

    @Test
    void chunksOfThreeClassesAsNannyml() {
        List<Map<String, String>> rows = Oracles.rows("multiclass_cbpe_rows.csv.gz");
        Classes reference = Classes.of(rows, "reference");
        Classes analysis = Classes.of(rows, "analysis");
        CbpeMulticlass cbpe = CbpeMulticlass.fit(
                reference.truth(),
                reference.predicted(),
                reference.probabilities(),
                Chunk.withRest(reference.truth().length, 5));
        int seen = 0;
        for (JsonNode chunk : Oracles.json("multiclass_cbpe.json").path("chunks")) {
            Classes period = chunk.path("period").asText().equals("reference") ? reference : analysis;
            Map<String, Estimated> got = period.estimate(
                    cbpe, chunk.path("start").asInt(), chunk.path("end").asInt() + 1);
            got.forEach((metric, estimated) -> compare(metric, estimated, chunk.path(metric)));
            seen += got.size();
        }
        assertThat(seen).isEqualTo(11 * 6);
    }

    @Test
    void threeClassesAreEstimatedAsTheyTurnOut() {
        Classes reference = Classes.drawn(new Random(1), 20_000, 1);
        Classes easier = Classes.drawn(new Random(2), 5_000, 1.25);
        CbpeMulticlass cbpe = CbpeMulticlass.fit(
                reference.truth(), reference.predicted(), reference.probabilities(), Chunk.merged(20_000, 10));

        Map<String, Estimated> got = cbpe.estimate(easier.predicted(), easier.probabilities());

        Estimated accuracy = got.get("accuracy");
        assertThat(accuracy.value()).isCloseTo(easier.accuracy(), within(0.02));
        assertThat(easier.accuracy()).isBetween(accuracy.low(), accuracy.high());
        assertThat(accuracy.alert()).isTrue();
        assertThat(cbpe.estimate(reference.predicted(), reference.probabilities())
                        .values())
                .allMatch(estimated -> !estimated.alert());
        assertThat(got.keySet()).containsExactly("roc_auc", "f1", "precision", "recall", "specificity", "accuracy");
        travelsInProfiles(reference, easier, got);
    }

    /** What is kept of a window in profiles of three replicas says what the rows themselves say. */
    private static void travelsInProfiles(Classes reference, Classes now, Map<String, Estimated> want) {
        int[] order = IntStream.range(0, reference.truth().length).toArray();
        String json = ClassesEstimator.fit(reference.truth(), reference.probabilities(), order, 1)
                .toJson();
        assertThat(json).hasSizeLessThan(40_000);
        Estimator estimator = Estimator.fromJson(json);
        double[] none = new double[order.length];
        Frame inputs = Frame.of(order.length).doubles("x", none).build();
        Reference trained = Reference.of(inputs, none, none, 0, 0);
        Profile window = trained.window();
        int rows = now.truth().length;
        for (int r = 0; r < 3; r++) {
            int from = rows * r / 3;
            int to = rows * (r + 1) / 3;
            Profile part = trained.window();
            estimator.update(
                    part,
                    inputs.slice(from, to),
                    place -> Arrays.copyOfRange(now.probabilities()[place - 1], from, to));
            assertThat(estimator.columns().stream().map(Profile::derivedName))
                    .containsAll(part.columns().stream()
                            .map(ColumnProfile::name)
                            .filter(Profile::isDerived)
                            .toList());
            window.merge(Profile.fromJson(part.toJson()));
        }
        Estimator.Estimates got = estimator.estimate(window).orElseThrow();
        assertThat(got.rows()).isEqualTo(rows);
        assertThat(got.metrics().keySet())
                .containsExactlyInAnyOrder("roc_auc_ovr", "f1_macro", "precision_macro", "recall_macro", "accuracy");
        got.metrics().forEach((name, estimated) -> {
            Estimated exact = Objects.requireNonNull(want.get(name.replaceAll("_(macro|ovr)", "")));
            assertThat(estimated.value())
                    .as(name)
                    .isCloseTo(exact.value(), within(name.startsWith("roc") ? 0.01 : 2e-3));
            assertThat(estimated.samplingError()).as(name).isCloseTo(exact.samplingError(), within(1e-9));
            assertThat(estimated.limits()).as(name).isEqualTo(exact.limits());
        });
        assertThat(estimator.estimate(trained.window())).isEmpty();
        assertThatThrownBy(() -> Estimator.fromJson("{\"method\":\"cbpe-multiclass\",\"classes\":[{}]}"))
                .hasMessageContaining("1 classes");
    }

    /** Rows of three classes whose probabilities are squared, and so too sure of themselves. */
    private record Classes(int[] truth, int[] predicted, double[][] probabilities) {
        static Classes drawn(Random random, int rows, double spread) {
            int[] truth = new int[rows];
            int[] predicted = new int[rows];
            double[][] p = new double[3][rows];
            for (int i = 0; i < rows; i++) {
                double sum = 0;
                for (double[] column : p) {
                    column[i] = Math.exp(spread * random.nextGaussian());
                    sum += column[i];
                }
                double left = random.nextDouble() * sum;
                int c = 0;
                while (c < 2 && left > p[c][i]) {
                    left -= p[c++][i];
                }
                truth[i] = c;
                double squares = p[0][i] * p[0][i] + p[1][i] * p[1][i] + p[2][i] * p[2][i];
                for (int k = 0; k < 3; k++) {
                    p[k][i] = p[k][i] * p[k][i] / squares;
                    predicted[i] = p[k][i] > p[predicted[i]][i] ? k : predicted[i];
                }
            }
            return new Classes(truth, predicted, p);
        }

        /** Those of a period of a file. */
        static Classes of(List<Map<String, String>> all, String period) {
            List<Map<String, String>> rows =
                    all.stream().filter(row -> row.get("period").equals(period)).toList();
            List<String> names = List.of("a", "b", "c");
            return new Classes(
                    rows.stream()
                            .mapToInt(row -> names.indexOf(row.get("y_true")))
                            .toArray(),
                    rows.stream()
                            .mapToInt(row -> names.indexOf(row.get("y_pred")))
                            .toArray(),
                    new double[][] {doubles(rows, "p_a"), doubles(rows, "p_b"), doubles(rows, "p_c")});
        }

        Map<String, Estimated> estimate(CbpeMulticlass cbpe, int from, int to) {
            double[][] part = new double[probabilities.length][];
            Arrays.setAll(part, c -> Arrays.copyOfRange(probabilities[c], from, to));
            return cbpe.estimate(Arrays.copyOfRange(predicted, from, to), part);
        }

        double accuracy() {
            int hits = 0;
            for (int i = 0; i < truth.length; i++) {
                hits += truth[i] == predicted[i] ? 1 : 0;
            }
            return (double) hits / truth.length;
        }
    }

    @Test
    void rowsThatRemainJoinTheLastChunk() {
        assertThat(Chunk.merged(23, 5)).hasSize(5).last().isEqualTo(new Chunk(16, 23));
        assertThat(Chunk.withRest(23, 5)).hasSize(6).last().isEqualTo(new Chunk(20, 23));
        assertThat(Chunk.merged(3, 5)).containsExactly(new Chunk(0, 3));
        assertThatThrownBy(() -> Chunk.merged(3, 0)).hasMessage("chunks: 0 (expected: 1 or more)");
    }

    @Test
    void scoresThatAreProbabilitiesStayAsTheyAre() {
        Random random = new Random(4);
        double[] scores = random.doubles(20_000).toArray();
        boolean[] truth = new boolean[scores.length];
        boolean[] predicted = new boolean[scores.length];
        for (int i = 0; i < scores.length; i++) {
            truth[i] = random.nextDouble() < scores[i];
            predicted[i] = scores[i] > 0.5;
        }
        Map<String, Estimated> got = Cbpe.fit(truth, predicted, scores, Chunk.merged(scores.length, 10))
                .estimate(predicted, scores);
        assertThat(got.get("accuracy").value()).isCloseTo(0.75, within(0.01));
        assertThat(got.get("roc_auc").value()).isCloseTo(5 / 6.0, within(0.01));
        assertThatThrownBy(() -> Cbpe.fit(new boolean[1], new boolean[2], new double[2], List.of()))
                .hasMessageContaining("a reference of 1 true classes");
    }
}

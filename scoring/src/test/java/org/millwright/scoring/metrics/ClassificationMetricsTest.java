package org.millwright.scoring.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Predicate;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.millwright.scoring.metrics.ClassificationMetrics.Classes;
import org.millwright.scoring.metrics.ClassificationMetrics.Probabilistic;

class ClassificationMetricsTest {
    private static final int NONE = ClassificationMetrics.MISSING;
    private static final List<String> AIRPORTS = List.of("EWR", "JFK", "LGA");
    /** Balanced accuracy, precision, recall, average precision and Brier score of scikit-learn 1.7.2, average="macro". */
    private static final double[] MACRO = {
        0.5566029124400724, 0.6218524691026169, 0.5566029124400724, 0.5995291188138024, 0.602808016165393
    };

    @Test
    void twoClassesAsScikitLearn() throws IOException {
        JsonNode perf = perf();
        for (String period : List.of("reference", "analysis")) {
            binary(perf.path("classification").path(period), cells -> cells[0].equals(period));
        }
        for (String origin : AIRPORTS) {
            binary(
                    perf.path("by_origin").path(origin).path("classification"),
                    cells -> cells[0].equals("reference") && cells[6].equals(origin));
        }
    }

    private static void binary(JsonNode want, Predicate<String[]> chosen) throws IOException {
        List<String[]> rows = rows("perf_rows").filter(chosen).toList();
        int[] truth =
                rows.stream().mapToInt(cells -> Integer.parseInt(cells[3])).toArray();
        int[] predicted =
                rows.stream().mapToInt(cells -> Integer.parseInt(cells[2])).toArray();
        double[] second =
                rows.stream().mapToDouble(cells -> Double.parseDouble(cells[1])).toArray();
        double[] first = java.util.Arrays.stream(second).map(p -> 1 - p).toArray();

        var got = ClassificationMetrics.of(truth, predicted, new double[][] {first, second}, new Classes(2, 1, 0));

        assertThat(got.n()).isEqualTo(want.path("n").asLong());
        same(got.accuracy().value(), want.path("accuracy"));
        same(got.balancedAccuracy(), want.path("balanced_accuracy"));
        same(got.precision(), want.path("precision"));
        same(got.recall(), want.path("recall"));
        same(got.f1(), want.path("f1"));
        Probabilistic probable = got.probabilities().orElseThrow();
        same(probable.rocAuc(), want.path("roc_auc"));
        same(probable.averagePrecision(), want.path("average_precision"));
        same(probable.logLoss().value(), want.path("log_loss"));
        same(probable.brier().value(), want.path("brier"));
        JsonNode confusion = want.path("confusion");
        assertThat(got.confusion()).isDeepEqualTo(new long[][] {
            {confusion.path("tn").asLong(), confusion.path("fp").asLong()},
            {confusion.path("fn").asLong(), confusion.path("tp").asLong()}
        });
        double naive = (double) want.path("positives").asLong() / want.path("n").asLong();
        assertThat(got.skill().value()).isCloseTo(1 - (1 - want.path("accuracy").asDouble()) / naive, within(1e-12));
    }

    @Test
    void moreClassesAsScikitLearn() throws IOException {
        JsonNode want = perf().path("multiclass");
        List<String[]> rows = rows("multiclass_rows").toList();
        int[] truth =
                rows.stream().mapToInt(cells -> AIRPORTS.indexOf(cells[3])).toArray();
        int[] predicted =
                rows.stream().mapToInt(cells -> AIRPORTS.indexOf(cells[4])).toArray();
        var probabilities = new double[3][];
        for (int c = 0; c < 3; c++) {
            int column = c;
            probabilities[c] = rows.stream()
                    .mapToDouble(cells -> Double.parseDouble(cells[column]))
                    .toArray();
        }

        var got = ClassificationMetrics.of(truth, predicted, probabilities, new Classes(3, NONE, 0));

        same(got.accuracy().value(), want.path("accuracy"));
        same(got.f1(), want.path("f1_macro"));
        Probabilistic probable = got.probabilities().orElseThrow();
        same(probable.logLoss().value(), want.path("log_loss"));
        same(probable.rocAuc(), want.path("roc_auc_ovr_macro"));
        assertThat(got.confusion())
                .isDeepEqualTo(new ObjectMapper().treeToValue(want.path("confusion"), long[][].class));
        assertThat(got.balancedAccuracy()).isCloseTo(MACRO[0], within(1e-12));
        assertThat(got.precision()).isCloseTo(MACRO[1], within(1e-12));
        assertThat(got.recall()).isCloseTo(MACRO[2], within(1e-12));
        assertThat(probable.averagePrecision()).isCloseTo(MACRO[3], within(1e-12));
        assertThat(probable.brier().value()).isCloseTo(MACRO[4], within(1e-12));
    }

    @Test
    void equalProbabilitiesAndAbsentClassesAsScikitLearn() {
        int[] truth = {0, 1, 1, 0, 1, 0};
        double[] second = {0.5, 0.5, 0.5, 0.2, 0.9, 0.9};
        double[] first = {0.5, 0.5, 0.5, 0.8, 0.1, 0.1};
        var got = ClassificationMetrics.of(
                truth, new int[] {0, 0, 0, 0, 0, 0}, new double[][] {first, second}, new Classes(2, 1, 0));
        assertThat(got.precision()).isZero();
        assertThat(got.recall()).isZero();
        assertThat(got.f1()).isZero();
        assertThat(got.balancedAccuracy()).isEqualTo(0.5);
        assertThat(got.skill().value()).isZero();
        assertThat(got.probabilities().orElseThrow().rocAuc()).isCloseTo(11 / 18.0, within(1e-12));
        assertThat(got.probabilities().orElseThrow().averagePrecision()).isCloseTo(17 / 30.0, within(1e-12));

        var one = ClassificationMetrics.of(
                new int[] {0, 0}, new int[] {0, 1}, new double[][] {{1, 0.5}, {0, 0.5}}, new Classes(2, 1, 0));
        assertThat(one.probabilities().orElseThrow().rocAuc()).isNaN();
        assertThat(one.skill().value()).isNaN();
        assertThat(one.balancedAccuracy()).isEqualTo(0.5);
    }

    @Test
    void aCertainMistakeCostsALotButNotEverything() {
        var got = ClassificationMetrics.of(
                new int[] {1, 0}, new int[] {0, 0}, new double[][] {{1, 1}, {0, 0}}, new Classes(2, 1, 0));
        assertThat(got.probabilities().orElseThrow().logLoss().value())
                .isCloseTo(-Math.log(Math.ulp(1.0)) / 2, within(1e-12));
    }

    @Test
    void rowsWithoutAClassAreLeftOutAndCounted() {
        var got = ClassificationMetrics.of(
                new int[] {0, NONE, 1, 2}, new int[] {0, 1, NONE, 1}, null, new Classes(3, NONE, 0));
        assertThat(got.n()).isEqualTo(2);
        assertThat(got.skipped()).isEqualTo(2);
        assertThat(got.accuracy().value()).isEqualTo(0.5);
        assertThat(got.probabilities()).isEmpty();
        assertThat(ClassificationMetrics.of(new int[0], new int[0], null, new Classes(2, 1, 0))
                        .f1())
                .isNaN();
        assertThatThrownBy(() -> ClassificationMetrics.of(new int[1], new int[2], null, new Classes(2, 1, 0)))
                .hasMessageContaining("1 true classes but 2 predictions");
    }

    private static void same(double got, JsonNode want) {
        assertThat(got).isCloseTo(want.asDouble(), within(Math.abs(want.asDouble()) * 1e-9));
    }

    private static JsonNode perf() throws IOException {
        try (InputStream in = ClassificationMetricsTest.class.getResourceAsStream("/oracles/perf.json")) {
            return new ObjectMapper().readTree(in);
        }
    }

    private static java.util.stream.Stream<String[]> rows(String name) throws IOException {
        InputStream in = ClassificationMetricsTest.class.getResourceAsStream("/oracles/" + name + ".csv.gz");
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(new GZIPInputStream(in), StandardCharsets.UTF_8))) {
            return lines.lines().skip(1).map(line -> line.split(",")).toList().stream();
        }
    }
}

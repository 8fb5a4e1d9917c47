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
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

class RegressionMetricsTest {
    @Test
    void realPredictionsAsScikitLearn() throws IOException {
        JsonNode expected;
        try (InputStream in = RegressionMetricsTest.class.getResourceAsStream("/oracles/perf.json")) {
            expected = new ObjectMapper().readTree(in).path("regression");
        }
        for (String period : List.of("reference", "analysis")) {
            double[][] rows = rows(period);
            RegressionMetrics got = RegressionMetrics.of(rows[1], rows[0], 0);
            JsonNode want = expected.path(period);
            assertThat(got.n()).isEqualTo(want.path("n").asLong());
            same(got.rmse().value(), want.path("rmse"));
            same(got.mae().value(), want.path("mae"));
            same(got.r2(), want.path("r2"));
            same(got.bias(), want.path("mean_error"));
            same(got.medianError(), want.path("median_ae"));
            same(got.maxError(), want.path("max_error"));
        }
    }

    @Test
    void skillIsZeroForTheBaselineAndOneForThePerfect() {
        double[] truth = {1, 2, 3, 4};
        assertThat(RegressionMetrics.of(truth, new double[] {2.5, 2.5, 2.5, 2.5}, 2.5)
                        .skill()
                        .value())
                .isZero();
        assertThat(RegressionMetrics.of(truth, truth, 2.5).skill().value()).isEqualTo(1);
        assertThat(RegressionMetrics.of(truth, new double[] {9, 9, 9, 9}, 2.5)
                        .skill()
                        .value())
                .isNegative();
    }

    @Test
    void intervalsCoverTheTruthAboutAsOftenAsTheySay() {
        Random random = new Random(3);
        int covered = 0;
        for (int trial = 0; trial < 400; trial++) {
            double[] truth =
                    random.doubles(300).map(v -> random.nextGaussian() * 10).toArray();
            double[] guess = new double[truth.length];
            for (int i = 0; i < guess.length; i++) {
                guess[i] = truth[i] + random.nextGaussian() * 2;
            }
            RegressionMetrics.Estimate rmse =
                    RegressionMetrics.of(truth, guess, 0).rmse();
            covered += rmse.low() <= 2 && 2 <= rmse.high() ? 1 : 0;
        }
        assertThat(covered / 400.0).isBetween(0.91, 0.98);
    }

    @Test
    void missingRowsAreLeftOutAndCounted() {
        RegressionMetrics metrics =
                RegressionMetrics.of(new double[] {1, Double.NaN, 3}, new double[] {2, 2, Double.POSITIVE_INFINITY}, 0);
        assertThat(metrics.n()).isEqualTo(1);
        assertThat(metrics.skipped()).isEqualTo(2);
        assertThat(metrics.mae().value()).isEqualTo(1);
        assertThat(RegressionMetrics.of(new double[0], new double[0], 0).rmse().value())
                .isNaN();
        assertThatThrownBy(() -> RegressionMetrics.of(new double[1], new double[2], 0))
                .hasMessageContaining("1 true values but 2 predictions");
    }

    private static void same(double got, JsonNode want) {
        assertThat(got).isCloseTo(want.asDouble(), within(Math.abs(want.asDouble()) * 1e-9));
    }

    private static double[][] rows(String period) throws IOException {
        List<double[]> rows = new ArrayList<>();
        InputStream in = RegressionMetricsTest.class.getResourceAsStream("/oracles/perf_rows.csv.gz");
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(new GZIPInputStream(in), StandardCharsets.UTF_8))) {
            lines.lines()
                    .skip(1)
                    .map(line -> line.split(","))
                    .filter(cells -> cells[0].equals(period))
                    .forEach(cells ->
                            rows.add(new double[] {Double.parseDouble(cells[4]), Double.parseDouble(cells[5])}));
        }
        return new double[][] {
            rows.stream().mapToDouble(row -> row[0]).toArray(),
            rows.stream().mapToDouble(row -> row[1]).toArray()
        };
    }
}

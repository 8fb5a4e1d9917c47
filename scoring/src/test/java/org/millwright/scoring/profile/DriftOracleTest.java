package org.millwright.scoring.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Distances and tests against what SciPy computed; see the scripts named in the files. */
class DriftOracleTest {
    private static final double CLOSED_FORM = 1e-9;

    @Test
    void smallSamplesAsScipy() {
        JsonNode inline = oracle("drift_small.json").path("inline");
        double[] r = doubles(inline.path("reference"));
        double[] c = doubles(inline.path("current"));
        quantile10(inline.path("millwright_quantile10"), r, c);
        TwoSamples.KolmogorovSmirnov ks = TwoSamples.kolmogorovSmirnov(Sample.of(r), Sample.of(c));
        same(ks.distance(), inline.path("ks_exact").path("stat").asDouble(), CLOSED_FORM);
        same(ks.asymptotic(), inline.path("ks_asymp_p").asDouble(), 1e-6);
        same(
                TwoSamples.wasserstein(Sample.of(r), Sample.of(c)),
                inline.path("wasserstein").asDouble(),
                CLOSED_FORM);
    }

    @Test
    void edgeCasesAsScipy() {
        Iterator<Map.Entry<String, JsonNode>> cases =
                oracle("drift_small.json").path("edge_cases").fields();
        while (cases.hasNext()) {
            Map.Entry<String, JsonNode> entry = cases.next();
            JsonNode edge = entry.getValue();
            double[] r = doubles(edge.path("reference"));
            double[] c = doubles(edge.path("current"));
            quantile10(edge.path("millwright_quantile10"), r, c);
            TwoSamples.KolmogorovSmirnov ks = TwoSamples.kolmogorovSmirnov(Sample.of(r), Sample.of(c));
            assertThat(ks.distance())
                    .as(entry.getKey())
                    .isCloseTo(edge.path("ks_stat").asDouble(), within(1e-12));
            assertThat(ks.asymptotic())
                    .as(entry.getKey())
                    .isCloseTo(edge.path("ks_p_asymp").asDouble(), within(1e-9));
            same(
                    TwoSamples.wassersteinNormed(Sample.of(r), Sample.of(c)),
                    edge.path("wasserstein_normed").asDouble(),
                    CLOSED_FORM);
        }
    }

    @Test
    void categoriesOfRealFlightsAsScipy() {
        int seen = 0;
        for (JsonNode slice : oracle("drift.json").path("cases")) {
            for (JsonNode column : slice.path("categorical")) {
                JsonNode expected = column.path("millwright");
                long[] r = longs(expected.path("ref_count"));
                long[] c = longs(expected.path("cur_count"));
                same(Shares.psi(r, c), expected.path("psi").asDouble(), CLOSED_FORM);
                same(Shares.kl(r, c), expected.path("kl_cur_given_ref").asDouble(), 1e-8);
                same(
                        Shares.jensenShannon(r, c),
                        expected.path("js_distance_base2").asDouble(),
                        1e-7);
                same(Shares.hellinger(r, c), expected.path("hellinger").asDouble(), 1e-7);
                same(Shares.totalVariation(r, c), expected.path("tvd").asDouble(), CLOSED_FORM);
                same(Shares.lInfinity(r, c), expected.path("l_infinity").asDouble(), CLOSED_FORM);
                ChiSquare chi = ChiSquare.of(r, c);
                JsonNode contingency = expected.path("chi2_contingency");
                same(chi.statistic(), contingency.path("stat").asDouble(), CLOSED_FORM);
                assertThat(chi.degrees()).isEqualTo(contingency.path("dof").asInt());
                same(chi.p(), contingency.path("p").asDouble(), 1e-6);
                same(chi.cramersV(sum(r) + sum(c)), expected.path("cramers_v").asDouble(), CLOSED_FORM);
                seen++;
            }
        }
        assertThat(seen).isGreaterThan(15);
    }

    @Test
    void numbersOfRealFlightsAsScipy() {
        int seen = 0;
        for (JsonNode slice : oracle("drift.json").path("cases")) {
            for (JsonNode column : slice.path("numeric")) {
                int n = column.path("reference").path("n").asInt();
                int m = column.path("current").path("n").asInt();
                JsonNode scipy = column.path("scipy");
                long effective = Math.round((double) n * m / (n + m));
                double p = Kolmogorov.survival(
                        (int) effective, scipy.path("ks_statistic").asDouble());
                same(p, scipy.path("ks_pvalue_asymp").asDouble(), 1e-6);
                JsonNode expected = column.path("millwright_quantile10");
                long[] r = counts(expected.path("ref_share"), n);
                long[] c = counts(expected.path("cur_share"), m);
                same(Shares.psi(r, c), expected.path("psi").asDouble(), CLOSED_FORM);
                same(
                        Shares.jensenShannon(r, c),
                        expected.path("js_distance_base2").asDouble(),
                        1e-7);
                seen++;
            }
        }
        assertThat(seen).isEqualTo(24);
    }

    @Test
    void theMatrixAndTheSeriesMeetWhereBothHold() {
        for (double d : new double[] {0.02, 0.03, 0.04, 0.05}) {
            assertThat(Kolmogorov.pelzGood(900, d)).isCloseTo(Kolmogorov.matrix(900, d), within(2e-7));
        }
    }

    private static void quantile10(JsonNode expected, double[] r, double[] c) {
        double[] edges = Quantiles.edges(r, 10);
        assertThat(edges).containsExactly(doubles(expected.path("edges")), within(1e-12));
        long[] rc = Quantiles.counts(r, doubles(expected.path("edges")));
        long[] cc = Quantiles.counts(c, doubles(expected.path("edges")));
        same(Shares.psi(rc, cc), expected.path("psi").asDouble(), CLOSED_FORM);
        same(Shares.jensenShannon(rc, cc), expected.path("js_distance_base2").asDouble(), CLOSED_FORM);
        same(Shares.hellinger(rc, cc), expected.path("hellinger").asDouble(), CLOSED_FORM);
        same(Shares.totalVariation(rc, cc), expected.path("tvd").asDouble(), CLOSED_FORM);
        same(Shares.lInfinity(rc, cc), expected.path("l_infinity").asDouble(), CLOSED_FORM);
        assertThat(Quantiles.counts(r, edges)).isEqualTo(rc);
    }

    /** Equal within a relative tolerance, absolute near zero; tiny tail probabilities by their logarithm. */
    private static void same(double got, double expected, double tolerance) {
        if (expected > 0 && expected < 1e-20 && tolerance >= 1e-6) {
            if (expected > 1e-290) {
                assertThat(Math.log(got)).isCloseTo(Math.log(expected), within(Math.abs(Math.log(expected)) * 0.001));
            } else {
                assertThat(got).isLessThan(1e-280);
            }
            return;
        }
        assertThat(got).isCloseTo(expected, within(Math.max(1e-12, Math.abs(expected) * tolerance)));
    }

    private static long[] counts(JsonNode shares, int n) {
        double[] values = doubles(shares);
        long[] counts = new long[values.length];
        for (int i = 0; i < values.length; i++) {
            counts[i] = Math.round(values[i] * n);
        }
        return counts;
    }

    private static long sum(long[] counts) {
        long sum = 0;
        for (long count : counts) {
            sum += count;
        }
        return sum;
    }

    private static double[] doubles(JsonNode array) {
        double[] values = new double[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.path(i).asDouble();
        }
        return values;
    }

    private static long[] longs(JsonNode array) {
        long[] values = new long[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.path(i).asLong();
        }
        return values;
    }

    private static JsonNode oracle(String name) {
        try (InputStream in = DriftOracleTest.class.getResourceAsStream("/oracles/" + name)) {
            return new ObjectMapper().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

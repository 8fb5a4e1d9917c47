package org.millwright.scoring.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.millwright.scoring.Oracles.doubles;
import static org.millwright.scoring.Oracles.longs;
import static org.millwright.scoring.Oracles.same;
import static org.millwright.scoring.Oracles.sameP;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.millwright.scoring.Oracles;
import org.millwright.scoring.drift.OtherTools.Binned;
import org.millwright.scoring.profile.CategoryProfile;
import org.millwright.scoring.profile.ChiSquare;
import org.millwright.scoring.profile.ColumnCounts;
import org.millwright.scoring.profile.ColumnDrift;
import org.millwright.scoring.profile.Drift;
import org.millwright.scoring.profile.NumericProfile;
import org.millwright.scoring.profile.Quantiles;
import org.millwright.scoring.profile.Sample;
import org.millwright.scoring.profile.Shares;
import org.millwright.scoring.profile.TwoSamples;

/** Drift of real flights, from raw columns and from profiles, against SciPy, Evidently and NannyML. */
class DriftOfFlightsTest {
    private static final JsonNode VALUES = Oracles.json("drift_values.json.gz");
    private static final double CLOSED_FORM = 1e-9;
    private static final int APPROXIMATED = 10_000;

    /** One column of two slices with what was computed of it. */
    private record Case(String name, JsonNode expected, JsonNode values) {
        ColumnCounts.Numbers side(String side) {
            JsonNode counted = values.path(side);
            return new ColumnCounts.Numbers(
                    name,
                    Sample.counted(doubles(counted.path("values")), longs(counted.path("counts"))),
                    counted.path("missing").asLong());
        }
    }

    private static List<Case> numeric() {
        List<Case> cases = new ArrayList<>();
        for (JsonNode slice : Oracles.json("drift.json").path("cases")) {
            String name = slice.path("name").asText();
            slice.path("numeric")
                    .fields()
                    .forEachRemaining(column -> cases.add(new Case(
                            name + " " + column.getKey(),
                            column.getValue(),
                            VALUES.path(name).path(column.getKey()))));
        }
        assertThat(cases).hasSize(24);
        return cases;
    }

    @Test
    void rawNumbersAsScipy() {
        for (Case each : numeric()) {
            ColumnCounts.Numbers r = each.side("reference");
            ColumnCounts.Numbers c = each.side("current");
            assertThat(r.present())
                    .isEqualTo(each.expected().path("reference").path("n").asLong());
            assertThat(c.missing())
                    .isEqualTo(each.expected().path("current").path("n_missing").asLong());
            ours(each, Drift.between(r, c));
            TwoSamples.KolmogorovSmirnov ks = TwoSamples.kolmogorovSmirnov(r.sample(), c.sample());
            JsonNode scipy = each.expected().path("scipy");
            same(each.name(), ks.distance(), scipy.path("ks_statistic"), CLOSED_FORM);
            sameP(each.name(), ks.asymptotic(), scipy.path("ks_pvalue_asymp"), 1e-6);
            sameP(each.name(), ks.p(), scipy.path("ks_pvalue_auto"), 1e-6);
            if (scipy.has("ks_pvalue_exact")) {
                sameP(each.name(), ks.p(), scipy.path("ks_pvalue_exact"), 1e-6);
            }
            same(each.name(), TwoSamples.wasserstein(r.sample(), c.sample()), scipy.path("wasserstein"), CLOSED_FORM);
        }
    }

    /** The measures that do not depend on whether single values or bins are compared. */
    private static void ours(Case each, ColumnDrift drift) {
        JsonNode others = each.expected();
        same(
                each.name(),
                drift.wasserstein(),
                others.path("evidently").path("wasserstein").path("score"),
                CLOSED_FORM);
        sameP(each.name(), drift.p(), others.path("evidently").path("ks").path("score"), 1e-6);
        same(
                each.name(),
                drift.ks(),
                others.path("nannyml").path("kolmogorov_smirnov").path("value"),
                CLOSED_FORM);
        JsonNode want = each.expected().path("millwright_quantile10");
        same(each.name(), drift.psi(), want.path("psi"), CLOSED_FORM);
        same(each.name(), drift.hellinger(), want.path("hellinger"), 1e-7);
        same(each.name(), drift.totalVariation(), want.path("tvd"), CLOSED_FORM);
        same(each.name(), drift.lInfinity(), want.path("l_infinity"), CLOSED_FORM);
        same(
                each.name(),
                drift.wasserstein(),
                each.expected().path("scipy").path("wasserstein_normed"),
                drift.referenceRows() > 0 ? 1e-9 : 0);
        if (each.expected().path("evidently").path("reference_nunique").asInt() > Drift.FEW) {
            same(each.name(), drift.jensenShannon(), want.path("js_distance_base2"), 1e-7);
        }
    }

    @Test
    void profiledNumbersAsRawOnes() {
        for (Case each : numeric()) {
            ColumnCounts.Numbers r = each.side("reference");
            ColumnCounts.Numbers c = each.side("current");
            double[] edges = Quantiles.edges(r.sample(), 10);
            assertThat(edges)
                    .containsExactly(
                            doubles(each.expected()
                                    .path("millwright_quantile10")
                                    .path("edges")),
                            within(1e-12));
            ColumnDrift raw = Drift.between(r, c);
            ColumnDrift profiled = Drift.between(profile(r, edges), profile(c, edges));
            assertThat(profiled.psi()).as(each.name()).isCloseTo(raw.psi(), within(1e-12));
            assertThat(profiled.hellinger()).as(each.name()).isCloseTo(raw.hellinger(), within(1e-12));
            assertThat(profiled.totalVariation()).as(each.name()).isCloseTo(raw.totalVariation(), within(1e-12));
            assertThat(profiled.lInfinity()).as(each.name()).isCloseTo(raw.lInfinity(), within(1e-12));
            assertThat(profiled.ks()).as(each.name()).isCloseTo(raw.ks(), within(0.012));
            assertThat(profiled.wasserstein()).as(each.name()).isCloseTo(raw.wasserstein(), within(0.03));
            assertThat(profiled.currentMissing()).isEqualTo(raw.currentMissing());
        }
    }

    private static NumericProfile profile(ColumnCounts.Numbers column, double[] edges) {
        NumericProfile profile = new NumericProfile(column.name(), edges);
        long before = 0;
        for (int i = 0; i < column.sample().values().length; i++) {
            for (; before < column.sample().upTo()[i]; before++) {
                profile.add(column.sample().values()[i]);
            }
        }
        for (long i = 0; i < column.missing(); i++) {
            profile.addNull();
        }
        return profile;
    }

    @Test
    void categoriesRawAndProfiledAsScipy() {
        int seen = 0;
        for (JsonNode slice : Oracles.json("drift.json").path("cases")) {
            for (JsonNode column : slice.path("categorical")) {
                JsonNode want = column.path("millwright");
                ColumnCounts.Categories r = categories(want, "ref_count");
                ColumnCounts.Categories c = categories(want, "cur_count");
                category(want, Drift.between(r, c));
                category(want, Drift.between(profile(r), profile(c)));
                seen++;
            }
        }
        assertThat(seen).isGreaterThan(15);
    }

    private static void category(JsonNode want, ColumnDrift drift) {
        same("psi", drift.psi(), want.path("psi"), CLOSED_FORM);
        same("kl", drift.kl(), want.path("kl_cur_given_ref"), 1e-8);
        same("js", drift.jensenShannon(), want.path("js_distance_base2"), 1e-7);
        same("hellinger", drift.hellinger(), want.path("hellinger"), 1e-7);
        same("tvd", drift.totalVariation(), want.path("tvd"), CLOSED_FORM);
        same("linf", drift.lInfinity(), want.path("l_infinity"), CLOSED_FORM);
        same("v", drift.cramersV(), want.path("cramers_v"), CLOSED_FORM);
        assertThat(drift.newShare() > 0).isEqualTo(!want.path("new_categories").isEmpty());
    }

    private static ColumnCounts.Categories categories(JsonNode want, String side) {
        Map<String, Long> counts = new HashMap<>();
        for (int i = 0; i < want.path("keys").size(); i++) {
            long count = want.path(side).path(i).asLong();
            if (count > 0) {
                counts.put(want.path("keys").path(i).asText(), count);
            }
        }
        return new ColumnCounts.Categories("c", counts, 0);
    }

    private static CategoryProfile profile(ColumnCounts.Categories column) {
        CategoryProfile profile = new CategoryProfile(column.name());
        column.counts().forEach((key, count) -> {
            for (long i = 0; i < count; i++) {
                profile.add(key);
            }
        });
        return profile;
    }

    @Test
    void numbersAsEvidentlyAndNannyml() {
        for (Case each : numeric()) {
            Sample r = each.side("reference").sample();
            Sample c = each.side("current").sample();
            JsonNode evidently = each.expected().path("evidently");
            Binned bins = OtherTools.evidentlyBins(r, c);
            same(
                    each.name(),
                    OtherTools.evidentlyPsi(bins),
                    evidently.path("psi").path("score"),
                    1e-8);
            same(
                    each.name(),
                    OtherTools.evidentlyKl(bins),
                    evidently.path("kl_div").path("score"),
                    1e-8);
            same(
                    each.name(),
                    OtherTools.evidentlyJensenShannon(bins),
                    evidently.path("jensenshannon").path("score"),
                    1e-7);
            same(
                    each.name(),
                    OtherTools.evidentlyHellinger(r, c),
                    evidently.path("hellinger").path("score"),
                    1e-7);
            JsonNode nannyml = each.expected().path("nannyml");
            Binned doane = OtherTools.nannymlBins(r, c);
            same(
                    each.name(),
                    Shares.jensenShannon(doane.reference(), doane.current()),
                    nannyml.path("jensen_shannon").path("value"),
                    1e-7);
            same(
                    each.name(),
                    Shares.hellinger(doane.reference(), doane.current()),
                    nannyml.path("hellinger").path("value"),
                    1e-7);
            if (r.size() < APPROXIMATED) {
                same(
                        each.name(),
                        TwoSamples.wasserstein(r, c),
                        nannyml.path("wasserstein").path("value"),
                        CLOSED_FORM);
            }
        }
    }

    @Test
    void categoriesAsEvidentlyAndNannyml() {
        for (JsonNode slice : Oracles.json("drift.json").path("cases")) {
            for (JsonNode column : slice.path("categorical")) {
                JsonNode want = column.path("millwright");
                Binned bins = new Binned(longs(want.path("ref_count")), longs(want.path("cur_count")));
                JsonNode evidently = column.path("evidently");
                same("psi", OtherTools.evidentlyPsi(bins), evidently.path("psi").path("score"), 1e-8);
                same(
                        "kl",
                        OtherTools.evidentlyKl(bins),
                        evidently.path("kl_div").path("score"),
                        1e-8);
                same(
                        "js",
                        OtherTools.evidentlyJensenShannon(bins),
                        evidently.path("jensenshannon").path("score"),
                        1e-7);
                double hellinger = Shares.hellinger(bins.reference(), bins.current());
                same("hellinger", hellinger, evidently.path("hellinger").path("score"), 1e-7);
                JsonNode nannyml = column.path("nannyml");
                same("hellinger", hellinger, nannyml.path("hellinger").path("value"), 1e-7);
                same(
                        "js",
                        Shares.jensenShannon(bins.reference(), bins.current()),
                        nannyml.path("jensen_shannon").path("value"),
                        1e-7);
                same(
                        "linf",
                        Shares.lInfinity(bins.reference(), bins.current()),
                        nannyml.path("l_infinity").path("value"),
                        CLOSED_FORM);
                ChiSquare chi = ChiSquare.of(bins.reference(), bins.current());
                if (want.path("keys").size() > 2) {
                    same("chi2", chi.statistic(), nannyml.path("chi2").path("value"), CLOSED_FORM);
                    sameP("chi2", chi.p(), nannyml.path("chi2").path("p_value"), 1e-6);
                }
            }
        }
    }

    @Test
    void smallSamplesAsEvidentlyAndNannyml() {
        JsonNode inline = Oracles.json("drift_small.json").path("inline");
        Sample r = Sample.distinct(doubles(inline.path("reference")));
        Sample c = Sample.distinct(doubles(inline.path("current")));
        assertThat(Bins.doane(r)).containsExactly(doubles(inline.path("doane_edges_reference")), within(1e-9));
        same(
                "psi",
                OtherTools.evidentlyPsi(OtherTools.evidentlyBins(r, c)),
                inline.path("evidently_psi").path("score"),
                1e-8);
        Binned doane = OtherTools.nannymlBins(r, c);
        same(
                "js",
                Shares.jensenShannon(doane.reference(), doane.current()),
                inline.path("nannyml_js").path("value"),
                1e-7);
        same(
                "ks",
                TwoSamples.kolmogorovSmirnov(r, c).p(),
                inline.path("ks_exact").path("p"),
                1e-6);
        Oracles.json("drift_small.json").path("edge_cases").forEach(edge -> {
            Sample x = Sample.distinct(doubles(edge.path("reference")));
            Sample y = Sample.distinct(doubles(edge.path("current")));
            Binned bins = OtherTools.evidentlyBins(x, y);
            same(
                    "psi",
                    OtherTools.evidentlyPsi(bins),
                    edge.path("evidently_psi").path("score"),
                    1e-8);
            same(
                    "js",
                    OtherTools.evidentlyJensenShannon(bins),
                    edge.path("evidently_js").path("score"),
                    1e-7);
            same("ks", TwoSamples.kolmogorovSmirnov(x, y).p(), edge.path("ks_p_auto"), 1e-6);
        });
    }
}

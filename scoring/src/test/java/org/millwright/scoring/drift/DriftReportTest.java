package org.millwright.scoring.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.millwright.scoring.Frame;
import org.millwright.scoring.drift.ColumnComparison.Kind;
import org.millwright.scoring.profile.ColumnCounts;
import org.millwright.scoring.profile.Profile;

class DriftReportTest {
    private static final int ROWS = 5_000;

    @Test
    void theSizeOfAChangeDecidesAndNotItsPValue() {
        ColumnVerdict harmless = only(normal(200_000, 1, 0), normal(200_000, 2, 0.03), DriftSettings.DEFAULT);
        assertThat(harmless.p()).isLessThan(1e-6);
        assertThat(harmless.method()).isEqualTo(DriftMethod.PSI);
        assertThat(harmless.verdict()).isEqualTo(DriftVerdict.OK);

        ColumnVerdict large = only(normal(ROWS, 1, 0), normal(ROWS, 2, 1), DriftSettings.DEFAULT);
        assertThat(large.verdict()).isEqualTo(DriftVerdict.DRIFT);
        assertThat(large.value()).isGreaterThan(large.threshold());
        assertThat(large.threshold()).isEqualTo(0.25);

        ColumnVerdict some = only(normal(ROWS, 1, 0), normal(ROWS, 2, 0.2), DriftSettings.DEFAULT);
        assertThat(some.verdict()).isEqualTo(DriftVerdict.WARN);
        assertThat(some.method()).isEqualTo(DriftMethod.WASSERSTEIN);
    }

    @Test
    void aTestDecidesBetweenSmallSamplesAndIsCorrectedForManyColumns() {
        ColumnVerdict alone = only(normal(400, 1, 0), normal(400, 2, 0.5), DriftSettings.DEFAULT);
        assertThat(alone.method()).isEqualTo(DriftMethod.KS_TEST);
        assertThat(alone.verdict()).isEqualTo(DriftVerdict.DRIFT);
        assertThat(alone.value()).isEqualTo(alone.p()).isLessThan(0.05);

        assertThat(Holm.adjusted(new double[] {0.01, 0.04, Double.NaN, 0.03, 0.5}))
                .containsExactly(new double[] {0.04, 0.09, Double.NaN, 0.09, 0.5}, within(1e-12));
        assertThat(Holm.adjusted(new double[] {0.9, 0.8})).containsExactly(1, 1);
    }

    @Test
    void whatCannotBeComparedIsSaid() {
        String[] ids = new String[ROWS];
        Arrays.setAll(ids, i -> "id-" + i);
        String[] texts = new String[ROWS];
        Arrays.fill(texts, "x");
        Frame reference = Frame.of(ROWS)
                .strings("id", ids)
                .doubles("gone", normal(ROWS, 1, 0))
                .doubles("text", normal(ROWS, 1, 0))
                .build();
        Frame current = Frame.of(ROWS)
                .strings("id", ids)
                .strings("text", texts)
                .doubles("fresh", normal(ROWS, 1, 0))
                .build();

        DriftReport report = DriftReport.between(reference, current, DriftSettings.DEFAULT);

        assertThat(report.columns().stream().map(column -> column.comparison().kind()))
                .containsExactly(Kind.IDENTIFIER, Kind.GONE, Kind.CHANGED, Kind.NEW);
        assertThat(report.columns().stream().map(ColumnVerdict::verdict))
                .containsExactly(DriftVerdict.INSUFFICIENT, DriftVerdict.DRIFT, DriftVerdict.DRIFT, DriftVerdict.OK);
        assertThat(report.columns().get(2).reason())
                .isEqualTo("numbers before, texts now: 5000 of 5000 are no numbers, such as 'x'");
        assertThat(report.share()).isEqualTo(1);
        assertThat(report.verdict()).isEqualTo(DriftVerdict.DRIFT);
    }

    @Test
    void missingValuesCountAndAnEmptyWindowIsNoRiddle() {
        double[] current = normal(ROWS, 2, 0);
        Arrays.fill(current, 0, ROWS / 2, Double.NaN);
        ColumnVerdict half = only(normal(ROWS, 1, 0), current, DriftSettings.DEFAULT);
        assertThat(half.method()).isEqualTo(DriftMethod.MISSING);
        assertThat(half.verdict()).isEqualTo(DriftVerdict.DRIFT);
        assertThat(half.reason()).isEqualTo("missing in 0.0 % of the rows before, in 50.0 % now");

        Arrays.fill(current, Double.POSITIVE_INFINITY);
        assertThat(only(normal(ROWS, 1, 0), current, DriftSettings.DEFAULT).verdict())
                .isEqualTo(DriftVerdict.DRIFT);
        ColumnVerdict none = only(normal(ROWS, 1, 0), new double[0], DriftSettings.DEFAULT);
        assertThat(none.verdict()).isEqualTo(DriftVerdict.INSUFFICIENT);
        assertThat(none.reason()).contains("5000 and 0 rows");
        assertThat(none.value()).isNaN();
        ColumnVerdict one = only(normal(ROWS, 1, 0), new double[] {9}, DriftSettings.DEFAULT);
        assertThat(one.verdict()).isEqualTo(DriftVerdict.INSUFFICIENT);
    }

    @Test
    void aNewCategoryIsDriftAndChanceAmongManyIsNot() {
        ColumnVerdict fresh = categories(ROWS, 3, 0, 0.015);
        assertThat(fresh.method()).isEqualTo(DriftMethod.NEW_CATEGORIES);
        assertThat(fresh.verdict()).isEqualTo(DriftVerdict.DRIFT);

        ColumnVerdict many = categories(2_000, 400, 7, 0);
        assertThat(many.value()).isGreaterThan(0.1);
        assertThat(many.chance()).isGreaterThan(0.1);
        assertThat(many.verdict()).isEqualTo(DriftVerdict.OK);
        assertThat(many.reason()).contains("chance");
    }

    private static ColumnVerdict categories(int rows, int categories, int seed, double fresh) {
        Random random = new Random(seed);
        String[] reference = new String[rows];
        String[] current = new String[rows];
        for (int i = 0; i < rows; i++) {
            reference[i] = "c" + random.nextInt(categories);
            current[i] = random.nextDouble() < fresh ? "fresh" : "c" + random.nextInt(categories);
        }
        return DriftReport.between(
                        Frame.of(rows).strings("x", reference).build(),
                        Frame.of(rows).strings("x", current).build(),
                        DriftSettings.DEFAULT)
                .columns()
                .get(0);
    }

    @Test
    void aMethodAndItsThresholdCanBeSet() {
        DriftSettings strict =
                new DriftSettings(DriftMethod.of("Kolmogorov_Smirnov"), OptionalDouble.of(0.02), 0.05, 100, 0.5);
        ColumnVerdict column = only(normal(50_000, 1, 0), normal(50_000, 2, 0.08), strict);
        assertThat(column.method()).isEqualTo(DriftMethod.KOLMOGOROV_SMIRNOV);
        assertThat(column.threshold()).isEqualTo(0.02);
        assertThat(column.verdict()).isEqualTo(DriftVerdict.DRIFT);
        assertThat(column.measures()).hasSize(10);

        assertThat(DriftMethod.of("chi2")).contains(DriftMethod.CHI_SQUARE);
        assertThat(DriftMethod.of("vibes")).isEmpty();
        assertThatThrownBy(() -> new DriftSettings(Optional.empty(), OptionalDouble.of(1), 0.05, 100, 0.5))
                .hasMessageContaining("a threshold needs the method");
        assertThatThrownBy(() -> new DriftSettings(Optional.empty(), OptionalDouble.empty(), 0, 100, 0.5))
                .hasMessage("alpha: 0.0 (expected: above 0, at most 1)");
    }

    @Test
    void profilesGiveTheVerdictOfRawRows() {
        Frame reference = Frame.of(ROWS)
                .doubles("a", normal(ROWS, 1, 0))
                .doubles("b", normal(ROWS, 2, 0))
                .build();
        Frame current = Frame.of(ROWS)
                .doubles("a", normal(ROWS, 3, 1))
                .doubles("b", normal(ROWS, 4, 0))
                .build();
        Profile trained = Profile.reference(reference);
        Profile window = trained.like();
        window.update(current);

        DriftReport profiled = DriftReport.between(trained, window, DriftSettings.DEFAULT);
        DriftReport raw = DriftReport.between(reference, current, DriftSettings.DEFAULT);

        assertThat(profiled.columns().stream().map(ColumnVerdict::verdict))
                .isEqualTo(raw.columns().stream().map(ColumnVerdict::verdict).toList())
                .containsExactly(DriftVerdict.DRIFT, DriftVerdict.OK);
        assertThat(profiled.columns().get(0).value())
                .isCloseTo(raw.columns().get(0).value(), within(1e-12));
        assertThat(raw.columns().get(0).comparison().histogram().orElseThrow().labels())
                .hasSize(24);
    }

    private static ColumnVerdict only(double[] reference, double[] current, DriftSettings settings) {
        return DriftReport.of(
                        java.util.List.of(
                                ColumnComparison.of(ColumnCounts.of("x", reference), ColumnCounts.of("x", current))),
                        settings)
                .columns()
                .get(0);
    }

    private static double[] normal(int rows, int seed, double shift) {
        Random random = new Random(seed);
        double[] values = new double[rows];
        Arrays.setAll(values, i -> random.nextGaussian() + shift);
        return values;
    }
}

package org.millwright.scoring.fairness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.millwright.scoring.Oracles;
import org.millwright.scoring.fairness.Criterion.Verdict;
import org.millwright.scoring.fairness.ErrorGaps.Measure;

class ErrorGapsTest {
    /** Delays of flights predicted, by carrier: eleven carriers with thirty rows or more, four with fewer. */
    private static ErrorGaps carriers() {
        List<Map<String, String>> rows = Oracles.rows("perf_rows.csv.gz").stream()
                .filter(row -> row.get("period").equals("analysis"))
                .toList();
        return ErrorGaps.of(
                rows.stream().map(row -> row.get("carrier")).toArray(String[]::new),
                numbers(rows, "r_pred"),
                numbers(rows, "r_true"),
                30);
    }

    private static double[] numbers(List<Map<String, String>> rows, String column) {
        return rows.stream()
                .mapToDouble(row -> Double.parseDouble(String.valueOf(row.get(column))))
                .toArray();
    }

    /** By scipy 1.14.1: {@code ttest_ind(equal_var=False, alternative='greater')} of each pair, less the limit. */
    @Test
    void gapsAreTestedPairByPairAsScipyDoes() {
        ErrorGaps gaps = carriers();
        assertThat(gaps.groups()).hasSize(15);
        assertThat(gaps.judged()).hasSize(11);
        same(gaps, Measure.MEAN_ERROR_DIFFERENCE, Double.NaN, 21.4284045522481, 3.0393999094907775e-11, Verdict.WARN);
        same(gaps, Measure.MEAN_ERROR_DIFFERENCE, 2, 21.4284045522481, 6.930330732299014e-08, Verdict.UNFAIR);
        same(gaps, Measure.MEAN_ERROR_DIFFERENCE, 5, 21.4284045522481, 0.00036089801509780225, Verdict.UNFAIR);
        same(gaps, Measure.MAE_DIFFERENCE, Double.NaN, 15.39629027092092, 1.114903690208994e-06, Verdict.WARN);
        same(gaps, Measure.MAE_DIFFERENCE, 2, 15.39629027092092, 0.000557879067630977, Verdict.UNFAIR);
        same(gaps, Measure.MAE_DIFFERENCE, 5, 15.39629027092092, 0.5348151993292575, Verdict.WARN);
        same(gaps, Measure.MAE_RATIO, 0.8, 0.4880332870965947, 0.0709865981534236, Verdict.WARN);
        same(gaps, Measure.MAE_RATIO, 0.4, 0.4880332870965947, 1, Verdict.FAIR);
        Criterion errors = gaps.criterion(Measure.MEAN_ERROR_DIFFERENCE, 5);
        assertThat(errors.lowest()).isEqualTo("FL");
        assertThat(errors.highest()).isEqualTo("WN");
        GroupErrors united = gaps.groups().stream()
                .filter(group -> group.name().equals("UA"))
                .findFirst()
                .orElseThrow();
        assertThat(united.rmse()).isCloseTo(28.7577047544348, within(1e-9));
        assertThat(united.meanErrorDeviation()).isCloseTo(28.351957159651793, within(1e-9));
    }

    private static void same(ErrorGaps gaps, Measure measure, double limit, double value, double p, Verdict verdict) {
        Criterion criterion = gaps.criterion(measure, limit);
        assertThat(criterion.value()).isCloseTo(value, within(1e-9));
        assertThat(criterion.p()).isCloseTo(p, within(p * 1e-6));
        assertThat(criterion.verdict()).isEqualTo(verdict);
    }

    /** Thirty groups of forty rows without any difference: the largest gap is well beyond the limit, by chance alone. */
    @Test
    void manySmallGroupsAlikeAreFair() {
        var random = new SplittableRandom(4);
        int unfair = 0;
        int beyond = 0;
        for (int window = 0; window < 1_000; window++) {
            ErrorGaps gaps = drawn(random, 30, 40, 0);
            Criterion found = gaps.criterion(Measure.MEAN_ERROR_DIFFERENCE, 0.3);
            beyond += found.value() > 0.3 ? 1 : 0;
            unfair += found.verdict() == Verdict.UNFAIR ? 1 : 0;
            assertThat(gaps.criterion(Measure.MAE_RATIO, 0.8).verdict()).isNotEqualTo(Verdict.UNFAIR);
        }
        assertThat(beyond).isEqualTo(1_000);
        assertThat(unfair).isLessThanOrEqualTo(5);
    }

    @Test
    void aGroupThatErrorsFavourIsFound() {
        var random = new SplittableRandom(5);
        for (int window = 0; window < 100; window++) {
            Criterion found = drawn(random, 12, 150, 1).criterion(Measure.MEAN_ERROR_DIFFERENCE, 0.3);
            assertThat(found.verdict()).isEqualTo(Verdict.UNFAIR);
            assertThat(found.highest()).isEqualTo("g0");
        }
    }

    /** Normal errors with deviation 1, those of the first group shifted. */
    private static ErrorGaps drawn(SplittableRandom random, int groups, int rows, double shift) {
        var names = new String[groups * rows];
        double[] predicted = new double[names.length];
        for (int i = 0; i < names.length; i++) {
            names[i] = "g" + i % groups;
            predicted[i] = random.nextGaussian() + (i % groups == 0 ? shift : 0);
        }
        return ErrorGaps.of(names, predicted, new double[names.length], 30);
    }

    @Test
    void oddRowsAndGroups() {
        @Nullable String[] names = {"a", "a", null, null, "b", "b", "c"};
        double[] predicted = {1, 1, 3, 3, 1, Double.NaN, 9};
        double[] truth = {0, 0, 1, 1, Double.POSITIVE_INFINITY, 1, 0};
        ErrorGaps gaps = ErrorGaps.of(names, predicted, truth, 1);
        assertThat(gaps.groups()).extracting(GroupErrors::name).containsExactly("(missing)", "a", "c");
        assertThat(gaps.judged())
                .as("one row has no spread")
                .extracting(GroupErrors::name)
                .containsExactly("(missing)", "a");
        Criterion sure = gaps.criterion(Measure.MEAN_ERROR_DIFFERENCE, 0.5);
        assertThat(sure.value()).isEqualTo(1);
        assertThat(sure.verdict()).as("errors without any spread").isEqualTo(Verdict.UNFAIR);
        assertThat(gaps.criterion(Measure.MEAN_ERROR_DIFFERENCE, 1).verdict()).isEqualTo(Verdict.FAIR);
        assertThat(gaps.criterion(Measure.MAE_RATIO, 0.8).value()).isEqualTo(0.5);

        ErrorGaps none = ErrorGaps.of(new String[0], new double[0], new double[0], 30);
        assertThat(none.criterion(Measure.MAE_DIFFERENCE, 1).verdict()).isEqualTo(Verdict.INSUFFICIENT);
        var same = new String[100];
        Arrays.setAll(same, i -> i < 50 ? "x" : "y");
        Criterion right =
                ErrorGaps.of(same, new double[100], new double[100], 30).criterion(Measure.MAE_RATIO, 0.8);
        assertThat(right.value()).as("no group has any error").isEqualTo(1);
        assertThat(right.verdict()).isEqualTo(Verdict.FAIR);
        assertThatThrownBy(() -> ErrorGaps.of(names, new double[1], truth, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("7, 1, 7");
    }
}

package org.millwright.scoring.fairness;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.millwright.scoring.fairness.Criterion.Verdict;
import org.millwright.scoring.fairness.ErrorGaps.Measure;

/** How often groups of so few rows seem too far apart by chance: counted, in windows of which the truth is known. */
class SmallGroupsTest {
    /** Twelve groups of a week, such as carriers. */
    private static final int[] ROWS = {180, 160, 150, 100, 80, 60, 50, 45, 40, 35, 32, 30};

    private static final int WINDOWS = 1_000;
    private static final int ODD = 4;

    private enum Errors {
        NORMAL,
        HEAVY,
        SKEWED;

        double drawn(SplittableRandom random) {
            return switch (this) {
                case NORMAL -> random.nextGaussian();
                case HEAVY -> (random.nextBoolean() ? 1 : -1) * -Math.log(1 - random.nextDouble()) / Math.sqrt(2);
                case SKEWED -> (Math.exp(random.nextGaussian() * 0.9) - Math.exp(0.405)) / 1.7;
            };
        }
    }

    private static final class Counted {
        int beyond;
        int warned;
        int unfair;

        Counted(Supplier<Criterion> window) {
            for (int i = 0; i < WINDOWS; i++) {
                Verdict verdict = window.get().verdict();
                beyond += verdict == Verdict.FAIR ? 0 : 1;
                warned += verdict == Verdict.WARN ? 1 : 0;
                unfair += verdict == Verdict.UNFAIR ? 1 : 0;
            }
        }
    }

    /** @param odd what the errors of one group are shifted by */
    private static Counted means(Errors errors, double limit, double odd) {
        var random = new SplittableRandom(7);
        return new Counted(
                () -> gaps(() -> errors.drawn(random), 1, odd).criterion(Measure.MEAN_ERROR_DIFFERENCE, limit));
    }

    /** @param odd what the errors of one group are multiplied by */
    private static Counted ratios(Errors errors, double limit, double odd) {
        var random = new SplittableRandom(7);
        return new Counted(() -> gaps(() -> errors.drawn(random), odd, 0).criterion(Measure.MAE_RATIO, limit));
    }

    private static ErrorGaps gaps(DoubleSupplier errors, double scale, double shift) {
        List<GroupErrors> groups = new ArrayList<>();
        for (int group = 0; group < ROWS.length; group++) {
            var sum = new GroupErrors.Sum();
            for (int i = 0; i < ROWS[group]; i++) {
                sum.add(errors.getAsDouble() * (group == ODD ? scale : 1) + (group == ODD ? shift : 0));
            }
            groups.add(sum.of("g" + group));
        }
        return ErrorGaps.of(groups, 30);
    }

    @ParameterizedTest
    @EnumSource(Errors.class)
    void groupsAlikeInTheirErrorsAreNotWarnedOf(Errors errors) {
        Counted means = means(errors, 0.45, 0);
        assertThat(means.beyond).as("by chance").isGreaterThan(350);
        assertThat(means.warned).isLessThanOrEqualTo(10);
        assertThat(means.unfair).isZero();

        Counted ratios = ratios(errors, 0.65, 1);
        assertThat(ratios.beyond).isGreaterThan(150);
        assertThat(ratios.warned).isLessThanOrEqualTo(10);
        assertThat(ratios.unfair).isZero();
    }

    @ParameterizedTest
    @EnumSource(Errors.class)
    void oneGroupHalfTheLimitApartIsNotEither(Errors errors) {
        Counted means = means(errors, 0.45, 0.225);
        assertThat(means.beyond).isGreaterThan(500);
        assertThat(means.warned).isLessThanOrEqualTo(10);
        assertThat(means.unfair).isZero();
        Counted ratios = ratios(errors, 0.65, 1 / 0.825);
        assertThat(ratios.warned).isLessThanOrEqualTo(10);
        assertThat(ratios.unfair).isZero();
    }

    @ParameterizedTest
    @EnumSource(Errors.class)
    void oneGroupTwiceTheLimitApartIsFound(Errors errors) {
        Counted means = means(errors, 0.45, 0.9);
        assertThat(means.warned + means.unfair).isGreaterThan(900);
        Counted ratios = ratios(errors, 0.65, 1 / 0.3);
        assertThat(ratios.warned + ratios.unfair).isGreaterThan(900);
    }

    /** @param odd the rate of one group, the others have {@code rate} */
    private static Counted decisions(String metric, double rate, double odd) {
        var settings = new FairnessSettings(0.6, 0.2, 15, 0.05);
        var random = new SplittableRandom(7);
        return new Counted(() -> {
            List<Group> groups = new ArrayList<>();
            for (int group = 0; group < ROWS.length; group++) {
                int[] cells = new int[4];
                for (int i = 0; i < ROWS[group]; i++) {
                    boolean selected = random.nextDouble() < (group == ODD ? odd : rate);
                    cells[(selected ? 0 : 1) + 2 * random.nextInt(2)]++;
                }
                groups.add(new Group(
                        "g" + group, ROWS[group], cells[0] + cells[2], cells[0], cells[2], cells[3], cells[1]));
            }
            return Fairness.of(groups, settings).criteria().stream()
                    .filter(criterion -> criterion.metric().equals(metric))
                    .findFirst()
                    .orElseThrow();
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "disparate_impact",
                "demographic_parity_difference",
                "equalized_odds_difference",
                "equal_opportunity_difference",
                "accuracy_difference"
            })
    void groupsAlikeInDecisionsAreNotWarnedOf(String metric) {
        int beyond = 0;
        for (double rate : new double[] {0.1, 0.5, 0.8}) {
            Counted counted = decisions(metric, rate, rate);
            beyond += counted.beyond;
            assertThat(counted.warned).isLessThanOrEqualTo(10);
            assertThat(counted.unfair).isZero();
        }
        assertThat(beyond).as("by chance").isGreaterThan(900);
    }

    @Test
    void oneGroupsDecisionsHalfTheLimitApartAreNeitherAndFarBeyondAreFound() {
        assertNeither(decisions("disparate_impact", 0.3, 0.24));
        assertNeither(decisions("disparate_impact", 0.6, 0.48));
        assertNeither(decisions("demographic_parity_difference", 0.3, 0.2));
        assertNeither(decisions("demographic_parity_difference", 0.6, 0.5));
        Counted impact = decisions("disparate_impact", 0.3, 0.06);
        assertThat(impact.warned + impact.unfair).isGreaterThan(800);
        Counted parity = decisions("demographic_parity_difference", 0.6, 0.2);
        assertThat(parity.warned + parity.unfair).isGreaterThan(900);
    }

    private static void assertNeither(Counted counted) {
        assertThat(counted.beyond).isGreaterThan(200);
        assertThat(counted.warned).isLessThanOrEqualTo(10);
        assertThat(counted.unfair).isZero();
    }
}

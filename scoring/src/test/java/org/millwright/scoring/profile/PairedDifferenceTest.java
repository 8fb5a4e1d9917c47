package org.millwright.scoring.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against SciPy 1.17 ({@code ttest_rel}, {@code stats.t}) and by how often intervals hold the truth. */
class PairedDifferenceTest {
    private static final double[] FIRST = {0.5, 1.25, 3.0, 0.0, 2.5, 4.0, 1.0, 0.75, 2.0, 3.5};
    private static final double[] SECOND = {1.0, 1.0, 3.5, 0.25, 2.0, 5.0, 1.5, 1.0, 2.5, 3.0};
    private static final long[] ALONE = {};

    @ParameterizedTest
    @CsvSource({
        "1, 12.706204736174694, 0.24223788318168682, 0.936548965138893, 0.052929352119179755",
        "2, 4.302652729749462, 0.12961172022151082, 0.9294654384141402, 0.00687293367715846",
        "5, 2.5705818356363146, 0.05449009934237626, 0.9242301411546604, 7.089492517161522e-05",
        "29, 2.045229642132703, 0.018325344338426086, 0.9210324444873739, 9.060708333137183e-13",
        "100, 1.9839715185235518, 0.014045789124077172, 0.9205445310958512, 4.395087715604393e-21",
        "26999, 1.9600518535638944, 0.012425214742958171, 0.9203450679182631, 4.313545847447269e-33"
    })
    void studentsDistribution(double freedom, double quantile, double far, double near, double tail) {
        assertThat(StudentT.quantile(0.05, freedom)).isCloseTo(quantile, Percentage.withPercentage(1e-8));
        assertThat(StudentT.twoSided(2.5, freedom)).isCloseTo(far, Percentage.withPercentage(1e-7));
        assertThat(StudentT.twoSided(-0.1, freedom)).isCloseTo(near, Percentage.withPercentage(1e-8));
        assertThat(StudentT.twoSided(12, freedom)).isCloseTo(tail, Percentage.withPercentage(1e-6));
    }

    @Test
    void meansAsByThePairedTTest() {
        PairedDifference found = PairedDifference.ofMeans(FIRST, SECOND, ALONE);
        assertThat(found.difference()).isEqualTo(-0.225, within(1e-12));
        assertThat(found.low()).isEqualTo(-0.5771715279273378, within(1e-9));
        assertThat(found.high()).isEqualTo(0.1271715279273378, within(1e-9));
        assertThat(found.p()).isEqualTo(0.1822831942594312, within(1e-9));
        assertThat(found.rows()).isEqualTo(10);
        assertThat(found.groups()).isEqualTo(10);
    }

    @Test
    void rowsOfADayCountTogether() {
        PairedDifference found = PairedDifference.ofMeans(FIRST, SECOND, new long[] {0, 0, 0, 1, 1, 2, 2, 2, 3, 3});
        assertThat(found.groups()).isEqualTo(4);
        assertThat(found.low()).isEqualTo(-0.7253294136992589, within(1e-9));
        assertThat(found.high()).isEqualTo(0.2753294136992589, within(1e-9));
        assertThat(found.p()).isEqualTo(0.24777411052234247, within(1e-9));
    }

    @Test
    void rootsByTheDeltaMethod() {
        PairedDifference found = PairedDifference.ofRoots(FIRST, SECOND, ALONE);
        assertThat(found.difference()).isEqualTo(-0.08033897821524905, within(1e-12));
        assertThat(found.low()).isEqualTo(-0.20431895729562138, within(1e-9));
        assertThat(found.p()).isEqualTo(0.1767277266406386, within(1e-9));
    }

    @Test
    void whatOneOfTheTwoDoesNotAnswerIsLeftOut() {
        double[] first = FIRST.clone();
        first[3] = Double.NaN;
        PairedDifference found = PairedDifference.ofMeans(first, SECOND, ALONE);
        assertThat(found.rows()).isEqualTo(9);
        assertThat(found.difference()).isEqualTo(-2.0 / 9, within(1e-12));
        PairedDifference one = PairedDifference.ofMeans(new double[] {1}, new double[] {2}, ALONE);
        assertThat(one.difference()).isEqualTo(-1);
        assertThat(one.low()).isNaN();
        assertThat(PairedDifference.ofRoots(new double[3], new double[3], ALONE).p())
                .isEqualTo(1);
        assertThat(PairedDifference.ofMeans(new double[0], new double[0], ALONE).difference())
                .isNaN();
        assertThatThrownBy(() -> PairedDifference.ofMeans(FIRST, new double[2], ALONE))
                .hasMessageContaining("10 losses of one model, 2 of the other");
    }

    /** 30 days of 40 rows, on each of which one model is worse or better as a whole by chance; there is no difference. */
    @Test
    void intervalsOfDaysHoldTheTruthWhereThoseOfRowsDoNot() {
        var random = new Random(5);
        int days = 0;
        int rows = 0;
        int draws = 1_000;
        for (int draw = 0; draw < draws; draw++) {
            double[] first = new double[30 * 40];
            long[] day = new long[first.length];
            for (int d = 0; d < 30; d++) {
                double shared = random.nextGaussian();
                for (int i = d * 40; i < (d + 1) * 40; i++) {
                    first[i] = shared + 2 * random.nextGaussian();
                    day[i] = d;
                }
            }
            double[] none = new double[first.length];
            days += holdsZero(PairedDifference.ofMeans(first, none, day)) ? 1 : 0;
            rows += holdsZero(PairedDifference.ofMeans(first, none, ALONE)) ? 1 : 0;
        }
        assertThat(days).isBetween(930, 970);
        assertThat(rows).isLessThan(600);
    }

    private static boolean holdsZero(PairedDifference found) {
        return found.low() <= 0 && found.high() >= 0;
    }
}

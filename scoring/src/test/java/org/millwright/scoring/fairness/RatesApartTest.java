package org.millwright.scoring.fairness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RatesApartTest {
    /** By scipy 1.17.1: the likelihood under the limit at its maximum ({@code minimize_scalar}), and its score test. */
    @ParameterizedTest
    @CsvSource({
        "300, 1000, 500, 1000, 0, 3.466039832979904e-20",
        "300, 1000, 500, 1000, 0.05, 3.4413563340499037e-12",
        "300, 1000, 500, 1000, 0.1, 2.189545794324558e-06",
        "300, 1000, 500, 1000, 0.3, 0.9999991278678588",
        "9, 40, 12, 40, 0, 0.22293803870796486",
        "9, 40, 12, 40, 0.05, 0.39945545062687154",
        "9, 40, 12, 40, 0.1, 0.6007441421587564",
        "9, 40, 12, 40, 0.3, 0.9900109996237809",
        "0, 30, 6, 35, 0, 0.008649119414346157",
        "0, 30, 6, 35, 0.05, 0.0254299169504091",
        "0, 30, 6, 35, 0.1, 0.0794781614761752",
        "0, 30, 6, 35, 0.3, 0.9515276794649876",
        "2, 400, 31, 500, 0.05, 0.261401415088068",
        "2, 400, 31, 500, 0.1, 0.9990129408201082",
        "0, 50, 0, 60, 0.05, 0.962219713506179",
        "35, 35, 38, 40, 0.1, 0.9928558444377632"
    })
    void differencesByTheLikelihoodUnderTheLimit(
            long low, long lowRows, long high, long highRows, double limit, double p) {
        assertThat(new RatesApart(low, lowRows, high, highRows).beyondDifference(limit))
                .isCloseTo(p, within(p * 1e-6));
    }

    /** By statsmodels 0.15.0: {@code test_proportions_2indep(method='score', compare='ratio', correction=False)}. */
    @ParameterizedTest
    @CsvSource({
        "300, 1000, 500, 1000, 0.5, 0.999114718572139",
        "300, 1000, 500, 1000, 0.8, 1.9550515512089197e-07",
        "300, 1000, 500, 1000, 0.9, 2.969526725722378e-13",
        "300, 1000, 500, 1000, 1, 3.4660398340668375e-20",
        "9, 40, 12, 40, 0.5, 0.8566293496209427",
        "9, 40, 12, 40, 0.8, 0.43249921400804714",
        "9, 40, 12, 40, 0.9, 0.31503589200167603",
        "9, 40, 12, 40, 1, 0.2229380386021274",
        "0, 30, 6, 35, 0.5, 0.04896149829068739",
        "0, 30, 6, 35, 0.8, 0.017123856817833728",
        "2, 400, 31, 500, 0.5, 0.001870718981180104",
        "2, 400, 31, 500, 0.8, 3.9543395586141044e-05",
        "35, 35, 20, 40, 0.8, 0.9999999989042069"
    })
    void ratiosAsStatsmodels(long low, long lowRows, long high, long highRows, double limit, double p) {
        assertThat(new RatesApart(low, lowRows, high, highRows).belowRatio(limit))
                .isCloseTo(p, within(p * 1e-7));
    }

    @Test
    void ratesThatSayNothing() {
        var none = new RatesApart(0, 50, 0, 60);
        assertThat(none.beyondDifference(0)).isEqualTo(1);
        assertThat(none.belowRatio(0.8)).isEqualTo(1);
        var all = new RatesApart(0, 50, 60, 60);
        assertThat(all.beyondDifference(0.99)).isLessThan(0.5);
        assertThat(all.beyondDifference(1)).as("no gap is wider").isEqualTo(1);
        assertThat(all.belowRatio(0)).as("no ratio is lower").isEqualTo(1);
        assertThat(all.belowRatio(1.5)).isEqualTo(all.belowRatio(1));
        assertThat(all.beyondDifference(-1)).isEqualTo(all.beyondDifference(0));
    }
}

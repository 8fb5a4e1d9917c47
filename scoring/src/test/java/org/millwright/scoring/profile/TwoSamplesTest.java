package org.millwright.scoring.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.stream.DoubleStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class TwoSamplesTest {
    @Property(tries = 300)
    void distancesAreThoseOfTheDistributionFunctions(
            @ForAll Random random,
            @ForAll @IntRange(min = 1, max = 60) int n,
            @ForAll @IntRange(min = 1, max = 60) int m,
            @ForAll @IntRange(min = 1, max = 80) int spread) {
        Sample reference = counted(random, n, spread, -3);
        Sample current = counted(random, m, spread, random.nextInt(9) - 4);
        double[] all = DoubleStream.concat(DoubleStream.of(reference.values()), DoubleStream.of(current.values()))
                .sorted()
                .toArray();
        double gap = 0;
        double area = 0;
        for (int i = 0; i < all.length; i++) {
            double apart = Math.abs(reference.shareUpTo(all[i]) - current.shareUpTo(all[i]));
            gap = Math.max(gap, apart);
            area += i + 1 < all.length ? apart * (all[i + 1] - all[i]) : 0;
        }
        TwoSamples.Distances got = TwoSamples.distances(reference, current);
        assertThat(got.ks().distance()).isCloseTo(gap, within(1e-12));
        assertThat(got.wasserstein()).isCloseTo(area, within(1e-9));
        assertThat(TwoSamples.distances(current, reference)).isEqualTo(got);
    }

    /** Values with ties and weights, of which some have many rows. */
    private static Sample counted(Random random, int size, int spread, int shift) {
        double[] values = random.ints(size, 0, spread)
                .mapToDouble(value -> value / 4.0 + shift)
                .sorted()
                .toArray();
        return Sample.counted(values, random.longs(size, 1, 50).toArray());
    }

    @Property(tries = 300)
    void someTermsOfSmirnovsSumAreAsGoodAsAll(@ForAll Random random, @ForAll @IntRange(min = 400, max = 4_000) int n) {
        double least = Math.sqrt(2.2 / n);
        double d = least + random.nextDouble() * random.nextDouble() * (0.3 - least);
        double all = Kolmogorov.oneSided(n, d, 1);
        assertThat(Kolmogorov.survival(n, d)).isCloseTo(2 * all, within(1e-11 * all));
    }

    /** The probability is that of 2,000 terms with 40 digits, by mpmath. */
    @Example
    void aMillionRowsNeedNoMillionTerms() {
        assertThat(Kolmogorov.survival(1_000_000, 0.002)).isCloseTo(0.000670027710367072, within(1e-11));
    }
}

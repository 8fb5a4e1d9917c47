package org.millwright.scoring.profile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class ThinningTest {
    /** The same by a library's sort. */
    private static double[] sorted(double[] values, int coins) {
        double[] left = values;
        int bits = coins;
        for (int level = 0; level < Thinning.LEVELS; level++) {
            double[] half = new double[left.length / 2];
            for (int at = 0; at < left.length; at += 8) {
                double[] eight = Arrays.copyOfRange(left, at, at + 8);
                Arrays.sort(eight);
                for (int i = 0; i < 4; i++) {
                    half[at / 2 + i] = eight[2 * i + (bits & 1)];
                }
                bits >>>= 1;
            }
            left = half;
        }
        return left;
    }

    @Property(tries = 500)
    void everyOtherOfEightIsKeptThreeTimes(
            @ForAll Random random,
            @ForAll @IntRange(min = 0, max = 127) int coins,
            @ForAll @IntRange(max = 3) int kind) {
        double[] values = new double[40];
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (kind) {
                case 0 -> random.nextGaussian();
                case 1 -> random.nextInt(5) - 2;
                case 2 -> random.nextBoolean() ? -Double.MIN_VALUE : Double.MAX_VALUE;
                default -> -Math.exp(50 * random.nextGaussian());
            };
        }
        double[] kept = new double[Thinning.KEPT];
        new Thinning().thin(values, 8, coins, kept);
        assertThat(kept).isEqualTo(sorted(Arrays.copyOfRange(values, 8, 40), coins));
    }
}

package org.millwright.scoring.drift;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.millwright.scoring.Frame;

/** How often the defaults alarm about windows that come from the reference's own distribution, and how soon about others. */
class FalseAlarmsTest {
    private static final int WINDOWS = 1_000;
    private static final double ALPHA = DriftSettings.DEFAULT.alpha();

    @Test
    void smallWindowsAlarmNoMoreOftenThanAlphaSays() {
        assertThat(alarms(i -> 150 + i % 850, i -> 120 + i % 400, 0)).isLessThanOrEqualTo(ALPHA);
    }

    @Test
    void windowsOfALargeReferenceAlarmNoMoreOftenThanAlphaSays() {
        assertThat(alarms(i -> 2_000, i -> 100 + i % 1_200, 0)).isLessThanOrEqualTo(ALPHA);
    }

    @Test
    void aShiftIsSeenNearlyAlways() {
        assertThat(alarms(i -> 900, i -> 500, 0.5)).isGreaterThan(0.95);
        assertThat(alarms(i -> 2_000, i -> 1_100, 1.0)).isGreaterThan(0.95);
    }

    /** Share of the windows in which any column is said to have drifted. */
    private static double alarms(
            java.util.function.IntUnaryOperator referenceRows,
            java.util.function.IntUnaryOperator windowRows,
            double shift) {
        int windows = shift > 0 ? 100 : WINDOWS;
        long alarmed = IntStream.range(0, windows)
                .parallel()
                .filter(i -> {
                    Random random = new Random(i);
                    Frame reference = rows(random, referenceRows.applyAsInt(i), 0);
                    Frame window = rows(random, windowRows.applyAsInt(i), shift);
                    return DriftReport.between(reference, window, DriftSettings.DEFAULT)
                                    .drifted()
                            > 0;
                })
                .count();
        return (double) alarmed / windows;
    }

    /** Columns of every kind: smooth, skewed, with ties, discrete, with gaps, of few and of many categories. */
    private static Frame rows(Random random, int rows, double shift) {
        double[] normal = new double[rows];
        double[] skewed = new double[rows];
        double[] tied = new double[rows];
        double[] gaps = new double[rows];
        long[] discrete = new long[rows];
        String[] few = new String[rows];
        String[] many = new String[rows];
        for (int i = 0; i < rows; i++) {
            normal[i] = random.nextGaussian() + shift;
            skewed[i] = Math.exp(2 * random.nextGaussian());
            tied[i] = Math.rint(20 * random.nextDouble()) / 2;
            gaps[i] = random.nextDouble() < 0.2 ? Double.NaN : random.nextDouble();
            discrete[i] = random.nextInt(4);
            few[i] = random.nextDouble() < 0.9 ? "a" : random.nextDouble() < 0.9 ? "b" : "c";
            many[i] = "c" + (int) (1 / (0.005 + random.nextDouble()));
        }
        return Frame.of(rows)
                .doubles("normal", normal)
                .doubles("skewed", skewed)
                .doubles("tied", tied)
                .doubles("gaps", gaps)
                .longs("discrete", discrete)
                .strings("few", few)
                .strings("many", many)
                .build();
    }
}

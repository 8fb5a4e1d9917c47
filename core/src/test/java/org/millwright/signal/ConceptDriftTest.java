package org.millwright.signal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

class ConceptDriftTest {
    private static final int ROWS = 10_000;
    private static final List<ToDoubleFunction<Random>> STEADY = List.of(
            random -> Math.abs(random.nextGaussian()),
            random -> -Math.log(1 - random.nextDouble()),
            random -> Math.exp(1.5 * random.nextGaussian()),
            random -> random.nextDouble() < 0.2 ? 1 : 0);

    /** Streams of 10,000 errors without a change: normal, exponential, log-normal with a heavy tail, wrong classes. */
    @Test
    void streamsWithoutAChangeSeldomAlarm() {
        int[] falseAlarms = new int[STEADY.size()];
        int streams = 60;
        for (int kind = 0; kind < STEADY.size(); kind++) {
            for (int stream = 0; stream < streams; stream++) {
                var random = new Random(31L * stream + kind);
                var drift = new ConceptDrift();
                for (int i = 0; i < ROWS; i++) {
                    drift.take(i, STEADY.get(kind).applyAsDouble(random));
                }
                falseAlarms[kind] += drift.firsts(0, ROWS).isEmpty() ? 0 : 1;
            }
            assertThat(falseAlarms[kind]).isLessThanOrEqualTo(streams / 20);
        }
    }

    @Test
    void aRiseIsSeenByBothSoonAndAFallByNone() {
        var random = new Random(3);
        var drift = new ConceptDrift();
        for (int i = 0; i < 6_000; i++) {
            drift.take(i, Math.abs(random.nextGaussian()) * (i < 3_000 ? 1 : 2));
        }
        assertThat(drift.firsts(0, 3_000)).isEmpty();
        assertThat(drift.firsts(3_000, 6_000)).containsOnlyKeys("adwin", "page-hinkley");
        drift.firsts(3_000, 6_000).values().forEach(found -> {
            assertThat(found.at()).isBetween(3_000L, 3_600L);
            assertThat(found.after()).isGreaterThan(1.5 * found.before());
        });
        var better = new ConceptDrift();
        for (int i = 0; i < 6_000; i++) {
            better.take(i, Math.abs(random.nextGaussian()) * (i < 3_000 ? 2 : 1));
        }
        assertThat(better.firsts(0, 6_000)).isEmpty();
    }

    @Test
    void errorsThatAreNoNumberAreNoRows() {
        var random = new Random(3);
        var clean = new ConceptDrift();
        var mixed = new ConceptDrift();
        for (int i = 0; i < 6_000; i++) {
            double error = Math.abs(random.nextGaussian()) * (i < 3_000 ? 1 : 2);
            clean.take(i, error);
            mixed.take(i, error);
            mixed.take(i, i % 2 == 0 ? Double.NaN : Double.POSITIVE_INFINITY);
        }
        assertThat(mixed.firsts(0, 6_000)).hasSize(2).isEqualTo(clean.firsts(0, 6_000));
    }

    @Test
    void fewErrorsAndThoseOfNothingSayNothing() {
        var drift = new ConceptDrift();
        for (int i = 0; i < ConceptDrift.WARM - 1; i++) {
            drift.take(i, i < 100 ? 0 : 50);
        }
        assertThat(drift.firsts(0, ConceptDrift.WARM)).isEmpty();
        var zero = new ConceptDrift();
        for (int i = 0; i < 1_000; i++) {
            zero.take(i, 0);
        }
        assertThat(zero.firsts(0, 1_000)).isEmpty();
    }
}

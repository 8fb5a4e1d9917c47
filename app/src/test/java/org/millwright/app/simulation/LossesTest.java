package org.millwright.app.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The arithmetic of what retraining saved. */
class LossesTest {
    private static final Losses.Span FIRST = new Losses.Span("first", 0, 1000);
    private static final Losses.Span SECOND = new Losses.Span("second", 1000, 2000);

    @Test
    void errorsAreThoseOfEachWindowAndOfAll() {
        var losses = new Losses(Losses.Kind.NUMBERS);
        losses.add(0, 3.0, 4.0, 0.0);
        losses.add(999, -3.0, 4.0, 0.0);
        losses.add(1000, 1.0, 1.0, 0.0);
        losses.add(2000, 100.0, 0.0, 0.0);

        List<Losses.Period> periods = losses.by(List.of(SECOND, FIRST));

        assertThat(periods).extracting(Losses.Period::window).containsExactly("first", "second");
        Losses.Period first = periods.getFirst();
        assertThat(first.n()).isEqualTo(2);
        assertThat(first.production()).isEqualTo(3);
        assertThat(first.held()).isEqualTo(4);
        assertThat(first.saved()).isEqualTo(1);
        assertThat(first.kept()).isEqualTo(2);
        assertThat(periods.getLast().saved()).isZero();
        assertThat(losses.whole().n()).isEqualTo(4);
        assertThat(losses.whole().production()).isCloseTo(Math.sqrt(10_019 / 4.0), within(1e-9));
    }

    @Test
    void theIntervalIsOfPairsAndHoldsTheDifference() {
        var losses = new Losses(Losses.Kind.NUMBERS);
        var random = new Random(7);
        for (int i = 0; i < 5_000; i++) {
            double outcome = random.nextGaussian() * 40;
            double noise = random.nextGaussian() * 10;
            losses.add(i % 1000, outcome + noise, outcome + noise * 1.1, outcome);
        }

        Losses.Period whole = losses.whole();

        assertThat(whole.saved()).isCloseTo(1, within(0.1)).isBetween(whole.low(), whole.high());
        assertThat(whole.high() - whole.low()).isLessThan(0.1);
        assertThat(whole.isBetter()).isTrue();
        assertThat(whole.isWorse()).isFalse();
    }

    @Test
    void noDifferenceIsNoneAndOneRowSaysNothing() {
        var same = new Losses(Losses.Kind.NUMBERS);
        same.add(0, 1.0, 1.0, 2.0);
        assertThat(same.whole().isBetter()).isFalse();
        assertThat(same.whole().low()).isNaN();
        same.add(1, 1.0, 1.0, 2.0);
        assertThat(same.whole().isBetter()).isFalse();
        assertThat(same.whole().isWorse()).isFalse();
        assertThat(new Losses(Losses.Kind.NUMBERS).by(List.of(FIRST))).isEmpty();
    }

    @Test
    void classesAreRightOrWrong() {
        var losses = new Losses(Losses.Kind.CLASSES);
        losses.add(0, "late", "late", "late");
        losses.add(0, "late", "on time", "late");
        losses.add(0, 1.0, 0.0, 1L);
        losses.add(0, "on time", "on time", "late");

        assertThat(losses.whole().production()).isEqualTo(0.25);
        assertThat(losses.whole().held()).isEqualTo(0.75);
        assertThat(losses.whole().kept()).isEqualTo(2);
    }
}

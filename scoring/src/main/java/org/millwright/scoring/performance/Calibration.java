package org.millwright.scoring.performance;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.IntStream;

/** Makes probabilities of scores: by isotonic regression, or leaves them where that would not help. */
final class Calibration {
    private static final int FOLDS = 10;
    private static final int BINS = 10;

    private final Optional<Isotonic> isotonic;

    private Calibration(Optional<Isotonic> isotonic) {
        this.isotonic = isotonic;
    }

    /** Calibrates when every tenth row, calibrated by the others, comes closer to the truth than it was. */
    static Calibration fit(double[] scores, boolean[] truth) {
        double[] y = numbers(truth);
        double[] held = new double[scores.length];
        for (int fold = 0; fold < FOLDS; fold++) {
            int left = fold;
            int[] others =
                    IntStream.range(0, y.length).filter(i -> i % FOLDS != left).toArray();
            if (others.length == 0) {
                return new Calibration(Optional.empty());
            }
            Isotonic part = Isotonic.fit(chosen(scores, others), chosen(y, others));
            for (int i = fold; i < y.length; i += FOLDS) {
                held[i] = part.at(scores[i]);
            }
        }
        boolean single = Arrays.stream(y).distinct().count() < 2;
        boolean better = !single && error(held, y) < error(scores, y);
        return new Calibration(better ? Optional.of(Isotonic.fit(scores, y)) : Optional.empty());
    }

    private static double[] numbers(boolean[] truth) {
        double[] y = new double[truth.length];
        Arrays.setAll(y, i -> truth[i] ? 1 : 0);
        return y;
    }

    private static double[] chosen(double[] values, int[] rows) {
        return Arrays.stream(rows).mapToDouble(i -> values[i]).toArray();
    }

    /** Expected calibration error over ten bins of equally many rows. */
    private static double error(double[] probabilities, double[] y) {
        int[] order = IntStream.range(0, y.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> probabilities[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        double[] gaps = new double[BINS];
        for (int i = 0; i < order.length; i++) {
            gaps[(int) ((long) i * BINS / order.length)] += probabilities[order[i]] - y[order[i]];
        }
        return Arrays.stream(gaps).map(Math::abs).sum() / y.length;
    }

    Optional<Isotonic> isotonic() {
        return isotonic;
    }

    double[] apply(double[] scores) {
        return isotonic.map(function -> function.at(scores)).orElse(scores);
    }
}

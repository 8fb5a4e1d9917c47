package org.millwright.pipeline.steps;

import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.millwright.scoring.Frame;
import org.millwright.scoring.performance.ClassesEstimator;
import org.millwright.scoring.performance.Estimator;

/**
 * Held-out rows of three classes and more with the probability of each.
 *
 * @param truth number of each row's class, -1 where it is not known
 * @param probabilities by class, then by row
 * @param output the place of the model's output that has the first class's
 */
record ManyClasses(int[] truth, double[][] probabilities, int output, String[] times) {
    private static final double ROUNDING = 1e-3;

    /**
     * Empty when the labels have two classes, too many, or the answers are no probability for each. Of probabilities behind
     * a class and of probabilities alone the order is scikit-learn's.
     */
    static Optional<ManyClasses> of(Frame predicted, Frame labels, String[] times) {
        @Nullable String[] names = Classes.in(labels, 0, Classes.isTruth(labels));
        int count = Classes.distinct(names).size();
        if (count < 3 || count > ClassesEstimator.MOST_CLASSES) {
            return Optional.empty();
        }
        int output = predicted.width() - count;
        if (output < 0 || output > 1) {
            return Optional.empty();
        }
        double[][] probabilities = new double[count][];
        for (int c = 0; c < count; c++) {
            if (!predicted.type(output + c).isReal()) {
                return Optional.empty();
            }
            probabilities[c] = predicted.doubles(output + c);
        }
        Classes classes = Classes.of(labels.name(0), Classes.distinct(names));
        return sumToOne(probabilities, predicted.rows())
                ? Optional.of(new ManyClasses(classes.numbers(names), probabilities, output, times))
                : Optional.empty();
    }

    private static boolean sumToOne(double[][] probabilities, int rows) {
        for (int row = 0; row < rows; row++) {
            double sum = 0;
            for (double[] column : probabilities) {
                sum += column[row];
            }
            if (!(Math.abs(sum - 1) < ROUNDING)) {
                return false;
            }
        }
        return true;
    }

    /** Empty with too few labelled rows. */
    Optional<Estimator> estimator() {
        int[] order =
                HeldOutRows.byTime(IntStream.range(0, truth.length).filter(row -> truth[row] >= 0), row -> times[row]);
        return order.length < Estimator.LEAST_ROWS
                ? Optional.empty()
                : Optional.of(ClassesEstimator.fit(truth, probabilities, order, output));
    }
}

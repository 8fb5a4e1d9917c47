package org.millwright.scoring.metrics;

import java.util.function.ToDoubleFunction;
import org.millwright.scoring.metrics.RegressionMetrics.Estimate;

/** Numbers that depend on counts of rows by outcome only, such as those of a confusion matrix, with their uncertainty. */
final class Multinomial {
    private static final double STEP = 1e-4;

    private Multinomial() {}

    /**
     * The function's value at the counts and its 95 % interval by the delta method.
     *
     * @param function of the counts, unchanged when all are doubled
     */
    static Estimate of(double[] counts, ToDoubleFunction<double[]> function, double low, double high) {
        double value = function.applyAsDouble(counts);
        double[] moved = counts.clone();
        double variance = 0;
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] > 0) {
                double step = STEP * counts[i];
                moved[i] = counts[i] + step;
                double up = function.applyAsDouble(moved);
                moved[i] = counts[i] - step;
                double slope = (up - function.applyAsDouble(moved)) / (2 * step);
                variance += counts[i] * slope * slope;
                moved[i] = counts[i];
            }
        }
        Estimate estimate = Estimate.of(value, Math.sqrt(variance));
        return new Estimate(value, Math.max(low, estimate.low()), Math.min(high, estimate.high()));
    }
}

package org.millwright.scoring.performance;

import java.util.Arrays;

/**
 * Between which values a metric was on the reference's chunks: their mean ± three standard deviations.
 *
 * @param lower not below what the metric can be
 * @param upper not above
 */
public record Limits(double lower, double upper) {
    private static final int DEVIATIONS = 3;

    /** @param realised the metric on each chunk of the reference; NaN where it was not defined */
    static Limits of(double[] realised, double least, double most) {
        double[] known =
                Arrays.stream(realised).filter(value -> !Double.isNaN(value)).toArray();
        double mean = Arrays.stream(known).average().orElse(Double.NaN);
        double variance = Arrays.stream(known)
                .map(value -> (value - mean) * (value - mean))
                .average()
                .orElse(Double.NaN);
        double room = DEVIATIONS * Math.sqrt(variance);
        return new Limits(Math.max(least, mean - room), Math.min(most, mean + room));
    }

    boolean holds(double value) {
        return !(value < lower || value > upper);
    }
}

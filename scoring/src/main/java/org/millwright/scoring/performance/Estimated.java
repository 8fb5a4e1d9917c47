package org.millwright.scoring.performance;

/**
 * A metric that was estimated without labels.
 *
 * @param value NaN when the rows tell nothing
 * @param samplingError standard error that so many rows have by chance
 * @param low value − 3 sampling errors, not below what the metric can be
 * @param high value + 3 sampling errors, not above
 * @param limits between which the metric was on the reference
 */
public record Estimated(double value, double samplingError, double low, double high, Limits limits) {
    static Estimated of(double value, double samplingError, Limits limits, double least, double most) {
        return new Estimated(
                value,
                samplingError,
                Math.max(least, value - 3 * samplingError),
                Math.min(most, value + 3 * samplingError),
                limits);
    }

    /** Whether the model probably does not do as it did. */
    public boolean alert() {
        return !limits.holds(value);
    }
}

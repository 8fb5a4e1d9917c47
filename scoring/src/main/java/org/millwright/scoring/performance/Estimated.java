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

    /** Whether the value is beyond three standard deviations of the reference's chunks: what NannyML alerts at. */
    public boolean alert() {
        return !limits.holds(value);
    }

    /** What the value says about the model. */
    public Signal signal() {
        if (Double.isNaN(value) || !limits.areKnown()) {
            return Signal.UNKNOWN;
        }
        return value < limits.least() || value > limits.most() ? Signal.ALERT : alert() ? Signal.WARN : Signal.OK;
    }

    /** What an estimate says. */
    public enum Signal {
        OK,
        /** Beyond three standard deviations, but not beyond what so few chunks may have by chance. */
        WARN,
        /** The model probably does not do as it did. */
        ALERT,
        /** Too few chunks, or no value. */
        UNKNOWN
    }
}

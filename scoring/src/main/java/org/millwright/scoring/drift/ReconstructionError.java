package org.millwright.scoring.drift;

/**
 * How well the rows of a window are made again from the principal components of training.
 *
 * @param value mean reconstruction error
 * @param samplingError standard error of it that so many rows have by chance
 * @param rows of the window
 * @param usual mean reconstruction error of held-out rows; NaN when there were too few
 * @param least below which the mean of so many rows is not by chance; NaN when unknown
 * @param most above which it is not
 */
public record ReconstructionError(
        double value, double samplingError, long rows, double usual, double least, double most) {
    /** Whether there were enough held-out rows to tell. */
    public boolean hasLimits() {
        return !Double.isNaN(least) && !Double.isNaN(most);
    }

    /** Whether the columns do not hang together as they did in training. */
    public boolean isDrift() {
        return value < least || value > most;
    }
}

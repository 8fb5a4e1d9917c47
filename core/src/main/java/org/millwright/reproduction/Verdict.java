package org.millwright.reproduction;

/** What came out when a model version was made again, the best first. */
public enum Verdict {
    /** The files that score are the same, bit for bit. */
    BIT_IDENTICAL,
    /** Other bytes, but exactly the same predictions on the recorded rows. */
    SAME_PREDICTIONS,
    /** Predictions differ by no more than the project's hand-off tolerance. */
    WITHIN_TOLERANCE,
    DIFFERENT,
    /** Something that it was made of is not to be had any more. */
    CANNOT_RERUN;

    /** Whether predictions are less like the recorded ones; other bytes that predict the same are no worse. */
    public boolean isWorseThan(Verdict other) {
        return compareTo(SAME_PREDICTIONS) > 0 && compareTo(other) > 0;
    }

    /** Whether what was recorded still gives this model. */
    public boolean reproduces() {
        return compareTo(DIFFERENT) < 0;
    }
}

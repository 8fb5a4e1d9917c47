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

    /** Whether what was recorded still gives this model. */
    public boolean reproduces() {
        return compareTo(DIFFERENT) < 0;
    }
}

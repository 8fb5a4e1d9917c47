package org.millwright.scoring.stream;

/**
 * Watches a stream for the moment when it changes, in bounded memory. The value after a drift starts it anew. Mutable; one
 * thread at a time. Values must be finite.
 */
public sealed interface Detector permits Adwin, Ddm, HddmA, Kswin, PageHinkley {
    /** What the last value told. */
    enum State {
        STABLE,
        /** Perhaps; only of detectors that warn. */
        WARNING,
        DRIFT
    }

    /** Takes the next value. */
    State update(double value);
}

package org.millwright.outcome;

/** What came of a prediction. */
public sealed interface Outcome {
    /** A number, in the unit of the prediction. */
    record Quantity(double value) implements Outcome {}

    /** The name of a class. */
    record Named(String name) implements Outcome {}

    static Outcome of(double value) {
        return new Quantity(value);
    }

    static Outcome of(String name) {
        return new Named(name);
    }

    /** Truth values name classes. */
    static Outcome of(boolean truth) {
        return new Named(Boolean.toString(truth));
    }
}

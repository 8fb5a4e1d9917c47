package org.millwright.scoring.drift;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How drift is judged.
 *
 * @param method the one that decides wherever it applies; empty for the default of each column
 * @param threshold from which that method's value is drift (of a test: up to which); empty for its own
 * @param alpha how often at most a window without drift may raise an alarm about any of its columns, above 0 to 1
 * @param minRows rows with a value that both sides of a column need before anything is said
 * @param columnsShare share of the compared columns that must have drifted for the table to have drifted
 * @param columns what decides about single columns instead, by name
 */
public record DriftSettings(
        Optional<DriftMethod> method,
        OptionalDouble threshold,
        double alpha,
        int minRows,
        double columnsShare,
        Map<String, Chosen> columns) {
    /** Up to so many rows on both sides a test decides, beyond the size of the change. */
    public static final int SMALL = 1_000;

    public static final DriftSettings DEFAULT =
            new DriftSettings(Optional.empty(), OptionalDouble.empty(), 0.05, 100, 0.5);

    /** What decides, from where on; empty for the method's own threshold. */
    public record Chosen(DriftMethod method, OptionalDouble threshold) {}

    public DriftSettings {
        columns = Map.copyOf(columns);
        require(alpha > 0 && alpha <= 1, "alpha", alpha, "above 0, at most 1");
        require(minRows >= 1, "min rows", minRows, "1 or more");
        require(columnsShare > 0 && columnsShare <= 1, "share of columns", columnsShare, "above 0, at most 1");
        double limit = threshold.orElse(1);
        require(limit > 0 && limit < Double.POSITIVE_INFINITY, "threshold", limit, "above 0");
        if (threshold.isPresent() && method.isEmpty()) {
            throw new IllegalArgumentException(
                    "a threshold needs the method that it is for (" + DriftMethod.names() + ")");
        }
        method.filter(chosen -> !chosen.decides()).ifPresent(chosen -> {
            throw new IllegalArgumentException(
                    "method " + chosen.text() + " does not decide alone (expected: " + DriftMethod.names() + ")");
        });
    }

    /** The same way for all columns. */
    public DriftSettings(
            Optional<DriftMethod> method, OptionalDouble threshold, double alpha, int minRows, double columnsShare) {
        this(method, threshold, alpha, minRows, columnsShare, Map.of());
    }

    /** What holds of a column. */
    DriftSettings of(String column) {
        Chosen own = columns.get(column);
        return own == null
                ? this
                : new DriftSettings(Optional.of(own.method()), own.threshold(), alpha, minRows, columnsShare);
    }

    private static void require(boolean right, String what, double value, String expected) {
        if (!right) {
            throw new IllegalArgumentException(what + ": " + value + " (expected: " + expected + ")");
        }
    }
}

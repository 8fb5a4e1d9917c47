package org.millwright.scoring.bundle;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.millwright.scoring.Frame;
import org.millwright.scoring.InvalidInput;

/**
 * How well two sets of predictions for the same rows agree.
 *
 * @param rows rows compared
 * @param tolerance two finite numbers agree when they differ by at most tolerance · max(1, |expected|); whole numbers, as
 *     classes are, must be the same
 * @param largest the largest absolute difference of two numbers
 * @param disagreements cells that do not agree
 * @param examples the first of them, at most 20
 */
public record Agreement(long rows, double tolerance, double largest, long disagreements, List<Cell> examples) {
    /** Disagreements shown one by one. */
    public static final int EXAMPLES = 20;

    /** One cell that differs; values as text. */
    public record Cell(int row, String column, String expected, String got) {}

    public Agreement {
        examples = List.copyOf(examples);
    }

    /** Whether at least one row was compared and all agree. */
    public boolean holds() {
        return rows > 0 && disagreements == 0;
    }

    /** Compares columns by name; throws {@link InvalidInput} when rows or columns do not correspond. */
    public static Agreement between(Frame expected, Frame got, double tolerance) {
        if (expected.rows() != got.rows()) {
            throw InvalidInput.of("expected " + expected.rows() + " predictions, got " + got.rows());
        }
        double largest = 0;
        long disagreements = 0;
        List<Cell> examples = new ArrayList<>();
        for (int column = 0; column < expected.width(); column++) {
            String name = expected.name(column);
            int other = column(expected, got, name);
            for (int row = 0; row < expected.rows(); row++) {
                Object a = expected.value(column, row);
                Object b = got.value(other, row);
                double difference = difference(a, b);
                largest = Double.isFinite(difference) ? Math.max(largest, difference) : largest;
                if (!agree(a, b, tolerance)) {
                    disagreements++;
                    if (examples.size() < EXAMPLES) {
                        examples.add(new Cell(row, name, String.valueOf(a), String.valueOf(b)));
                    }
                }
            }
        }
        return new Agreement(expected.rows(), tolerance, largest, disagreements, examples);
    }

    private static int column(Frame expected, Frame got, String name) {
        int position = got.position(name);
        if (position < 0 && expected.width() == 1 && got.width() == 1) {
            return 0;
        }
        if (position < 0) {
            throw InvalidInput.column(name, "is not among the predictions " + got.names());
        }
        return position;
    }

    /** Whether a prediction is the expected one; null is a missing prediction, which NaN is, too. */
    public static boolean agree(@Nullable Object expected, @Nullable Object got, double tolerance) {
        if (expected instanceof Long && got instanceof Long) {
            return expected.equals(got);
        }
        if (expected instanceof Number a && got instanceof Number b) {
            double scale = Math.max(1, Math.abs(a.doubleValue()));
            return a.doubleValue() == b.doubleValue()
                    || Double.isFinite(scale) && difference(a, b) <= tolerance * scale;
        }
        return expected == null ? got == null : expected.equals(got);
    }

    private static double difference(@Nullable Object a, @Nullable Object b) {
        return a instanceof Number x && b instanceof Number y
                ? Math.abs(x.doubleValue() - y.doubleValue())
                : Double.NaN;
    }
}

package org.millwright.signal;

import java.util.List;

/**
 * How the measured loss of a window came to be higher than that of one before: which kinds of rows it rose in.
 *
 * @param loss {@code mae} of numbers, {@code error_rate} of classes
 * @param window its label, and that of the one before
 * @param rows with an outcome in each
 * @param low end of the 95 % interval of now − before
 * @param parts kinds of rows that make more of the rise than their share of the rows and more than chance explains, those
 *     with most first
 */
public record LossChange(
        String loss,
        String window,
        String version,
        String windowBefore,
        long rows,
        long rowsBefore,
        double before,
        double now,
        double low,
        double high,
        double p,
        List<Part> parts) {
    public LossChange {
        parts = List.copyOf(parts);
    }

    /**
     * Rows with one value of a column. The parts of one column sum up to the whole rise.
     *
     * @param column a column that the agreement splits by, or {@code prediction} or {@code weekday}
     * @param before mean loss of its rows in the window before; NaN when there were none
     * @param share of the window's rows
     * @param change part of the rise that its rows make: by losing more, or by being more
     * @param p that its loss rose by so much more than that of the others only by chance, corrected for the number of kinds
     *     that were looked at (Holm)
     */
    public record Part(
            String column, String value, long rows, double before, double now, double share, double change, double p) {
        /** The rows in words, such as {@code origin=JFK}. */
        public String where() {
            return column + "=" + value;
        }
    }
}

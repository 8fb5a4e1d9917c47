package org.millwright.dataset;

import java.util.List;
import java.util.Optional;

/** What is in a table: one summary a column. */
public record TableProfile(long rows, List<ColumnProfile> columns) {
    public TableProfile {
        columns = List.copyOf(columns);
    }

    /**
     * What is in a column.
     *
     * @param missing number of null values
     * @param nan number of values that are no number, besides those missing
     * @param distinct number of different values
     * @param min smallest value as text; texts by code point
     * @param numbers moments and quantiles of a numeric column
     * @param top the most frequent values with their counts, at most ten; none for columns of more than 1000 values
     */
    public record ColumnProfile(
            String name,
            String type,
            long missing,
            long nan,
            long distinct,
            Optional<String> min,
            Optional<String> max,
            Optional<Numbers> numbers,
            List<Frequency> top) {
        public ColumnProfile {
            top = List.copyOf(top);
        }
    }

    /** Moments of the finite values, and their quantiles at {@link #LEVELS}. */
    public record Numbers(double mean, double deviation, List<Double> quantiles) {
        /** The levels of the quantiles. */
        public static final List<Double> LEVELS = List.of(0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99);

        public Numbers {
            quantiles = List.copyOf(quantiles);
        }
    }

    /** How often a value occurs. */
    public record Frequency(String value, long count) {}

    public Optional<ColumnProfile> column(String name) {
        return columns.stream().filter(column -> column.name().equals(name)).findFirst();
    }
}

package org.millwright.insight;

import java.util.List;
import java.util.OptionalDouble;

/**
 * How values spread: their number, and the median and the 90th percentile where there are enough to say so.
 *
 * @param median the middle value, or the mean of the two in the middle; from {@link #FOR_MEDIAN} values on
 * @param p90 the value at rank ⌈0.9 n⌉; from {@link #FOR_P90} values on
 */
public record Spread(int n, OptionalDouble median, OptionalDouble p90) {
    public static final int FOR_MEDIAN = 3;
    public static final int FOR_P90 = 10;

    static final Spread NONE = new Spread(0, OptionalDouble.empty(), OptionalDouble.empty());

    static Spread of(List<Long> values) {
        double[] sorted =
                values.stream().mapToDouble(Long::doubleValue).sorted().toArray();
        int n = sorted.length;
        return new Spread(
                n,
                n < FOR_MEDIAN ? OptionalDouble.empty() : OptionalDouble.of((sorted[(n - 1) / 2] + sorted[n / 2]) / 2),
                n < FOR_P90 ? OptionalDouble.empty() : OptionalDouble.of(sorted[(int) Math.ceil(0.9 * n) - 1]));
    }

    public boolean isEnough() {
        return median.isPresent();
    }
}

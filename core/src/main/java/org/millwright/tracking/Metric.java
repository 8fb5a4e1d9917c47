package org.millwright.tracking;

import java.util.Comparator;
import java.util.Optional;

/**
 * One value of a metric; the latest of a key is the greatest by (step, timestamp, value), whatever was written last.
 *
 * @param value may be NaN; infinities are kept as the largest finite number
 * @param timestamp milliseconds since the epoch
 * @param model logged model that the value is about as well
 * @param dataset data that the value was measured on
 */
public record Metric(
        String key, double value, long timestamp, long step, Optional<String> model, Optional<DatasetRef> dataset) {
    static final Comparator<Metric> LATEST = Comparator.comparingLong(Metric::step)
            .thenComparingLong(Metric::timestamp)
            .thenComparingDouble(Metric::stored);

    public Metric {
        if (Double.isInfinite(value)) {
            value = Math.copySign(Double.MAX_VALUE, value);
        }
    }

    public Metric(String key, double value, long timestamp, long step) {
        this(key, value, timestamp, step, Optional.empty(), Optional.empty());
    }

    /** The value as the database keeps it: 0 for NaN, which a flag marks. */
    double stored() {
        return Double.isNaN(value) ? 0 : value + 0.0;
    }

    int nanFlag() {
        return Double.isNaN(value) ? 1 : 0;
    }

    /** A dataset by name and digest. */
    public record DatasetRef(String name, Optional<String> digest) {}
}

package org.millwright.scoring.metrics;

import java.util.Arrays;
import org.millwright.scoring.metrics.RegressionMetrics.Estimate;

/** Means of many values and how sure they are. */
final class Means {
    private Means() {}

    /** The mean, summed with compensation so that a million rows lose no digits. */
    static double mean(double[] values) {
        return values.length == 0 ? Double.NaN : Arrays.stream(values).sum() / values.length;
    }

    /** NaN below two values. */
    static double standardError(double[] values) {
        double center = mean(values);
        double sum = Arrays.stream(values).map(v -> (v - center) * (v - center)).sum();
        return values.length < 2 ? Double.NaN : Math.sqrt(sum / (values.length - 1) / values.length);
    }

    static Estimate estimate(double[] values) {
        return Estimate.of(mean(values), standardError(values));
    }
}

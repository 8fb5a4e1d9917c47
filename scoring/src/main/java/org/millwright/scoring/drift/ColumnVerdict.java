package org.millwright.scoring.drift;

import java.util.List;
import org.millwright.scoring.profile.ColumnDrift;

/**
 * One column judged.
 *
 * @param method what decided
 * @param value its value, NaN when there is too little to measure; of a test, the p-value after Holm's correction
 * @param threshold from which (of a test: up to which) the value is drift
 * @param p of the column's test after Holm's correction over all columns: how likely chance alone moves it as far; NaN
 *     without one
 * @param chance the part of the value that two samples of one distribution have on average; 0 when it does not matter
 * @param measures every measure that applies, also those that decide nothing
 * @param reason in words, empty when the numbers say it all
 */
public record ColumnVerdict(
        ColumnComparison comparison,
        DriftMethod method,
        double value,
        double threshold,
        double p,
        double chance,
        DriftVerdict verdict,
        List<Measure> measures,
        String reason) {
    public ColumnVerdict {
        measures = List.copyOf(measures);
    }

    /**
     * One measure of a column, against its own threshold.
     *
     * @param verdict what this measure alone would say
     */
    public record Measure(DriftMethod method, double value, double threshold, DriftVerdict verdict) {}

    public String column() {
        return comparison.column();
    }

    /** Whether the column counts when it is asked how many have drifted. */
    public boolean counts() {
        return verdict != DriftVerdict.INSUFFICIENT && comparison.kind() != ColumnComparison.Kind.NEW;
    }

    /**
     * How many times its threshold the change is; of a test, which has no size, that of the distance that it tests.
     * Infinite of a column that is gone or of another type, 0 where nothing is known.
     */
    public double excess() {
        if (comparison.drift().isEmpty()) {
            return verdict == DriftVerdict.DRIFT ? Double.POSITIVE_INFINITY : 0;
        }
        ColumnDrift drift = comparison.drift().get();
        DriftMethod size = method == DriftMethod.KS_TEST
                ? DriftMethod.KOLMOGOROV_SMIRNOV
                : method == DriftMethod.CHI_SQUARE ? DriftMethod.CRAMERS_V : method;
        double times = size == method ? value / threshold : size.value(drift) / size.alert();
        return Double.isNaN(times) ? 0 : times;
    }
}

package org.millwright.signal;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.millwright.alert.Verdict;
import org.millwright.drift.Drifted;

/**
 * A column that moved, as a likely cause of what happened to the model.
 *
 * @param method how far it moved was measured by
 * @param value effect size
 * @param limit effect size that counts as moved
 * @param usage by how much predictions moved when the column was dealt out anew, in standard deviations; NaN when unknown
 * @param weight what columns are ranked by: effect over limit, times the column's part in the usage of all where known
 */
public record Cause(String column, String method, double value, double limit, double usage, double weight) {
    /** Columns that moved at least close to their limits, the likeliest cause first. */
    public static List<Cause> of(Drifted drifted, Map<String, Double> usage) {
        double all = usage.values().stream().mapToDouble(Double::doubleValue).sum();
        List<Cause> causes = new ArrayList<>();
        for (Drifted.Column column : drifted.columns()) {
            if (column.verdict() != Verdict.BROKEN && column.verdict() != Verdict.AT_RISK) {
                continue;
            }
            double used = usage.getOrDefault(column.name(), Double.NaN);
            double part = all > 0 && !Double.isNaN(used) ? used / all : 1;
            double effect = column.value() / column.alert();
            causes.add(new Cause(column.name(), column.method(), column.value(), column.alert(), used, effect * part));
        }
        causes.sort(Comparator.comparingDouble((Cause cause) -> -cause.weight()).thenComparing(Cause::column));
        return causes;
    }
}

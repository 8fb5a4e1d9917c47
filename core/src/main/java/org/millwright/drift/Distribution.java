package org.millwright.drift;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.millwright.alert.Alerts;
import org.millwright.scoring.profile.CategoryProfile;
import org.millwright.scoring.profile.ColumnProfile;
import org.millwright.scoring.profile.NumericProfile;
import org.millwright.scoring.profile.Shares;

/**
 * A column's values in training and in a window, over the same bins.
 *
 * @param bins label of each bin: {@code ≤ 3}, {@code 3 – 8}, {@code > 8}, or a category; rare ones are one, {@code other}
 * @param reference share of training rows with a value in each bin, 0 to 1; empty when there was none
 * @param current likewise of the window
 * @param referenceMissing share of training rows without a value
 * @param currentMissing share of the window's rows without a value
 */
public record Distribution(
        String column,
        boolean numeric,
        List<String> bins,
        double[] reference,
        double[] current,
        double referenceMissing,
        double currentMissing,
        long rows) {
    private static final int SHOWN = 12;

    public static Distribution of(String name, ColumnProfile reference, ColumnProfile current) {
        if (reference instanceof NumericProfile r && current instanceof NumericProfile c) {
            return make(name, true, labels(r.edges()), r.bins(), c.bins(), reference, current);
        }
        Map<String, Long> before = ((CategoryProfile) reference).counts();
        Map<String, Long> now = ((CategoryProfile) current).counts();
        var names = new java.util.TreeSet<>(before.keySet());
        names.addAll(now.keySet());
        List<String> shown = names.stream()
                .sorted(Comparator.comparingDouble(
                                (String key) -> -Math.max(share(before, key, reference), share(now, key, current)))
                        .thenComparing(key -> key))
                .limit(SHOWN)
                .toList();
        var bins = new ArrayList<>(shown);
        long[] r = counts(before, shown, reference.present());
        long[] c = counts(now, shown, current.present());
        if (r[shown.size()] + c[shown.size()] > 0) {
            bins.add("other");
        }
        return make(
                name,
                false,
                bins,
                java.util.Arrays.copyOf(r, bins.size()),
                java.util.Arrays.copyOf(c, bins.size()),
                reference,
                current);
    }

    private static double share(Map<String, Long> counts, String key, ColumnProfile column) {
        return column.present() == 0 ? 0 : (double) counts.getOrDefault(key, 0L) / column.present();
    }

    private static long[] counts(Map<String, Long> counts, List<String> shown, long all) {
        long[] result = new long[shown.size() + 1];
        long rest = all;
        for (int i = 0; i < shown.size(); i++) {
            result[i] = counts.getOrDefault(shown.get(i), 0L);
            rest -= result[i];
        }
        result[shown.size()] = Math.max(0, rest);
        return result;
    }

    private static List<String> labels(double[] edges) {
        var labels = new ArrayList<String>();
        for (int i = 0; i <= edges.length; i++) {
            if (edges.length == 0) {
                labels.add("all");
            } else if (i == 0) {
                labels.add("≤ " + Alerts.figure(edges[0]));
            } else if (i == edges.length) {
                labels.add("> " + Alerts.figure(edges[i - 1]));
            } else {
                labels.add(Alerts.figure(edges[i - 1]) + " – " + Alerts.figure(edges[i]));
            }
        }
        return labels;
    }

    private static Distribution make(
            String name,
            boolean numeric,
            List<String> bins,
            long[] before,
            long[] now,
            ColumnProfile reference,
            ColumnProfile current) {
        return new Distribution(
                name,
                numeric,
                List.copyOf(bins),
                reference.present() == 0 ? new double[0] : Shares.of(before),
                current.present() == 0 ? new double[0] : Shares.of(now),
                reference.missingShare(),
                current.missingShare(),
                current.rows());
    }
}

package org.millwright.scoring.drift;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.millwright.scoring.profile.Sample;
import org.millwright.scoring.profile.Shares;

/**
 * Two distributions beside each other, coarse enough to be looked at.
 *
 * @param labels of the bars: ranges, values or categories
 * @param edges inner edges between the bars of a range; empty when each bar is a value
 * @param reference share of each bar
 * @param current share of each bar
 * @param rest whether the last bar is all categories that have none
 */
public record Histogram(List<String> labels, double[] edges, double[] reference, double[] current, boolean rest) {
    private static final int BARS = 24;
    private static final int VALUES = 20;
    private static final int CATEGORIES = 12;
    private static final double TAIL = 0.005;

    /** Of numbers: a bar for each value while they are few, else equal ranges between the outermost half percents. */
    public static Histogram of(Sample reference, Sample current) {
        TreeSet<Double> values = new TreeSet<>();
        for (Sample sample : List.of(reference, current)) {
            for (int i = 0; i < sample.values().length && values.size() <= VALUES; i++) {
                values.add(sample.values()[i]);
            }
        }
        if (values.size() <= VALUES) {
            return ofValues(reference, current, values);
        }
        double low = least(reference.quantile(TAIL), current.quantile(TAIL));
        double high = -least(-reference.quantile(1 - TAIL), -current.quantile(1 - TAIL));
        double[] edges = edges(low, high);
        List<String> labels = new ArrayList<>();
        for (int i = 0; i <= edges.length; i++) {
            labels.add(
                    i == 0
                            ? "≤ " + text(edges[0])
                            : i == edges.length
                                    ? "> " + text(edges[i - 1])
                                    : text(edges[i - 1]) + " to " + text(edges[i]));
        }
        return new Histogram(
                labels, edges, Shares.of(reference.counts(edges)), Shares.of(current.counts(edges)), false);
    }

    private static Histogram ofValues(Sample reference, Sample current, TreeSet<Double> values) {
        double[] uppers = values.stream().mapToDouble(Double::doubleValue).toArray();
        return new Histogram(
                values.stream().map(Histogram::text).toList(),
                new double[0],
                Shares.of(at(reference, uppers)),
                Shares.of(at(current, uppers)),
                false);
    }

    private static long[] at(Sample sample, double[] values) {
        long[] counts = new long[values.length];
        long before = 0;
        for (int i = 0; i < values.length; i++) {
            long upTo = sample.rowsUpTo(values[i]);
            counts[i] = upTo - before;
            before = upTo;
        }
        return counts;
    }

    private static double least(double a, double b) {
        return Double.isNaN(a) ? b : Double.isNaN(b) ? a : Math.min(a, b);
    }

    private static double[] edges(double low, double high) {
        if (low == high) {
            return new double[] {low};
        }
        double[] edges = new double[BARS - 1];
        for (int i = 0; i < edges.length; i++) {
            edges[i] = low + (high - low) * (i + 1) / BARS;
        }
        return edges;
    }

    /** Of categories: those with the largest shares on either side, the others as one. */
    public static Histogram of(Map<String, Long> reference, Map<String, Long> current) {
        double n = sum(reference);
        double m = sum(current);
        Map<String, double[]> shares = new TreeMap<>();
        reference.forEach((key, count) -> shares.computeIfAbsent(key, k -> new double[2])[0] = count / n);
        current.forEach((key, count) -> shares.computeIfAbsent(key, k -> new double[2])[1] = count / m);
        List<Map.Entry<String, double[]>> largest = shares.entrySet().stream()
                .sorted(Comparator.comparingDouble(entry -> -Math.max(entry.getValue()[0], entry.getValue()[1])))
                .limit(CATEGORIES)
                .toList();
        boolean rest = shares.size() > largest.size();
        int bars = largest.size() + (rest ? 1 : 0);
        List<String> labels = new ArrayList<>();
        double[] r = new double[bars];
        double[] c = new double[bars];
        for (int i = 0; i < largest.size(); i++) {
            labels.add(largest.get(i).getKey());
            r[i] = largest.get(i).getValue()[0];
            c[i] = largest.get(i).getValue()[1];
        }
        if (rest) {
            labels.add((shares.size() - largest.size()) + " others");
            r[bars - 1] = n == 0 ? 0 : Math.max(0, 1 - total(r));
            c[bars - 1] = m == 0 ? 0 : Math.max(0, 1 - total(c));
        }
        return new Histogram(labels, new double[0], r, c, rest);
    }

    private static double total(double[] values) {
        double total = 0;
        for (double value : values) {
            total += value;
        }
        return total;
    }

    private static double sum(Map<String, Long> counts) {
        double sum = 0;
        for (long count : counts.values()) {
            sum += count;
        }
        return sum;
    }

    private static String text(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : String.format(Locale.ROOT, "%.4g", value);
    }
}

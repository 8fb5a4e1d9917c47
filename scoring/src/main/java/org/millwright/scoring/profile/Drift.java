package org.millwright.scoring.profile;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Compares columns with a reference's: from profiles, or exactly from counted raw values. */
public final class Drift {
    /** A numeric column with at most this many distinct values in the reference is compared value by value. */
    public static final int FEW = 20;

    private static final ChiSquare NO_TEST = new ChiSquare(Double.NaN, 0, Double.NaN);
    private static final double LEAST_DEVIATION = 0.001;

    private Drift() {}

    /** The drift of every column that both profiles have, in the reference's order. */
    public static List<ColumnDrift> between(Profile reference, Profile current) {
        List<ColumnDrift> drifts = new ArrayList<>();
        for (ColumnProfile column : reference.columns()) {
            current.column(column.name()).ifPresent(other -> drifts.add(between(column, other)));
        }
        return drifts;
    }

    /** The drift of one column; throws IllegalArgumentException when the two are of different kinds or bins. */
    public static ColumnDrift between(ColumnProfile reference, ColumnProfile current) {
        if (reference instanceof NumericProfile r && current instanceof NumericProfile c) {
            return numeric(r, c);
        }
        if (reference instanceof CategoryProfile r && current instanceof CategoryProfile c) {
            boolean exact = r.isExact() && c.isExact();
            return categories(Side.of(r), Side.of(c), r.counts(), c.counts(), exact);
        }
        throw differing(reference.name(), "in the two profiles");
    }

    /** The exact drift of one raw column; throws IllegalArgumentException when the two are of different kinds, or times. */
    public static ColumnDrift between(ColumnCounts reference, ColumnCounts current) {
        if (reference instanceof ColumnCounts.Numbers r && current instanceof ColumnCounts.Numbers c) {
            double[] edges = Quantiles.edges(r.sample(), Profile.BINS);
            long[][] bins = {r.sample().counts(edges), c.sample().counts(edges)};
            long[][] values = r.distinct() <= FEW ? byValue(r.sample(), c.sample()) : bins;
            return numbers(
                    Side.of(r),
                    Side.of(c),
                    bins,
                    values,
                    r.sample(),
                    c.sample(),
                    r.sample().deviation());
        }
        if (reference instanceof ColumnCounts.Categories r && current instanceof ColumnCounts.Categories c) {
            return categories(Side.of(r), Side.of(c), r.counts(), c.counts(), true);
        }
        throw differing(reference.name(), "or not comparable");
    }

    private static IllegalArgumentException differing(String column, String where) {
        return new IllegalArgumentException("column '" + column + "' is of different kinds " + where);
    }

    private static ColumnDrift numeric(NumericProfile reference, NumericProfile current) {
        if (!Arrays.equals(reference.edges(), current.edges())) {
            throw new IllegalArgumentException("column '" + reference.name()
                    + "' has different bins in the two profiles: start the window's with reference.like()");
        }
        long[][] bins = {reference.bins(), current.bins()};
        boolean few = reference.values.exact() && current.values.exact() && reference.values.values().length <= FEW;
        Sample r = reference.sample();
        Sample c = current.sample();
        return numbers(
                Side.of(reference), Side.of(current), bins, few ? byValue(r, c) : bins, r, c, reference.deviation());
    }

    /** What is known of each side beside its values. */
    private record Side(String name, double missing, long present, long all) {
        static Side of(ColumnProfile profile) {
            return new Side(profile.name(), profile.missingShare(), profile.present(), profile.rows());
        }

        static Side of(ColumnCounts counts) {
            return new Side(counts.name(), counts.missingShare(), counts.present(), counts.rows());
        }
    }

    private static ColumnDrift numbers(
            Side reference, Side current, long[][] bins, long[][] values, Sample r, Sample c, double deviation) {
        boolean rows = reference.present() > 0 && current.present() > 0;
        TwoSamples.Distances distances = rows
                ? TwoSamples.distances(r, c)
                : new TwoSamples.Distances(TwoSamples.KolmogorovSmirnov.NONE, Double.NaN);
        TwoSamples.KolmogorovSmirnov ks = distances.ks();
        return new ColumnDrift(
                reference.name(),
                true,
                Shares.psi(bins[0], bins[1]),
                Shares.jensenShannon(values[0], values[1]),
                Shares.totalVariation(bins[0], bins[1]),
                Shares.lInfinity(bins[0], bins[1]),
                Shares.hellinger(bins[0], bins[1]),
                Shares.kl(bins[0], bins[1]),
                ks.distance(),
                distances.wasserstein() / Math.max(deviation, LEAST_DEVIATION),
                ks.p(),
                NO_TEST,
                Double.NaN,
                Double.NaN,
                bins[0].length,
                reference.missing(),
                current.missing(),
                reference.present(),
                current.present(),
                reference.all(),
                current.all());
    }

    /** Counts of both sides by each value that either has, ascending. */
    private static long[][] byValue(Sample reference, Sample current) {
        double[] r = reference.values();
        double[] c = current.values();
        long[][] counts = new long[2][r.length + c.length];
        int n = 0;
        int i = 0;
        int j = 0;
        while (i < r.length || j < c.length) {
            double value = Math.min(
                    i < r.length ? r[i] : Double.POSITIVE_INFINITY, j < c.length ? c[j] : Double.POSITIVE_INFINITY);
            for (; i < r.length && r[i] == value; i++) {
                counts[0][n] += reference.weight(i);
            }
            for (; j < c.length && c[j] == value; j++) {
                counts[1][n] += current.weight(j);
            }
            n++;
        }
        return new long[][] {Arrays.copyOf(counts[0], n), Arrays.copyOf(counts[1], n)};
    }

    /** @param exact whether the counts have every category with its true count; else what they lack is one more */
    private static ColumnDrift categories(
            Side reference, Side current, Map<String, Long> r, Map<String, Long> c, boolean exact) {
        TreeSet<String> keys = new TreeSet<>(r.keySet());
        if (exact) {
            keys.addAll(c.keySet());
        }
        long[] before = counts(keys, r, exact, reference.present());
        long[] now = counts(keys, c, exact, current.present());
        boolean rows = reference.present() > 0 && current.present() > 0;
        ChiSquare merged = rows ? ChiSquare.merged(before, now) : NO_TEST;
        double strength =
                rows ? ChiSquare.of(before, now).cramersV(reference.present() + current.present()) : Double.NaN;
        return new ColumnDrift(
                reference.name(),
                false,
                Shares.psi(before, now),
                Shares.jensenShannon(before, now),
                Shares.totalVariation(before, now),
                Shares.lInfinity(before, now),
                Shares.hellinger(before, now),
                Shares.kl(before, now),
                Double.NaN,
                Double.NaN,
                merged.p(),
                merged,
                strength,
                exact && rows ? fresh(r, c) / current.present() : Double.NaN,
                keys.size(),
                reference.missing(),
                current.missing(),
                reference.present(),
                current.present(),
                reference.all(),
                current.all());
    }

    /** The counts in the order of the keys and, unless they are exact, one more for the rest of the rows. */
    private static long[] counts(TreeSet<String> keys, Map<String, Long> counted, boolean exact, long rows) {
        long[] counts = new long[exact ? keys.size() : keys.size() + 1];
        long sum = 0;
        int i = 0;
        for (String key : keys) {
            counts[i] = counted.getOrDefault(key, 0L);
            sum += counts[i++];
        }
        if (!exact) {
            counts[i] = Math.max(0, rows - sum);
        }
        return counts;
    }

    /** Rows whose category the reference does not have. */
    private static double fresh(Map<String, Long> reference, Map<String, Long> current) {
        double fresh = 0;
        for (Map.Entry<String, Long> entry : current.entrySet()) {
            fresh += reference.containsKey(entry.getKey()) ? 0 : entry.getValue();
        }
        return fresh;
    }
}

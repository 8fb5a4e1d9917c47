package org.millwright.scoring.profile;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Compares profiles with a reference's. */
public final class Drift {
    /** A numeric column with at most this many distinct values in the reference is compared value by value. */
    public static final int FEW = 20;

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
            return category(r, c);
        }
        throw new IllegalArgumentException(
                "column '" + reference.name() + "' is of different kinds in the two profiles");
    }

    private static ColumnDrift numeric(NumericProfile reference, NumericProfile current) {
        if (!Arrays.equals(reference.edges(), current.edges())) {
            throw new IllegalArgumentException("column '" + reference.name()
                    + "' has different bins in the two profiles: start the window's with reference.like()");
        }
        boolean rows = reference.present() > 0 && current.present() > 0;
        Sample r = reference.sample();
        Sample c = current.sample();
        TwoSamples.KolmogorovSmirnov ks =
                rows ? TwoSamples.kolmogorovSmirnov(r, c) : new TwoSamples.KolmogorovSmirnov(Double.NaN, Double.NaN);
        double wasserstein = TwoSamples.wasserstein(r, c) / Math.max(reference.deviation(), 0.001);
        return drift(
                reference,
                current,
                new long[][] {reference.bins(), current.bins()},
                few(reference, current),
                ks.distance(),
                rows ? wasserstein : Double.NaN,
                ks.p(),
                Double.NaN);
    }

    /** Counts per distinct value when the reference has few, else per bin. */
    private static long[][] few(NumericProfile reference, NumericProfile current) {
        if (!reference.values.exact() || !current.values.exact() || reference.values.values().length > FEW) {
            return new long[][] {reference.bins(), current.bins()};
        }
        TreeSet<Double> values = new TreeSet<>();
        for (double value : reference.values.values()) {
            values.add(value);
        }
        for (double value : current.values.values()) {
            values.add(value);
        }
        long[][] counts = new long[2][values.size()];
        int i = 0;
        for (double value : values) {
            counts[0][i] = reference.values.count(value);
            counts[1][i++] = current.values.count(value);
        }
        return counts;
    }

    private static ColumnDrift category(CategoryProfile reference, CategoryProfile current) {
        Map<String, Long> r = reference.counts();
        Map<String, Long> c = current.counts();
        boolean exact = reference.isExact() && current.isExact();
        TreeSet<String> keys = new TreeSet<>(r.keySet());
        if (exact) {
            keys.addAll(c.keySet());
        }
        long[][] counts = new long[2][exact ? keys.size() : keys.size() + 1];
        long[] counted = new long[2];
        int i = 0;
        long fresh = 0;
        for (String key : keys) {
            counts[0][i] = r.getOrDefault(key, 0L);
            counts[1][i] = c.getOrDefault(key, 0L);
            fresh += r.containsKey(key) ? 0 : counts[1][i];
            counted[0] += counts[0][i];
            counted[1] += counts[1][i++];
        }
        if (!exact) {
            counts[0][i] = Math.max(0, reference.present() - counted[0]);
            counts[1][i] = Math.max(0, current.present() - counted[1]);
        }
        boolean rows = reference.present() > 0 && current.present() > 0;
        double p = rows ? ChiSquare.merged(counts[0], counts[1]).p() : Double.NaN;
        double share = exact && rows ? (double) fresh / current.present() : Double.NaN;
        return drift(reference, current, counts, counts, Double.NaN, Double.NaN, p, share);
    }

    private static ColumnDrift drift(
            ColumnProfile reference,
            ColumnProfile current,
            long[][] bins,
            long[][] values,
            double ks,
            double wasserstein,
            double p,
            double newShare) {
        return new ColumnDrift(
                reference.name(),
                reference instanceof NumericProfile,
                Shares.psi(bins[0], bins[1]),
                Shares.jensenShannon(values[0], values[1]),
                Shares.totalVariation(bins[0], bins[1]),
                Shares.lInfinity(bins[0], bins[1]),
                ks,
                wasserstein,
                p,
                newShare,
                reference.missingShare(),
                current.missingShare(),
                reference.present(),
                current.present());
    }
}

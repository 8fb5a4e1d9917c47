package org.millwright.scoring.profile;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Compares columns with a reference's: from profiles, or exactly from counted raw values. */
public final class Drift {
    /** A numeric column with at most this many distinct values in the reference is compared value by value. */
    public static final int FEW = 20;

    /** Rows of each profile up to which p is exact: of 2,000 against 600 that took seventy times what all else takes. */
    private static final int EXACT = 200;

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
            return categories(Side.of(r), Side.of(c), r.frequent.tally(), c.frequent.tally(), exact);
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
                    r.sample().deviation(),
                    Smirnov.LARGEST);
        }
        if (reference instanceof ColumnCounts.Categories r && current instanceof ColumnCounts.Categories c) {
            return categories(Side.of(r), Side.of(c), Tally.of(r.counts()), Tally.of(c.counts()), true);
        }
        throw differing(reference.name(), "or not comparable");
    }

    private static IllegalArgumentException differing(String column, String where) {
        return new IllegalArgumentException("column '" + column + "' is of different kinds " + where);
    }

    private static ColumnDrift numeric(NumericProfile reference, NumericProfile current) {
        if (!reference.binnedAs(current)) {
            throw new IllegalArgumentException("column '" + reference.name()
                    + "' has different bins in the two profiles: start the window's with reference.like()");
        }
        long[][] bins = {reference.frozen(), current.frozen()};
        boolean few = reference.values.exact() && current.values.exact() && reference.values.size() <= FEW;
        Sample r = reference.sample();
        Sample c = current.sample();
        return numbers(
                Side.of(reference),
                Side.of(current),
                bins,
                few ? byValue(r, c) : bins,
                r,
                c,
                reference.deviation(),
                EXACT);
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
            Side reference,
            Side current,
            long[][] bins,
            long[][] values,
            Sample r,
            Sample c,
            double deviation,
            int exact) {
        boolean rows = reference.present() > 0 && current.present() > 0;
        TwoSamples.Distances distances = rows
                ? TwoSamples.distances(r, c, exact)
                : new TwoSamples.Distances(TwoSamples.KolmogorovSmirnov.NONE, Double.NaN);
        TwoSamples.KolmogorovSmirnov ks = distances.ks();
        Shares.Distances shares = Shares.distances(bins[0], bins[1]);
        return new ColumnDrift(
                reference.name(),
                true,
                shares.psi(),
                Shares.jensenShannon(values[0], values[1]),
                shares.totalVariation(),
                shares.lInfinity(),
                shares.hellinger(),
                shares.kl(),
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
    private static ColumnDrift categories(Side reference, Side current, Tally r, Tally c, boolean exact) {
        Beside beside = Beside.of(r, c, exact);
        long[] before = exact ? beside.reference : withRest(beside.reference, reference.present());
        long[] now = exact ? beside.current : withRest(beside.current, current.present());
        boolean rows = reference.present() > 0 && current.present() > 0;
        ChiSquare merged = rows ? ChiSquare.merged(before, now) : NO_TEST;
        double strength = rows ? ChiSquare.cramersV(before, now, reference.present() + current.present()) : Double.NaN;
        Shares.Distances shares = Shares.distances(before, now);
        return new ColumnDrift(
                reference.name(),
                false,
                shares.psi(),
                Shares.jensenShannon(before, now),
                shares.totalVariation(),
                shares.lInfinity(),
                shares.hellinger(),
                shares.kl(),
                Double.NaN,
                Double.NaN,
                merged.p(),
                merged,
                strength,
                exact && rows ? (double) beside.fresh / current.present() : Double.NaN,
                beside.reference.length,
                reference.missing(),
                current.missing(),
                reference.present(),
                current.present(),
                reference.all(),
                current.all());
    }

    /**
     * The counts of two tallies by the categories of both, ascending.
     *
     * @param fresh rows whose category the reference does not have
     */
    private record Beside(long[] reference, long[] current, long fresh) {
        /** @param all whether categories that the reference does not have are among them */
        static Beside of(Tally r, Tally c, boolean all) {
            long[][] counts = new long[2][r.size() + (all ? c.size() : 0)];
            long fresh = 0;
            int n = 0;
            int i = 0;
            int j = 0;
            while (i < r.size() || j < c.size()) {
                int order = i == r.size() ? 1 : j == c.size() ? -1 : r.keys()[i].compareTo(c.keys()[j]);
                if (order > 0) {
                    fresh += c.counts()[j];
                }
                if (order <= 0 || all) {
                    counts[0][n] = order <= 0 ? r.counts()[i] : 0;
                    counts[1][n++] = order >= 0 ? c.counts()[j] : 0;
                }
                i += order <= 0 ? 1 : 0;
                j += order >= 0 ? 1 : 0;
            }
            return new Beside(Arrays.copyOf(counts[0], n), Arrays.copyOf(counts[1], n), fresh);
        }
    }

    /** The counts and one more for the rest of the rows. */
    private static long[] withRest(long[] counts, long rows) {
        long[] all = Arrays.copyOf(counts, counts.length + 1);
        all[counts.length] = Math.max(0, rows - Arrays.stream(counts).sum());
        return all;
    }
}

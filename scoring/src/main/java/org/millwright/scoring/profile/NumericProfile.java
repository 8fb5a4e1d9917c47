package org.millwright.scoring.profile;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.millwright.scoring.Vector;

/** The profile of a numeric column: every value's count while they are few, else moments, bins and sketches. */
public final class NumericProfile implements ColumnProfile {
    private final String name;
    private final double[] edges;
    final ValueCounts values;
    /** Null while all values are counted: then the counts say everything. */
    private @Nullable Spread spread;
    /** What the counts say, as long as no value came since: a reference is compared with many windows. */
    private @Nullable Counted counted;

    long nulls;
    long nans;
    long infinite;

    /** An empty profile with frozen bins: their inner edges, ascending, as {@link Quantiles#edges} gives them. */
    public NumericProfile(String name, double[] edges) {
        this(name, edges, new ValueCounts(), null);
    }

    /** @param spread null while all values are counted */
    NumericProfile(String name, double[] edges, ValueCounts values, @Nullable Spread spread) {
        this.name = name;
        this.edges = edges.clone();
        this.values = values;
        this.spread = spread;
    }

    private record Counted(Moments moments, Sample sample, long[] bins) {}

    public void add(double value) {
        update(new double[] {value}, null);
    }

    public void addNull() {
        nulls++;
    }

    @Override
    public void update(Vector column) {
        if (column instanceof Vector.Doubles doubles) {
            update(doubles.values(), doubles.nulls());
        } else if (column instanceof Vector.Longs longs) {
            double[] numbers = new double[longs.size()];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = longs.values()[i];
            }
            update(numbers, longs.nulls());
        } else {
            throw new IllegalArgumentException("column '" + name + "' is numeric in the profile, not in the data");
        }
    }

    private void update(double[] column, @Nullable BitSet missing) {
        double[] finite = new double[column.length];
        int n = 0;
        for (int i = 0; i < column.length; i++) {
            double value = column[i];
            if (missing != null && missing.get(i)) {
                nulls++;
            } else if (Double.isNaN(value)) {
                nans++;
            } else if (Double.isInfinite(value)) {
                infinite++;
            } else {
                finite[n++] = value == 0 ? 0.0 : value;
            }
        }
        counted = null;
        int next = 0;
        while (next < n && values.add(finite[next], 1)) {
            next++;
        }
        if (next < n) {
            spread().add(finite, next, n, edges);
        }
    }

    /** Gives up counting each value. */
    private Spread spread() {
        Spread spread = beyond();
        if (values.exact()) {
            spread.add(values, edges);
            values.drop();
        }
        return spread;
    }

    @Override
    public void merge(ColumnProfile other) {
        if (!(other instanceof NumericProfile that) || !Arrays.equals(edges, that.edges)) {
            throw new IllegalArgumentException("profiles of column '" + name + "' differ in kind or bins");
        }
        counted = null;
        nulls += that.nulls;
        nans += that.nans;
        infinite += that.infinite;
        if (that.values.exact()) {
            merge(that.values.values(), that.values.counts());
        } else {
            spread().merge(that.beyond());
        }
    }

    private void merge(double[] few, long[] counts) {
        ValueCounts rest = new ValueCounts();
        for (int i = 0; i < few.length; i++) {
            if (!values.add(few[i], counts[i])) {
                rest.add(few[i], counts[i]);
            }
        }
        if (rest.size() > 0) {
            spread().add(rest, edges);
        }
    }

    @Override
    public NumericProfile like() {
        return new NumericProfile(name, edges);
    }

    @Override
    public NumericProfile part() {
        return values.exact() ? like() : new NumericProfile(name, edges, ValueCounts.dropped(), beyond().part());
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public long rows() {
        return present() + missing();
    }

    @Override
    public long present() {
        return values.exact() ? values.rows() : beyond().moments.n;
    }

    @Override
    public long missing() {
        return nulls + nans + infinite;
    }

    public long nulls() {
        return nulls;
    }

    public long nans() {
        return nans;
    }

    public long infinite() {
        return infinite;
    }

    Moments moments() {
        return values.exact() ? counted().moments : beyond().moments;
    }

    /** What is known beside the counts of few values. */
    Spread beyond() {
        Spread beyond = spread;
        if (beyond == null) {
            beyond = new Spread(edges.length + 1);
            spread = beyond;
        }
        return beyond;
    }

    private Counted counted() {
        Counted known = counted;
        if (known == null) {
            Sample sample = values.sample();
            long[] bins = new long[edges.length + 1];
            Moments moments = new Moments();
            for (int i = 0; i < sample.values().length; i++) {
                double value = sample.values()[i];
                bins[Quantiles.bin(edges, value)] += sample.weight(i);
                moments.add(value, sample.weight(i));
            }
            known = new Counted(moments, sample, bins);
            counted = known;
        }
        return known;
    }

    /** The mean of the finite values, NaN when there are none. */
    public double mean() {
        Moments moments = moments();
        return moments.n == 0 ? Double.NaN : moments.mean;
    }

    /** Population standard deviation of the finite values, NaN when there are none. */
    public double deviation() {
        Moments moments = moments();
        return moments.n == 0 ? Double.NaN : Math.sqrt(moments.m2 / moments.n);
    }

    /** The least finite value, NaN when there is none. */
    public double min() {
        Moments moments = moments();
        return moments.n == 0 ? Double.NaN : moments.min;
    }

    /** The greatest finite value, NaN when there is none. */
    public double max() {
        Moments moments = moments();
        return moments.n == 0 ? Double.NaN : moments.max;
    }

    /** Inner edges of the frozen bins, which are closed on the right. */
    public double[] edges() {
        return edges.clone();
    }

    /** Exact number of finite values in each of the {@code edges + 1} bins. */
    public long[] bins() {
        return frozen().clone();
    }

    /** The same, not to be changed. */
    long[] frozen() {
        return values.exact() ? counted().bins : beyond().bins;
    }

    /** Whether both have the same frozen bins. */
    boolean binnedAs(NumericProfile other) {
        return Arrays.equals(edges, other.edges);
    }

    /** The estimated quantile for 0 ≤ q ≤ 1, NaN when there are no values. */
    public double quantile(double q) {
        return sample().quantile(q);
    }

    /** Estimated share of values at or below x, NaN when there are none. */
    public double shareUpTo(double x) {
        return sample().shareUpTo(x);
    }

    /** The distinct values, ascending, when they are few (at most 64). */
    public Optional<double[]> fewValues() {
        return values.exact() ? Optional.of(values.values()) : Optional.empty();
    }

    /** How often each of {@link #fewValues} occurred. */
    public long[] fewCounts() {
        return values.counts();
    }

    @Override
    public double distinct() {
        return values.exact() ? values.size() : beyond().distinct().estimate();
    }

    /** The values as a sample: all of them while they are few, else those that the sketch kept. */
    public Sample sample() {
        return values.exact() ? counted().sample : beyond().sketch.sample();
    }
}

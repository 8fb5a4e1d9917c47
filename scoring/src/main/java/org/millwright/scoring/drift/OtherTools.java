package org.millwright.scoring.drift;

import java.util.Arrays;
import java.util.TreeSet;
import org.millwright.scoring.profile.Sample;
import org.millwright.scoring.profile.Shares;

/**
 * Drift as Evidently 0.7 and NannyML 0.13 compute it, for whoever comes from there and wants to see the same numbers.
 * Their bins and their way with empty bins differ from ours.
 */
public final class OtherTools {
    private static final int EVIDENTLY_FEW = 20;

    private OtherTools() {}

    /** Two columns as counts over the same bins. */
    public record Binned(long[] reference, long[] current) {
        private double[][] filled() {
            return new double[][] {filled(reference), filled(current)};
        }

        /** Evidently's way with empty bins: a ten-thousandth, or less when another bin has as little. */
        private static double[] filled(long[] counts) {
            double[] shares = Shares.of(counts);
            double least =
                    Arrays.stream(shares).filter(share -> share > 0).min().orElse(1);
            double floor = least <= 1e-4 ? least / 1e6 : 1e-4;
            for (int i = 0; i < shares.length; i++) {
                shares[i] = shares[i] == 0 ? floor : shares[i];
            }
            return shares;
        }
    }

    /** Evidently's bins of numbers: single values up to 20 of them in the reference, else Sturges' of both together. */
    public static Binned evidentlyBins(Sample reference, Sample current) {
        return reference.values().length <= EVIDENTLY_FEW
                ? byValue(reference, current)
                : binned(reference, current, Bins.sturges(both(reference, current, true)));
    }

    /** Evidently's {@code psi}. */
    public static double evidentlyPsi(Binned bins) {
        double[][] shares = bins.filled();
        double sum = 0;
        for (int i = 0; i < shares[0].length; i++) {
            sum += (shares[0][i] - shares[1][i]) * Math.log(shares[0][i] / shares[1][i]);
        }
        return sum;
    }

    /** Evidently's {@code kl_div}: of the reference from current. */
    public static double evidentlyKl(Binned bins) {
        double[][] shares = bins.filled();
        double r = Arrays.stream(shares[0]).sum();
        double c = Arrays.stream(shares[1]).sum();
        double sum = 0;
        for (int i = 0; i < shares[0].length; i++) {
            sum += shares[0][i] / r * Math.log(shares[0][i] / r / (shares[1][i] / c));
        }
        return sum;
    }

    /** Evidently's {@code jensenshannon}: the distance with natural logarithms, at most 0.8326. */
    public static double evidentlyJensenShannon(Binned bins) {
        return Shares.jensenShannon(bins.reference(), bins.current()) * Math.sqrt(Math.log(2));
    }

    /** Evidently's {@code hellinger} of numbers, whose bins are Sturges' of the distinct values. */
    public static double evidentlyHellinger(Sample reference, Sample current) {
        Binned bins = binned(reference, current, Bins.sturges(both(reference, current, false)));
        return Shares.hellinger(bins.reference(), bins.current());
    }

    /**
     * NannyML's bins of numbers: Doane's of the reference and one more for what lies outside. Its {@code jensen_shannon} and
     * {@code hellinger} are ours over these bins.
     */
    public static Binned nannymlBins(Sample reference, Sample current) {
        Binned bins = binned(reference, current, Bins.doane(reference));
        long outside = current.size() - Arrays.stream(bins.current()).sum();
        if (outside == 0) {
            return bins;
        }
        long[] r = Arrays.copyOf(bins.reference(), bins.reference().length + 1);
        long[] c = Arrays.copyOf(bins.current(), r.length);
        c[c.length - 1] = outside;
        return new Binned(r, c);
    }

    private static Binned binned(Sample reference, Sample current, double[] edges) {
        return new Binned(Bins.counts(reference, edges), Bins.counts(current, edges));
    }

    private static Binned byValue(Sample reference, Sample current) {
        TreeSet<Double> values = new TreeSet<>();
        Arrays.stream(reference.values()).forEach(values::add);
        Arrays.stream(current.values()).forEach(values::add);
        return new Binned(at(reference, values), at(current, values));
    }

    private static long[] at(Sample sample, TreeSet<Double> values) {
        long[] counts = new long[values.size()];
        long before = 0;
        int i = 0;
        for (double value : values) {
            long upTo = sample.rowsUpTo(value);
            counts[i++] = upTo - before;
            before = upTo;
        }
        return counts;
    }

    /** All values of both, or each distinct one once. */
    private static Sample both(Sample reference, Sample current, boolean all) {
        TreeSet<Double> values = new TreeSet<>();
        Arrays.stream(reference.values()).forEach(values::add);
        Arrays.stream(current.values()).forEach(values::add);
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
        long[] counts = new long[sorted.length];
        if (all) {
            long[] r = at(reference, values);
            long[] c = at(current, values);
            Arrays.setAll(counts, i -> r[i] + c[i]);
        } else {
            Arrays.fill(counts, 1);
        }
        return Sample.counted(sorted, counts);
    }
}

package org.millwright.scoring.profile;

/** Tests and distances between two samples of a numeric column. Both samples must have rows. */
public final class TwoSamples {
    /** What a tiny deviation counts as when a distance is divided by it. */
    private static final double LEAST_DEVIATION = 0.001;

    /**
     * The Kolmogorov-Smirnov test.
     *
     * @param distance the largest gap between the two distribution functions, 0 to 1
     * @param p the probability of such a gap when nothing changed, two-sided: exact up to so many values in each sample as
     *     was asked (unless told, 10,000, as SciPy's {@code ks_2samp} decides), else {@code asymptotic}
     * @param asymptotic the same by the distribution of one sample of the effective size
     */
    public record KolmogorovSmirnov(double distance, double p, double asymptotic) {
        static final KolmogorovSmirnov NONE = new KolmogorovSmirnov(Double.NaN, Double.NaN, Double.NaN);
    }

    private TwoSamples() {}

    /**
     * The Kolmogorov-Smirnov test, and how far the values are apart.
     *
     * @param wasserstein the 1-Wasserstein distance, in the column's unit
     */
    public record Distances(KolmogorovSmirnov ks, double wasserstein) {}

    public static Distances distances(Sample reference, Sample current) {
        return distances(reference, current, Smirnov.LARGEST);
    }

    /** @param exact values in the larger sample up to which p is exact: its cost grows with the product of both */
    static Distances distances(Sample reference, Sample current, int exact) {
        Apart apart = Apart.of(reference, current);
        return new Distances(test(reference, current, apart.gap(), exact), apart.area());
    }

    public static KolmogorovSmirnov kolmogorovSmirnov(Sample reference, Sample current) {
        return test(reference, current, Apart.of(reference, current).gap(), Smirnov.LARGEST);
    }

    private static KolmogorovSmirnov test(Sample reference, Sample current, double distance, int largest) {
        double n = reference.size();
        double m = current.size();
        long effective = Math.round(n * m / (n + m));
        double asymptotic = Kolmogorov.survival((int) Math.min(effective, Integer.MAX_VALUE), distance);
        boolean exact = Math.max(n, m) <= largest && effective * distance * distance < Kolmogorov.BEYOND;
        return new KolmogorovSmirnov(
                distance, exact ? Smirnov.survival((int) n, (int) m, distance) : asymptotic, asymptotic);
    }

    /**
     * A difference of two means, by Welch's test with the normal distribution: exact for large samples, a little too sure
     * of itself below about 30 values.
     *
     * @param difference first − second
     * @param low end of its 95 % interval
     * @param high end of its 95 % interval
     * @param p two-sided probability of a difference at least as large if there were none; NaN without any spread
     */
    public record Welch(double difference, double low, double high, double p) {
        private static final double Z95 = 1.959963984540054;

        static Welch of(double difference, double error) {
            double z = difference / error;
            return new Welch(
                    difference,
                    difference - Z95 * error,
                    difference + Z95 * error,
                    error > 0 ? Gamma.upper(0.5, z * z / 2) : difference == 0 ? Double.NaN : 0);
        }
    }

    /** Compares the means of two samples that have nothing to do with each other; each of at least two values. */
    public static Welch welch(Mean first, Mean second) {
        return Welch.of(first.value() - second.value(), Math.sqrt(first.squaredError() + second.squaredError()));
    }

    /** By how much more one mean rose than another; each of at least two values, independent of the others. */
    public static Welch moreThan(Mean now, Mean before, Mean othersNow, Mean othersBefore) {
        return Welch.of(
                now.value() - before.value() - (othersNow.value() - othersBefore.value()),
                Math.sqrt(now.squaredError()
                        + before.squaredError()
                        + othersNow.squaredError()
                        + othersBefore.squaredError()));
    }

    /** Compares with zero the mean of differences between pairs; of at least two. */
    public static Welch paired(Mean differences) {
        return Welch.of(differences.value(), Math.sqrt(differences.squaredError()));
    }

    /**
     * How far two distribution functions are apart.
     *
     * @param gap the largest, 0 to 1
     * @param area the 1-Wasserstein distance: the area between them, in the column's unit
     */
    private record Apart(double gap, double area) {
        static final Apart UNKNOWN = new Apart(Double.NaN, Double.NaN);

        /**
         * Both by one walk over the values of both: from each value of the shorter sample to its next, through those of the
         * longer between them, which costs no more wrong guesses of a branch than the shorter has values. What was reached
         * counts when the walk leaves a value, after all that are equal. Shares are rows of one sample times the size of the
         * other: whole numbers, divided once at the end.
         */
        static Apart of(Sample reference, Sample current) {
            if (reference.size() == 0 || current.size() == 0) {
                return UNKNOWN;
            }
            boolean longer = current.values().length > reference.values().length;
            return longer ? walk(current, reference) : walk(reference, current);
        }

        private static Apart walk(Sample longer, Sample shorter) {
            double n = longer.size();
            double m = shorter.size();
            double[] a = longer.values();
            double[] b = shorter.values();
            long[] upToA = longer.upTo();
            long[] upToB = shorter.upTo();
            double largest = 0;
            double area = 0;
            double apart = 0;
            double at = Math.min(a[0], b[0]);
            double rowsA = 0;
            double rowsB = 0;
            int i = 0;
            for (int j = 0; j <= b.length; j++) {
                double last = j < b.length ? b[j] : Double.POSITIVE_INFINITY;
                for (; i < a.length && a[i] <= last; i++) {
                    double next = a[i];
                    if (next > at) {
                        largest = apart > largest ? apart : largest;
                        area += apart * (next - at);
                        at = next;
                    }
                    rowsA = upToA[i] * m;
                    apart = Math.abs(rowsA - rowsB);
                }
                if (j < b.length) {
                    if (last > at) {
                        largest = apart > largest ? apart : largest;
                        area += apart * (last - at);
                        at = last;
                    }
                    rowsB = upToB[j] * n;
                    apart = Math.abs(rowsA - rowsB);
                }
            }
            return new Apart(Math.max(largest, apart) / (n * m), area / (n * m));
        }
    }

    /** The 1-Wasserstein distance: the area between the two distribution functions, in the column's unit. */
    public static double wasserstein(Sample reference, Sample current) {
        return Apart.of(reference, current).area();
    }

    /** {@link #wasserstein} in units of the reference's standard deviation (at least 0.001). */
    public static double wassersteinNormed(Sample reference, Sample current) {
        return wasserstein(reference, current) / Math.max(reference.deviation(), LEAST_DEVIATION);
    }
}

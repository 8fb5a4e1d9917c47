package org.millwright.scoring.profile;

/**
 * Distances between two sets of counts over the same bins or categories.
 *
 * <p>Counts become shares of their own sum; a side without any count gives NaN.
 */
public final class Shares {
    /** What an empty bin counts as in PSI, so that the logarithm exists. */
    public static final double FLOOR = 1e-4;

    private Shares() {}

    public static double[] of(long[] counts) {
        double total = 0;
        for (long count : counts) {
            total += count;
        }
        double[] shares = new double[counts.length];
        for (int i = 0; i < counts.length; i++) {
            shares[i] = counts[i] / total;
        }
        return shares;
    }

    /**
     * Every distance that goes by shares alone.
     *
     * @param psi population stability index: the sum of (c − r)·ln(c / r), empty bins at {@link #FLOOR}, not renormalised
     * @param kl Kullback-Leibler divergence of current from reference in nats, empty bins at {@link #FLOOR}
     * @param hellinger Hellinger distance, 0 to 1
     * @param totalVariation total variation distance, 0 to 1
     * @param lInfinity the largest change of one share, 0 to 1
     */
    public record Distances(double psi, double kl, double hellinger, double totalVariation, double lInfinity) {}

    public static Distances distances(long[] reference, long[] current) {
        double[] r = of(reference);
        double[] c = of(current);
        double psi = 0;
        double kl = 0;
        double hellinger = 0;
        double variation = 0;
        double largest = Double.NaN;
        for (int i = 0; i < r.length; i++) {
            double from = r[i] == 0 ? FLOOR : r[i];
            double to = c[i] == 0 ? FLOOR : c[i];
            double log = Math.log(to / from);
            psi += (to - from) * log;
            kl += to * log;
            double roots = Math.sqrt(r[i]) - Math.sqrt(c[i]);
            hellinger += roots * roots;
            double gap = Math.abs(r[i] - c[i]);
            variation += gap;
            largest = gap <= largest ? largest : gap;
        }
        return new Distances(psi, kl, Math.sqrt(hellinger / 2), variation / 2, largest);
    }

    /** Population stability index: the sum of (c − r)·ln(c / r), empty bins at {@link #FLOOR}, not renormalised. */
    public static double psi(long[] reference, long[] current) {
        return distances(reference, current).psi();
    }

    /** Kullback-Leibler divergence of current from reference in nats, empty bins at {@link #FLOOR}. */
    public static double kl(long[] reference, long[] current) {
        return distances(reference, current).kl();
    }

    /** Hellinger distance, 0 to 1. */
    public static double hellinger(long[] reference, long[] current) {
        return distances(reference, current).hellinger();
    }

    /** Total variation distance, 0 to 1. */
    public static double totalVariation(long[] reference, long[] current) {
        return distances(reference, current).totalVariation();
    }

    /** The largest change of one share, 0 to 1. */
    public static double lInfinity(long[] reference, long[] current) {
        return distances(reference, current).lInfinity();
    }

    /** Jensen-Shannon distance, base 2: 0 when equal, 1 when disjoint. */
    public static double jensenShannon(long[] reference, long[] current) {
        double[] r = of(reference);
        double[] c = of(current);
        double sum = 0;
        for (int i = 0; i < r.length; i++) {
            double middle = (r[i] + c[i]) / 2;
            sum += part(r[i], middle) + part(c[i], middle);
        }
        return Math.sqrt(Math.max(0, sum / 2 / Math.log(2)));
    }

    private static double part(double share, double middle) {
        return share == 0 ? 0 : share * Math.log(share / middle);
    }

    /**
     * Cramér's V of the 2×k table with both sides weighing the same, 0 to 1. That of the counts would be the smaller, the
     * more one side's rows are; with equally many rows on both sides it is this.
     */
    public static double cramersV(long[] reference, long[] current) {
        double[] r = of(reference);
        double[] c = of(current);
        double sum = 0;
        for (int i = 0; i < r.length; i++) {
            sum += r[i] + c[i] == 0 ? 0 : (r[i] - c[i]) * (r[i] - c[i]) / (r[i] + c[i]);
        }
        return Math.sqrt(sum / 2);
    }
}

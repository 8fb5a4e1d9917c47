package org.millwright.drift;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.millwright.scoring.profile.CategoryProfile;
import org.millwright.scoring.profile.ChiSquare;
import org.millwright.scoring.profile.ColumnDrift;
import org.millwright.scoring.profile.ColumnProfile;
import org.millwright.scoring.profile.NumericProfile;
import org.millwright.scoring.profile.Shares;

/**
 * How large a change is by an agreed method. Distances over bins and categories are without the part that two samples of
 * one distribution have on average; categories of which fewer than five rows are expected are taken as one.
 *
 * @param p of the test that has to agree, NaN without one
 */
record Effect(double value, double p) {
    static final Effect UNKNOWN = new Effect(Double.NaN, Double.NaN);

    /** The test has to be at most as likely by chance. */
    static final double ALPHA = 0.05;

    /** Rows of a category that a window of its size should have for the category to be looked at alone. */
    private static final int EXPECTED = 5;

    /** What a column is measured by when this was agreed: of categories what is nearest to it. */
    static String method(String agreed, ColumnProfile column) {
        if (!(column instanceof CategoryProfile)) {
            return agreed;
        }
        return switch (agreed) {
            case "psi" -> "jensen-shannon";
            case "ks", "wasserstein" -> "total-variation";
            default -> agreed;
        };
    }

    static Effect of(String method, ColumnProfile reference, ColumnProfile current, ColumnDrift all) {
        if (reference instanceof CategoryProfile r && current instanceof CategoryProfile c) {
            return of(method, pooled(r, c));
        }
        NumericProfile r = (NumericProfile) reference;
        NumericProfile c = (NumericProfile) current;
        return switch (method) {
            case "psi" -> new Effect(all.psi(), Double.NaN);
            case "ks" -> new Effect(all.ks(), Double.NaN);
            case "wasserstein" -> new Effect(all.wasserstein(), Double.NaN);
            case "jensen-shannon" ->
                less(all.jensenShannon(), r.edges().length / 8.0 / Math.log(2) * noise(r.present(), c.present()));
            default -> of(method, new long[][] {r.bins(), c.bins()});
        };
    }

    private static Effect of(String method, long[][] counts) {
        long[] r = counts[0];
        long[] c = counts[1];
        double noise = noise(sum(r), sum(c));
        double cells = r.length - 1;
        return switch (method) {
            case "jensen-shannon" -> less(Shares.jensenShannon(r, c), cells / 8 / Math.log(2) * noise);
            case "hellinger" -> less(Shares.hellinger(r, c), cells / 8 * noise);
            case "total-variation" -> less(Shares.totalVariation(r, c), square(halfDeviations(r, c, noise)));
            case "l-infinity" -> less(Shares.lInfinity(r, c), widest(r, c, noise));
            case "chi-square" ->
                new Effect(
                        less(Shares.cramersV(r, c), cells / 4 * noise).value(),
                        ChiSquare.merged(r, c).p());
            default -> throw new IllegalArgumentException("unknown drift method '" + method + "'");
        };
    }

    /** A distance without what chance adds to its square. */
    private static Effect less(double distance, double chance) {
        return new Effect(Math.sqrt(Math.max(0, distance * distance - chance)), Double.NaN);
    }

    private static double noise(long rows, long others) {
        return 1.0 / rows + 1.0 / others;
    }

    /** Half the mean absolute differences of the shares, added up, that chance alone gives. */
    private static double halfDeviations(long[] r, long[] c, double noise) {
        double sum = 0;
        for (double variance : variances(r, c, noise)) {
            sum += Math.sqrt(2 / Math.PI * variance);
        }
        return sum / 2;
    }

    /** The largest variance of the difference of a share. */
    private static double widest(long[] r, long[] c, double noise) {
        double widest = 0;
        for (double variance : variances(r, c, noise)) {
            widest = Math.max(widest, variance);
        }
        return widest;
    }

    private static double[] variances(long[] r, long[] c, double noise) {
        double all = sum(r) + sum(c);
        double[] variances = new double[r.length];
        for (int i = 0; i < r.length; i++) {
            double share = (r[i] + c[i]) / all;
            variances[i] = share * (1 - share) * noise;
        }
        return variances;
    }

    private static double square(double value) {
        return value * value;
    }

    private static long sum(long[] counts) {
        long sum = 0;
        for (long count : counts) {
            sum += count;
        }
        return sum;
    }

    /** Counts of both by category; those of which too few are expected for a count to mean anything are one. */
    private static long[][] pooled(CategoryProfile reference, CategoryProfile current) {
        double scale = (double) current.present() / reference.present();
        List<long[]> cells = new ArrayList<>();
        long[] rest = {reference.present(), current.present()};
        Map<String, Long> now = current.counts();
        reference.counts().forEach((category, count) -> {
            if (count * scale >= EXPECTED) {
                long seen = now.getOrDefault(category, 0L);
                cells.add(new long[] {count, seen});
                rest[0] -= count;
                rest[1] -= seen;
            }
        });
        if (rest[0] > 0 || rest[1] > 0) {
            cells.add(rest);
        }
        long[][] counts = new long[2][cells.size()];
        for (int i = 0; i < cells.size(); i++) {
            counts[0][i] = Math.max(0, cells.get(i)[0]);
            counts[1][i] = Math.max(0, cells.get(i)[1]);
        }
        return counts;
    }
}

package org.millwright.scoring.performance;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Isotonic regression, by pooling adjacent violators: the rising function closest to the data, linear between its knots and
 * constant beyond them.
 */
public final class Isotonic {
    private final double[] x;
    private final double[] y;

    private Isotonic(double[] x, double[] y) {
        this.x = x;
        this.y = y;
    }

    /** Fits; the values must be finite and at least one. */
    public static Isotonic fit(double[] x, double[] y) {
        if (x.length == 0 || x.length != y.length) {
            throw new IllegalArgumentException(
                    x.length + " and " + y.length + " values: expected as many, at least one");
        }
        int[] order = IntStream.range(0, x.length)
                .boxed()
                .sorted((a, b) -> Double.compare(x[a], x[b]))
                .mapToInt(Integer::intValue)
                .toArray();
        double[] at = new double[x.length];
        double[] sum = new double[x.length];
        double[] weight = new double[x.length];
        int n = 0;
        for (int i : order) {
            if (n == 0 || at[n - 1] != x[i]) {
                at[n++] = x[i];
            }
            sum[n - 1] += y[i];
            weight[n - 1]++;
        }
        return knots(Arrays.copyOf(at, n), pooled(sum, weight, n));
    }

    /** The function through these knots; x must ascend. */
    static Isotonic through(double[] x, double[] y) {
        if (x.length == 0 || x.length != y.length) {
            throw new IllegalArgumentException(
                    x.length + " and " + y.length + " knots: expected as many, at least one");
        }
        return new Isotonic(x, y);
    }

    /** The same function with at most so many knots, as evenly chosen as may be; the ends stay. */
    Isotonic thinned(int most) {
        if (x.length <= most) {
            return this;
        }
        int[] kept = IntStream.range(0, most)
                .map(i -> (int) ((long) i * (x.length - 1) / (most - 1)))
                .toArray();
        return new Isotonic(
                Arrays.stream(kept).mapToDouble(i -> x[i]).toArray(),
                Arrays.stream(kept).mapToDouble(i -> y[i]).toArray());
    }

    /** The fitted value at each distinct x. */
    private static double[] pooled(double[] sum, double[] weight, int n) {
        int[] first = new int[n];
        int blocks = 0;
        for (int i = 0; i < n; i++) {
            first[blocks] = i;
            double s = sum[i];
            double w = weight[i];
            while (blocks > 0 && sum[blocks - 1] / weight[blocks - 1] >= s / w) {
                blocks--;
                s += sum[blocks];
                w += weight[blocks];
            }
            sum[blocks] = s;
            weight[blocks] = w;
            blocks++;
        }
        double[] fitted = new double[n];
        for (int b = 0; b < blocks; b++) {
            Arrays.fill(fitted, first[b], b + 1 < blocks ? first[b + 1] : n, sum[b] / weight[b]);
        }
        return fitted;
    }

    /** Only the ends of flat parts are kept. */
    private static Isotonic knots(double[] x, double[] y) {
        int[] kept = IntStream.range(0, x.length)
                .filter(i -> i == 0 || i == x.length - 1 || y[i] != y[i - 1] || y[i] != y[i + 1])
                .toArray();
        return new Isotonic(
                Arrays.stream(kept).mapToDouble(i -> x[i]).toArray(),
                Arrays.stream(kept).mapToDouble(i -> y[i]).toArray());
    }

    /** The fitted function; NaN at NaN. */
    public double at(double value) {
        if (Double.isNaN(value)) {
            return Double.NaN;
        }
        int place = Arrays.binarySearch(x, value);
        if (place >= 0) {
            return y[place];
        }
        int above = -place - 1;
        if (above == 0 || above == x.length) {
            return y[Math.min(above, x.length - 1)];
        }
        double slope = (y[above] - y[above - 1]) / (x[above] - x[above - 1]);
        return y[above - 1] + slope * (value - x[above - 1]);
    }

    public double[] at(double[] values) {
        return Arrays.stream(values).map(this::at).toArray();
    }

    /** Where the knots are, ascending. */
    public double[] x() {
        return x.clone();
    }

    /** The function at the knots. */
    public double[] y() {
        return y.clone();
    }
}

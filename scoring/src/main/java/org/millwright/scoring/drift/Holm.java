package org.millwright.scoring.drift;

import java.util.stream.IntStream;

/** Holm's correction: p-values of many tests so that any false alarm among them is as rare as alpha says. */
public final class Holm {
    private Holm() {}

    /** The adjusted p-values in the order of the given ones; NaN stays NaN and counts as no test. */
    public static double[] adjusted(double[] p) {
        double[] adjusted = p.clone();
        int[] order = IntStream.range(0, p.length)
                .filter(i -> !Double.isNaN(p[i]))
                .boxed()
                .sorted((a, b) -> Double.compare(p[a], p[b]))
                .mapToInt(Integer::intValue)
                .toArray();
        double least = 0;
        for (int rank = 0; rank < order.length; rank++) {
            least = Math.max(least, Math.min(1, p[order[rank]] * (order.length - rank)));
            adjusted[order[rank]] = least;
        }
        return adjusted;
    }
}

package org.millwright.scoring.performance;

import java.util.Arrays;

/**
 * Between which values a metric was on the reference's chunks.
 *
 * @param lower mean − three standard deviations of the chunks, as NannyML has it; not below what the metric can be
 * @param upper mean + three of them, not above
 * @param least as {@code lower}, with the room that so few chunks need for a new one to be outside as seldom (0.27 %): what
 *     alarms; NaN with fewer than {@link #LEAST_CHUNKS}
 * @param most as {@code upper}
 */
public record Limits(double lower, double upper, double least, double most) {
    /** Chunks below which nothing can be said about the next one. */
    public static final int LEAST_CHUNKS = 5;

    private static final int DEVIATIONS = 3;

    /** Limits that hold for chunks without number. */
    public Limits(double lower, double upper) {
        this(lower, upper, lower, upper);
    }

    /** @param realised the metric on each chunk of the reference; NaN where it was not defined */
    static Limits of(double[] realised, double floor, double ceiling) {
        double[] known =
                Arrays.stream(realised).filter(value -> !Double.isNaN(value)).toArray();
        int n = known.length;
        double mean = Arrays.stream(known).average().orElse(Double.NaN);
        double squares = Arrays.stream(known)
                .map(value -> (value - mean) * (value - mean))
                .sum();
        double room = n == 0 ? Double.NaN : DEVIATIONS * Math.sqrt(squares / n);
        double wide =
                n < LEAST_CHUNKS ? Double.NaN : student(n - 1) * Math.sqrt(squares / (n - 1)) * Math.sqrt(1 + 1.0 / n);
        return new Limits(
                Math.max(floor, mean - room),
                Math.min(ceiling, mean + room),
                Math.max(floor, mean - wide),
                Math.min(ceiling, mean + wide));
    }

    /** What three standard deviations of a normal distribution are in Student's, by the expansion of Cornish and Fisher. */
    private static double student(int freedom) {
        double z = DEVIATIONS;
        double v = freedom;
        return z
                + (Math.pow(z, 3) + z) / (4 * v)
                + (5 * Math.pow(z, 5) + 16 * Math.pow(z, 3) + 3 * z) / (96 * v * v)
                + (3 * Math.pow(z, 7) + 19 * Math.pow(z, 5) + 17 * Math.pow(z, 3) - 15 * z) / (384 * Math.pow(v, 3))
                + (79 * Math.pow(z, 9) + 776 * Math.pow(z, 7) + 1482 * Math.pow(z, 5) - 1920 * Math.pow(z, 3) - 945 * z)
                        / (92160 * Math.pow(v, 4));
    }

    /** Whether a value is within three standard deviations of what the chunks had. */
    boolean holds(double value) {
        return !(value < lower || value > upper);
    }

    /** Whether there were enough chunks to tell. */
    public boolean areKnown() {
        return !Double.isNaN(least) && !Double.isNaN(most);
    }
}

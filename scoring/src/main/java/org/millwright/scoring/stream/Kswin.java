package org.millwright.scoring.stream;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.millwright.scoring.profile.Sample;
import org.millwright.scoring.profile.TwoSamples;

/**
 * Kolmogorov–Smirnov windowing: the newest values of a sliding window against as many of its older ones, drawn with a fixed
 * seed. Any values; it alarms falsely more often than the others.
 */
public final class Kswin implements Detector {
    private static final double LEAST_DISTANCE = 0.1;

    private final double alpha;
    private final int recent;
    private final double[] window;
    private final SplittableRandom random;
    private int size;
    private boolean drifted;

    public Kswin() {
        this(0.005, 100, 30, 42);
    }

    /**
     * Sets it up.
     *
     * @param alpha p-value up to which it is drift
     * @param window values that are kept
     * @param recent how many of them are the newest; at most half of the window
     */
    public Kswin(double alpha, int window, int recent, long seed) {
        if (recent < 1 || recent > window / 2) {
            throw new IllegalArgumentException(
                    "recent: " + recent + " (expected: 1 to half of the window of " + window + ")");
        }
        this.alpha = alpha;
        this.recent = recent;
        this.window = new double[window];
        this.random = new SplittableRandom(seed);
    }

    @Override
    public State update(double value) {
        if (drifted) {
            size = 0;
            drifted = false;
        }
        if (size == window.length) {
            System.arraycopy(window, 1, window, 0, window.length - 1);
            size--;
        }
        window[size++] = value;
        if (size < window.length) {
            return State.STABLE;
        }
        double[] newest = Arrays.copyOfRange(window, window.length - recent, window.length);
        TwoSamples.KolmogorovSmirnov test = TwoSamples.kolmogorovSmirnov(Sample.of(drawn()), Sample.of(newest));
        drifted = test.p() <= alpha && test.distance() > LEAST_DISTANCE;
        return drifted ? State.DRIFT : State.STABLE;
    }

    /** As many of the older values, none twice. */
    private double[] drawn() {
        double[] older = Arrays.copyOf(window, window.length - recent);
        for (int i = 0; i < recent; i++) {
            int other = i + random.nextInt(older.length - i);
            double value = older[other];
            older[other] = older[i];
            older[i] = value;
        }
        return Arrays.copyOf(older, recent);
    }
}

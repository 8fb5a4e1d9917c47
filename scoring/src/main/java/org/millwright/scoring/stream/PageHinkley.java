package org.millwright.scoring.stream;

/**
 * The Page–Hinkley test, in both directions: values have been above (below) their mean for too long. It depends on the
 * values' scale: scale them to about 0 to 1 before.
 */
public final class PageHinkley implements Detector {
    private final int minInstances;
    private final double delta;
    private final double threshold;
    private final double alpha;

    private Running mean = new Running();
    private double increase;
    private double decrease;
    private double least = Double.POSITIVE_INFINITY;
    private double most = -1;
    private boolean drifted;

    public PageHinkley() {
        this(30, 0.005, 50, 1 - 0.0001);
    }

    /**
     * Sets it up.
     *
     * @param minInstances values before it says anything
     * @param delta change that is tolerated
     * @param threshold sum of deviations that is drift
     * @param alpha what is kept of the sum with each value
     */
    public PageHinkley(int minInstances, double delta, double threshold, double alpha) {
        this.minInstances = minInstances;
        this.delta = delta;
        this.threshold = threshold;
        this.alpha = alpha;
    }

    @Override
    public State update(double value) {
        if (drifted) {
            mean = new Running();
            increase = 0;
            decrease = 0;
            least = Double.POSITIVE_INFINITY;
            most = -1;
        }
        mean.add(value);
        double deviation = value - mean.mean;
        increase = alpha * increase + deviation - delta;
        decrease = alpha * decrease + deviation + delta;
        least = Math.min(least, increase);
        most = Math.max(most, decrease);
        drifted = mean.n >= minInstances && (increase - least > threshold || most - decrease > threshold);
        return drifted ? State.DRIFT : State.STABLE;
    }
}

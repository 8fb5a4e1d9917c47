package org.millwright.scoring.stream;

/** The drift detection method: the rate of errors (1, else 0) has risen well above its lowest. */
public final class Ddm implements Detector {
    private final int warmStart;
    private final double warning;
    private final double drift;

    private Running rate = new Running();
    private double leastRate;
    private double leastDeviation;
    private double least = Double.POSITIVE_INFINITY;
    private boolean drifted;

    public Ddm() {
        this(30, 2, 3);
    }

    /**
     * Sets it up.
     *
     * @param warmStart values before it says anything
     * @param warning standard deviations above the lowest rate that are a warning
     * @param drift standard deviations that are drift
     */
    public Ddm(int warmStart, double warning, double drift) {
        this.warmStart = warmStart;
        this.warning = warning;
        this.drift = drift;
    }

    @Override
    public State update(double error) {
        if (drifted) {
            rate = new Running();
            least = Double.POSITIVE_INFINITY;
            drifted = false;
        }
        rate.add(error);
        double p = rate.mean;
        double s = Math.sqrt(Math.max(0, p * (1 - p)) / rate.n);
        if (rate.n <= warmStart) {
            return State.STABLE;
        }
        if (p + s <= least) {
            leastRate = p;
            leastDeviation = s;
            least = p + s;
        }
        drifted = p + s > leastRate + drift * leastDeviation;
        if (drifted) {
            return State.DRIFT;
        }
        return p + s > leastRate + warning * leastDeviation ? State.WARNING : State.STABLE;
    }
}

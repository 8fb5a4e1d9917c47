package org.millwright.scoring.stream;

/** Drift detection by Hoeffding's bounds and averages: the mean of values between 0 and 1 has risen. */
public final class HddmA implements Detector {
    private final double driftConfidence;
    private final double warningConfidence;

    private Running all = new Running();
    private Running lowest = new Running();
    private boolean drifted;

    public HddmA() {
        this(0.001, 0.005);
    }

    /**
     * Sets it up.
     *
     * @param driftConfidence probability of a false alarm
     * @param warningConfidence probability of a false warning
     */
    public HddmA(double driftConfidence, double warningConfidence) {
        this.driftConfidence = driftConfidence;
        this.warningConfidence = warningConfidence;
    }

    @Override
    public State update(double value) {
        if (drifted) {
            all = new Running();
            lowest = new Running();
        }
        all.add(value);
        if (lowest.n == 0 || lowest.mean + bound(lowest.n) >= all.mean + bound(all.n)) {
            lowest = new Running(all);
        }
        drifted = risen(driftConfidence);
        return drifted ? State.DRIFT : risen(warningConfidence) ? State.WARNING : State.STABLE;
    }

    private double bound(long n) {
        return Math.sqrt(1.0 / (2 * n) * Math.log(1 / driftConfidence));
    }

    private boolean risen(double confidence) {
        if (lowest.n == all.n) {
            return false;
        }
        double m = (double) (all.n - lowest.n) / lowest.n / all.n;
        return all.mean - lowest.mean >= Math.sqrt(m / 2 * Math.log(2 / confidence));
    }
}

package org.millwright.scoring.profile;

/** The mean of values that come one by one, and how sure it is (Welford). Mutable; one thread at a time. */
public final class Mean {
    private long n;
    private double value;
    private double squares;

    public void add(double x) {
        n++;
        double before = x - value;
        value += before / n;
        squares += before * (x - value);
    }

    public long n() {
        return n;
    }

    /** 0 without any. */
    public double value() {
        return value;
    }

    /** The square of its standard error; NaN of fewer than two values. */
    double squaredError() {
        return n < 2 ? Double.NaN : squares / (n - 1) / n;
    }
}

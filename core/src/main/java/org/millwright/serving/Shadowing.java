package org.millwright.serving;

import java.util.concurrent.atomic.DoubleAccumulator;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;

/** How a version's predictions of mirrored rows differ from what was answered; for many threads at once. */
public final class Shadowing {
    private final LongAdder rows = new LongAdder();
    private final LongAdder left = new LongAdder();
    private final DoubleAdder differences = new DoubleAdder();
    private final DoubleAccumulator largest = new DoubleAccumulator(Math::max, 0);

    void compare(double[] own, double[] answered) {
        for (int i = 0; i < own.length; i++) {
            double difference = Math.abs(own[i] - answered[i]);
            if (Double.isFinite(difference)) {
                rows.increment();
                differences.add(difference);
                largest.accumulate(difference);
            }
        }
    }

    /** A request was not mirrored, because too many waited. */
    void leave() {
        left.increment();
    }

    public long rows() {
        return rows.sum();
    }

    /** Requests that were not mirrored, because too many waited. */
    public long left() {
        return left.sum();
    }

    /** Mean absolute difference, in the prediction's unit; NaN without rows. */
    public double mean() {
        return rows() == 0 ? Double.NaN : differences.sum() / rows();
    }

    public double largest() {
        return largest.get();
    }
}

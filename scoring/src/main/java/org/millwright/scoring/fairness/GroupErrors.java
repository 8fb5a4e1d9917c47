package org.millwright.scoring.fairness;

import org.millwright.scoring.metrics.RegressionMetrics.Estimate;

/**
 * How wrong predictions of a quantity were in the rows of one group, in the label's unit.
 *
 * @param n rows with a prediction and a true value
 * @param meanError mean of prediction − truth
 * @param meanErrorDeviation standard deviation of the errors, with n − 1; NaN of fewer than two rows
 * @param mae mean absolute error
 * @param maeDeviation standard deviation of the absolute errors
 */
public record GroupErrors(
        String name, long n, double meanError, double meanErrorDeviation, double mae, double maeDeviation) {

    /** Prediction − truth on average, with its 95 % interval. */
    public Estimate meanErrorEstimate() {
        return Estimate.of(meanError, meanErrorDeviation / Math.sqrt(n));
    }

    /** The mean absolute error with its 95 % interval. */
    public Estimate maeEstimate() {
        return Estimate.of(mae, maeDeviation / Math.sqrt(n));
    }

    /** The root of the mean squared error. */
    public double rmse() {
        double variance = n < 2 ? 0 : meanErrorDeviation * meanErrorDeviation * (n - 1) / n;
        return Math.sqrt(meanError * meanError + variance);
    }

    /** Gathers the errors of one group. */
    static final class Sum {
        private long n;
        private double error;
        private double errorSquares;
        private double size;
        private double sizeSquares;

        void add(double difference) {
            n++;
            double before = difference - error;
            error += before / n;
            errorSquares += before * (difference - error);
            double absolute = Math.abs(difference);
            double sizeBefore = absolute - size;
            size += sizeBefore / n;
            sizeSquares += sizeBefore * (absolute - size);
        }

        GroupErrors of(String name) {
            return new GroupErrors(name, n, error, deviation(errorSquares), size, deviation(sizeSquares));
        }

        private double deviation(double squares) {
            return n < 2 ? Double.NaN : Math.sqrt(squares / (n - 1));
        }
    }
}

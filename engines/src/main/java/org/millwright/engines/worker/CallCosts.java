package org.millwright.engines.worker;

/**
 * What calls of a model cost: so much for the call, so much for each of its rows. It is the straight line through the calls
 * of late, each counting less than the one after it; guarded by its owner's lock.
 */
final class CallCosts {
    private static final double KEPT = 1 - 1.0 / 256;
    private static final int FEW = 16;

    /** A call that stalled says little of the model: it counts as so many times what was expected at most. */
    private static final double OUTLIER = 8;

    /** Calls whose numbers of rows vary less than this do not tell the two costs apart. */
    private static final double SPREAD = 0.05;

    /** What joining must save of a request's cost, at least, to be worth its while. */
    private static final double GAIN = 0.2;

    /** How much longer than for one request a joined call may take. */
    private static final double LONGER = 4;

    private double count;
    private double rows;
    private double nanos;
    private double squares;
    private double products;
    private double requests;

    void add(int callRows, int callRequests, long callNanos) {
        double bounded = count < FEW ? callNanos : Math.min(callNanos, OUTLIER * expected(callRows));
        count = KEPT * count + 1;
        requests = KEPT * requests + callRequests;
        rows = KEPT * rows + callRows;
        nanos = KEPT * nanos + bounded;
        squares = KEPT * squares + (double) callRows * callRows;
        products = KEPT * products + bounded * callRows;
    }

    private double expected(int callRows) {
        double spread = spread();
        if (spread < SPREAD) {
            return nanos / count;
        }
        double row = row(spread);
        return Math.max(call(row) + row * callRows, 1);
    }

    /** Whether requests gain by sharing a call, or it is not known and shall be tried. */
    boolean pays() {
        double spread = spread();
        if (count < FEW || spread < SPREAD) {
            return true;
        }
        double row = row(spread);
        double call = call(row);
        return call >= GAIN * (call + row * requestRows());
    }

    /** How many rows a call should have at most. */
    int mostRows(int bound) {
        double spread = spread();
        double row = spread < SPREAD ? 0 : row(spread);
        return row <= 0 ? bound : (int) Math.clamp(LONGER * (call(row) / row + requestRows()), 1, bound);
    }

    private double requestRows() {
        return requests == 0 ? 1 : rows / requests;
    }

    private double spread() {
        return count == 0 ? 0 : squares / count - Math.pow(rows / count, 2);
    }

    private double row(double spread) {
        return Math.max(0, (products / count - rows / count * (nanos / count)) / spread);
    }

    private double call(double row) {
        return Math.max(0, nanos / count - row * rows / count);
    }
}

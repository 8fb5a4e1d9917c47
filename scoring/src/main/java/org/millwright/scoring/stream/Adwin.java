package org.millwright.scoring.stream;

import java.util.ArrayList;
import java.util.List;

/**
 * Adaptive windowing (Bifet and Gavaldà, 2007): a window that grows while its mean stays the same and drops its older part
 * when the two differ. Any values, best between 0 and 1; memory grows with the logarithm of the window.
 */
public final class Adwin implements Detector {
    private final double delta;
    private final int clock;
    private final int maxBuckets;
    private final int minWindow;
    private final int grace;

    /** By size: the buckets of row i hold 2ⁱ values each, the oldest first. */
    private List<Row> rows = new ArrayList<>();

    private double total;
    private double squares;
    private double width;
    private long ticks;
    private boolean drifted;

    public Adwin() {
        this(0.002, 32, 5, 5, 10);
    }

    /**
     * Sets it up.
     *
     * @param delta probability of a false alarm
     * @param clock it looks for a change only every so many values
     * @param maxBuckets buckets of one size, before two become one
     * @param minWindow values that both parts of a window must have
     * @param grace values before it says anything
     */
    public Adwin(double delta, int clock, int maxBuckets, int minWindow, int grace) {
        this.delta = delta;
        this.clock = clock;
        this.maxBuckets = maxBuckets;
        this.minWindow = minWindow;
        this.grace = grace;
    }

    /** Buckets of one size: the sum of each one's values and of their squared distances to its mean. */
    private static final class Row {
        final double[] totals;
        final double[] squares;
        int size;

        Row(int most) {
            totals = new double[most + 1];
            squares = new double[most + 1];
        }

        void add(double total, double square) {
            totals[size] = total;
            squares[size++] = square;
        }

        void drop(int count) {
            size -= count;
            System.arraycopy(totals, count, totals, 0, size);
            System.arraycopy(squares, count, squares, 0, size);
        }
    }

    @Override
    public State update(double value) {
        if (drifted) {
            rows = new ArrayList<>();
            total = 0;
            squares = 0;
            width = 0;
            ticks = 0;
            drifted = false;
        }
        insert(value);
        ticks++;
        if (ticks % clock == 0 && width > grace) {
            while (shrinks()) {
                drifted = true;
            }
        }
        return drifted ? State.DRIFT : State.STABLE;
    }

    private void insert(double value) {
        if (rows.isEmpty()) {
            rows.add(new Row(maxBuckets));
        }
        rows.get(0).add(value, 0);
        width++;
        if (width > 1) {
            double gap = value - total / (width - 1);
            squares += (width - 1) * gap * gap / width;
        }
        total += value;
        for (int i = 0; i < rows.size() && rows.get(i).size == maxBuckets + 1; i++) {
            if (i + 1 == rows.size()) {
                rows.add(new Row(maxBuckets));
            }
            Row row = rows.get(i);
            double n = values(i);
            double gap = row.totals[0] / n - row.totals[1] / n;
            rows.get(i + 1).add(row.totals[0] + row.totals[1], row.squares[0] + row.squares[1] + n * gap * gap / 2);
            row.drop(2);
        }
    }

    private static double values(int row) {
        return Math.scalb(1.0, row);
    }

    /** Looks for a place at which the window's parts differ; if there is one, drops the oldest bucket. */
    private boolean shrinks() {
        double n0 = 0;
        double n1 = width;
        double u0 = 0;
        double u1 = total;
        for (int i = rows.size() - 1; i >= 0; i--) {
            Row row = rows.get(i);
            for (int k = 0; k < row.size; k++) {
                n0 += values(i);
                n1 -= values(i);
                u0 += row.totals[k];
                u1 -= row.totals[k];
                if (i == 0 && k == row.size - 1) {
                    return false;
                }
                if (n0 >= minWindow && n1 >= minWindow && differ(n0, n1, u0 / n0 - u1 / n1)) {
                    dropOldest();
                    return true;
                }
            }
        }
        return false;
    }

    private boolean differ(double n0, double n1, double gap) {
        double confidence = Math.log(2 * Math.log(width) / delta);
        double m = 1 / (n0 - minWindow + 1) + 1 / (n1 - minWindow + 1);
        return Math.abs(gap) > Math.sqrt(2 * m * (squares / width) * confidence) + 2.0 / 3 * confidence * m;
    }

    private void dropOldest() {
        int last = rows.size() - 1;
        Row row = rows.get(last);
        double n = values(last);
        double mean = row.totals[0] / n;
        width -= n;
        total -= row.totals[0];
        double gap = mean - total / width;
        squares -= row.squares[0] + n * width * gap * gap / (n + width);
        row.drop(1);
        if (row.size == 0) {
            rows.remove(last);
        }
    }

    /** Number of values in the window. */
    public long width() {
        return (long) width;
    }

    /** Mean of the window; 0 when it is empty. */
    public double mean() {
        return width == 0 ? 0 : total / width;
    }
}

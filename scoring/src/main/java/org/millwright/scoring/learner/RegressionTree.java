package org.millwright.scoring.learner;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A regression tree over binned columns: splits that lower the squared error most, leaves that hold enough rows for their
 * mean to be a mean.
 */
public final class RegressionTree {
    private static final int LEAST = 20;
    private static final int LEAVES = 256;
    private static final double SHARE = 0.005;

    private final List<Node> nodes = new ArrayList<>();
    private final double[] gains;

    private RegressionTree(int columns) {
        this.gains = new double[columns];
    }

    /** A leaf has no column (−1) and a value; else rows whose bin ranks up to the limit go left. */
    record Node(int column, int[] rank, int limit, int left, int right, double value) {
        boolean isLeft(int bin) {
            return rank[bin] <= limit;
        }
    }

    /** Rows of a leaf that may still be split. */
    private record Open(int node, int[] rows) {}

    /**
     * Grows a tree.
     *
     * @param bins of each column and row, from 0
     * @param counts number of bins of each column
     * @param ordered whether a column's bins have an order of their own, as those of numbers have
     */
    public static RegressionTree fit(int[][] bins, int[] counts, boolean[] ordered, double[] target) {
        return fit(bins, counts, ordered, target, LEAVES);
    }

    /** The same with at most so many leaves. */
    public static RegressionTree fit(int[][] bins, int[] counts, boolean[] ordered, double[] target, int leaves) {
        var tree = new RegressionTree(bins.length);
        int least = (int) Math.max(LEAST, SHARE * target.length);
        int[] all = new int[target.length];
        Arrays.setAll(all, i -> i);
        Deque<Open> open = new ArrayDeque<>();
        tree.nodes.add(leaf(all, target));
        open.add(new Open(0, all));
        while (!open.isEmpty() && tree.nodes.size() < 2 * leaves - 1) {
            Open next = open.poll();
            @Nullable Split best = null;
            for (int c = 0; c < bins.length; c++) {
                Split split = Split.best(c, bins[c], counts[c], ordered[c], target, next.rows(), least);
                best = split != null && (best == null || split.gain() > best.gain()) ? split : best;
            }
            if (best != null) {
                tree.split(next, best, bins[best.column()], target, open);
            }
        }
        return tree;
    }

    private static Node leaf(int[] rows, double[] target) {
        return new Node(
                -1,
                new int[0],
                0,
                -1,
                -1,
                Arrays.stream(rows).mapToDouble(i -> target[i]).average().orElse(0));
    }

    private void split(Open open, Split best, int[] bins, double[] target, Deque<Open> queue) {
        int[] left = Arrays.stream(open.rows())
                .filter(i -> best.rank()[bins[i]] <= best.limit())
                .toArray();
        int[] right = Arrays.stream(open.rows())
                .filter(i -> best.rank()[bins[i]] > best.limit())
                .toArray();
        gains[best.column()] += best.gain();
        int at = nodes.size();
        nodes.add(leaf(left, target));
        nodes.add(leaf(right, target));
        nodes.set(open.node(), new Node(best.column(), best.rank(), best.limit(), at, at + 1, 0));
        queue.add(new Open(at, left));
        queue.add(new Open(at + 1, right));
    }

    public double predict(int[][] bins, int row) {
        Node node = nodes.get(0);
        while (node.column() >= 0) {
            node = nodes.get(node.isLeft(bins[node.column()][row]) ? node.left() : node.right());
        }
        return node.value();
    }

    /** By how much splits of each column lowered the sum of squared errors. */
    public double[] gains() {
        return gains.clone();
    }

    List<Node> nodes() {
        return nodes;
    }

    /**
     * A split of a column's bins: in their own order, or those of categories by the mean of what is to be predicted.
     *
     * @param rank of each bin in that order
     * @param limit rank of the last one that goes left
     */
    private record Split(int column, int[] rank, int limit, double gain) {
        static @Nullable Split best(
                int column, int[] bins, int count, boolean ordered, double[] target, int[] rows, int least) {
            double[] sum = new double[count];
            int[] n = new int[count];
            double all = 0;
            for (int row : rows) {
                sum[bins[row]] += target[row];
                n[bins[row]]++;
                all += target[row];
            }
            Integer[] order = new Integer[count];
            Arrays.setAll(order, i -> i);
            if (!ordered) {
                Arrays.sort(order, (a, b) -> Double.compare(mean(sum, n, a), mean(sum, n, b)));
            }
            int[] rank = new int[count];
            double left = 0;
            int taken = 0;
            int limit = -1;
            double gain = 0;
            for (int i = 0; i < count; i++) {
                rank[order[i]] = i;
                left += sum[order[i]];
                taken += n[order[i]];
                int rest = rows.length - taken;
                if (taken >= least && rest >= least) {
                    double better = left * left / taken + (all - left) * (all - left) / rest - all * all / rows.length;
                    if (better > gain * (1 + 1e-12) + 1e-12) {
                        gain = better;
                        limit = i;
                    }
                }
            }
            return limit < 0 ? null : new Split(column, rank, limit, gain);
        }

        private static double mean(double[] sum, int[] n, int bin) {
            return n[bin] == 0 ? Double.POSITIVE_INFINITY : sum[bin] / n[bin];
        }
    }
}

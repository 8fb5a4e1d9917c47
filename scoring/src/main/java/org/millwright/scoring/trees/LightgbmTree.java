package org.millwright.scoring.trees;

import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** One LightGBM tree: inner nodes by index, the root first; a child below zero is the leaf {@code -child - 1}. */
final class LightgbmTree {
    private static final int CATEGORICAL = 1;
    private static final int DEFAULT_LEFT = 2;
    private static final int MISSING_ZERO = 1;
    private static final int MISSING_NAN = 2;

    /** What LightGBM takes for zero, 1e-35f. */
    static final double ZERO = 1e-35f;

    private final int[] feature;
    private final double[] threshold;
    private final int[] decision;
    private final int[] left;
    private final int[] right;
    private final double[] leaves;
    private final int[] boundaries;
    private final int[] words;
    private final @Nullable Linear linear;

    /** A linear model in each leaf: constant, features and their coefficients. */
    private record Linear(double[] constant, int[][] features, double[][] coefficients) {}

    private LightgbmTree(LightgbmBlock block, int leafCount) {
        int nodes = leafCount - 1;
        this.feature = block.wholes("split_feature", nodes);
        this.threshold = block.numbers("threshold", nodes);
        this.decision = block.wholes("decision_type", nodes);
        this.left = block.wholes("left_child", nodes);
        this.right = block.wholes("right_child", nodes);
        this.leaves = block.numbers("leaf_value", leafCount);
        int sets = block.whole("num_cat", 0, Integer.MAX_VALUE - 1);
        this.boundaries = sets == 0 ? new int[] {0} : block.wholes("cat_boundaries", sets + 1);
        this.words = sets == 0 ? new int[0] : block.words("cat_threshold", Math.max(0, boundaries[sets]));
        boolean hasLinear = block.has("is_linear") && block.whole("is_linear", 0, 1) == 1;
        this.linear = hasLinear ? linear(block, leafCount) : null;
    }

    static LightgbmTree read(LightgbmBlock block, int features) {
        int leafCount = block.whole("num_leaves", 1, block.numbers("leaf_value").length);
        LightgbmTree tree = new LightgbmTree(block, leafCount);
        tree.check(block, features);
        return tree;
    }

    private static Linear linear(LightgbmBlock block, int leafCount) {
        double[] constant = block.numbers("leaf_const", leafCount);
        int[] counts = block.wholes("num_features", leafCount);
        double[] coefficients = block.numbers("leaf_coeff");
        int[] features = block.wholes("leaf_features", coefficients.length);
        int[][] byLeaf = new int[leafCount][];
        double[][] factors = new double[leafCount][];
        int at = 0;
        for (int leaf = 0; leaf < leafCount; leaf++) {
            if (counts[leaf] < 0 || counts[leaf] > features.length - at) {
                throw block.damaged("num_features", "as many as leaf_features has");
            }
            byLeaf[leaf] = Arrays.copyOfRange(features, at, at + counts[leaf]);
            factors[leaf] = Arrays.copyOfRange(coefficients, at, at + counts[leaf]);
            at += counts[leaf];
        }
        return new Linear(constant, byLeaf, factors);
    }

    /** Every node is reached once, so each walk ends. */
    private void check(LightgbmBlock block, int features) {
        for (int i = 0; i < feature.length; i++) {
            within(block, "split_feature", feature[i], features);
            if ((decision[i] & CATEGORICAL) != 0) {
                within(block, "threshold", threshold[i], boundaries.length - 1);
            }
        }
        for (int i = 1; i < boundaries.length; i++) {
            if (boundaries[i - 1] < 0 || boundaries[i] < boundaries[i - 1]) {
                throw block.damaged("cat_boundaries", "growing positions");
            }
        }
        if (linear != null) {
            for (int[] used : linear.features()) {
                for (int f : used) {
                    within(block, "leaf_features", f, features);
                }
            }
        }
        walk(block);
    }

    private static void within(LightgbmBlock block, String key, double value, int limit) {
        if (!(value >= 0 && value < limit)) {
            throw block.damaged(key, "values from 0 to " + (limit - 1));
        }
    }

    private void walk(LightgbmBlock block) {
        BitSet seen = new BitSet();
        int[] open = new int[2 * left.length + 2];
        int size = left.length == 0 ? 0 : 1;
        while (size > 0) {
            int node = open[--size];
            if (node < 0 ? -(long) node > leaves.length : node >= left.length || seen.get(node)) {
                throw block.damaged("left_child and right_child", "a tree of " + leaves.length + " leaves");
            }
            if (node >= 0) {
                seen.set(node);
                open[size++] = left[node];
                open[size++] = right[node];
            }
        }
    }

    double predict(double[] row) {
        int node = left.length == 0 ? -1 : 0;
        while (node >= 0) {
            double value = row[feature[node]];
            boolean goesLeft = (decision[node] & CATEGORICAL) != 0 ? member(node, value) : below(node, value);
            node = goesLeft ? left[node] : right[node];
        }
        int leaf = -node - 1;
        return linear == null ? leaves[leaf] : linear(linear, leaf, row);
    }

    private boolean below(int node, double value) {
        int missing = decision[node] >> 2 & 3;
        boolean nan = Double.isNaN(value);
        double seen = nan && missing != MISSING_NAN ? 0 : value;
        boolean isMissing = missing == MISSING_ZERO ? Math.abs(seen) <= ZERO : missing == MISSING_NAN && nan;
        return isMissing ? (decision[node] & DEFAULT_LEFT) != 0 : seen <= threshold[node];
    }

    private boolean member(int node, double value) {
        if (Double.isNaN(value) || value <= -1) {
            return false;
        }
        int set = (int) threshold[node];
        int category = (int) value;
        int word = boundaries[set] + (category >> 5);
        return word < boundaries[set + 1] && (words[word] >> (category & 31) & 1) != 0;
    }

    private double linear(Linear model, int leaf, double[] row) {
        double sum = model.constant()[leaf];
        int[] features = model.features()[leaf];
        for (int i = 0; i < features.length; i++) {
            double value = row[features[i]];
            if (Double.isNaN(value)) {
                return leaves[leaf];
            }
            sum += value * model.coefficients()[leaf][i];
        }
        return sum;
    }
}

package org.millwright.scoring.trees;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** XGBoost's trees: 32-bit comparisons and sums, in the order of the file. */
final class XgboostTrees implements Ensemble {
    /** A larger category is taken as unknown by XGBoost. */
    private static final int MOST_CATEGORY = 1 << 24;

    /**
     * One tree, its nodes by index, the root first.
     *
     * @param left the left child, -1 for a leaf
     * @param value what a value must be less than to go left; of a leaf, what it adds
     * @param right categories that go right, null where no node has any
     */
    private record Tree(
            int group,
            int[] left,
            int[] rightChild,
            int[] feature,
            float[] value,
            boolean[] missingLeft,
            @Nullable BitSet @Nullable [] right) {}

    private final float[] base;
    private final XgboostObjective objective;
    private final List<Tree> trees;

    private XgboostTrees(float[] base, XgboostObjective objective, List<Tree> trees) {
        this.base = base;
        this.objective = objective;
        this.trees = List.copyOf(trees);
    }

    @Override
    public int width() {
        return objective.width(base.length);
    }

    @Override
    public boolean classifies() {
        return objective.classifies();
    }

    @Override
    public void score(double[] row, double[] out) {
        float[] margins = base.clone();
        for (Tree tree : trees) {
            margins[tree.group()] += leaf(tree, row);
        }
        objective.apply(margins, out);
    }

    private static float leaf(Tree tree, double[] row) {
        int node = 0;
        while (tree.left()[node] >= 0) {
            double value = row[tree.feature()[node]];
            boolean left = Double.isNaN(value) ? tree.missingLeft()[node] : goesLeft(tree, node, value);
            node = left ? tree.left()[node] : tree.rightChild()[node];
        }
        return tree.value()[node];
    }

    private static boolean goesLeft(Tree tree, int node, double value) {
        BitSet categories = tree.right() == null ? null : tree.right()[node];
        if (categories == null) {
            return value < tree.value()[node];
        }
        return !(value >= 0 && value < MOST_CATEGORY) || !categories.get((int) value);
    }

    /** Reads and checks trees. */
    static final class Builder {
        private final int features;
        private final float[] base;
        private final XgboostObjective objective;
        private final List<Tree> trees = new ArrayList<>();

        Builder(int features, float[] base, XgboostObjective objective) {
            this.features = features;
            this.base = base;
            this.objective = objective;
        }

        /** Adds a tree whose leaves count that much. */
        void add(Document tree, int group, float weight) {
            Document parameters = tree.object("tree_param");
            parameters.parameter("size_leaf_vector", 0, 1);
            int[] left = tree.wholes("left_children");
            int count = left.length;
            int[] right = tree.wholes("right_children", count);
            int[] feature = tree.wholes("split_indices", count);
            double[] conditions = tree.numbers("split_conditions", count);
            boolean[] missingLeft = truths(tree, "default_left", count);
            float[] values = new float[count];
            for (int i = 0; i < count; i++) {
                values[i] = left[i] < 0 ? (float) conditions[i] * weight : (float) conditions[i];
            }
            check(tree, left, right, feature);
            trees.add(new Tree(group, left, right, feature, values, missingLeft, categories(tree, count)));
        }

        XgboostTrees build() {
            return new XgboostTrees(base, objective, trees);
        }

        /** Every node that can be reached is reached once, so each walk ends. */
        private void check(Document tree, int[] left, int[] right, int[] feature) {
            int[] open = new int[left.length + 2];
            BitSet seen = new BitSet(left.length);
            int size = 1;
            while (size > 0) {
                int node = open[--size];
                if (node < 0 || node >= left.length || seen.get(node)) {
                    throw tree.damaged("left_children and right_children", "a tree");
                }
                seen.set(node);
                if (left[node] == -1) {
                    continue;
                }
                if (left[node] < 0 || feature[node] < 0 || feature[node] >= features) {
                    throw tree.damaged("split_indices", "features below " + features);
                }
                open[size++] = left[node];
                open[size++] = right[node];
            }
        }

        private static @Nullable BitSet @Nullable [] categories(Document tree, int count) {
            int[] nodes = tree.has("categories_nodes") ? tree.wholes("categories_nodes") : new int[0];
            if (nodes.length == 0) {
                return null;
            }
            int[] all = tree.wholes("categories");
            int[] begins = tree.wholes("categories_segments", nodes.length);
            int[] sizes = tree.wholes("categories_sizes", nodes.length);
            @Nullable BitSet[] right = new @Nullable BitSet[count];
            for (int i = 0; i < nodes.length; i++) {
                long end = (long) begins[i] + sizes[i];
                if (nodes[i] < 0 || nodes[i] >= count || begins[i] < 0 || sizes[i] < 0 || end > all.length) {
                    throw tree.damaged("categories_segments", "positions of " + all.length + " categories");
                }
                right[nodes[i]] = set(tree, Arrays.copyOfRange(all, begins[i], (int) end));
            }
            return right;
        }

        private static BitSet set(Document tree, int[] categories) {
            BitSet set = new BitSet();
            for (int category : categories) {
                if (category < 0 || category >= MOST_CATEGORY) {
                    throw tree.damaged("categories", "numbers below " + MOST_CATEGORY);
                }
                set.set(category);
            }
            return set;
        }

        /** XGBoost writes truth values as numbers, older versions as true and false. */
        private static boolean[] truths(Document tree, String name, int count) {
            boolean[] truths = new boolean[count];
            if (tree.get(name) instanceof List<?> list && list.size() == count) {
                for (int i = 0; i < count; i++) {
                    truths[i] = Boolean.TRUE.equals(list.get(i));
                }
                return truths;
            }
            double[] numbers = tree.numbers(name, count);
            for (int i = 0; i < count; i++) {
                truths[i] = numbers[i] != 0;
            }
            return truths;
        }
    }
}

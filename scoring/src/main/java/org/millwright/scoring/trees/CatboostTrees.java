package org.millwright.scoring.trees;

import java.util.Arrays;
import java.util.List;

/** CatBoost's symmetric trees: each asks the same questions on all its paths. */
final class CatboostTrees implements Ensemble {
    /** What is done to the sum of the leaves. */
    enum Link {
        IDENTITY,
        EXPONENTIAL,
        CLASSES,
        /** Each class by itself against the rest. */
        CLASSES_APART
    }

    /** The splits asked, first the lowest bit of the leaf's number, and what each leaf adds to each output. */
    record Tree(int[] splits, double[] leaves) {}

    private final CatboostSplits splits;
    private final Tree[] trees;
    private final double scale;
    private final double[] bias;
    private final Link link;

    CatboostTrees(CatboostSplits splits, List<Tree> trees, double scale, double[] bias, Link link) {
        this.splits = splits;
        this.trees = trees.toArray(new Tree[0]);
        this.scale = scale;
        this.bias = bias;
        this.link = link;
    }

    @Override
    public int width() {
        return bias.length;
    }

    @Override
    public boolean classifies() {
        return link == Link.CLASSES || link == Link.CLASSES_APART;
    }

    @Override
    public long bestClass(double[] scores) {
        return scores.length == 1 ? (scores[0] > 0 ? 1 : 0) : Ensemble.super.bestClass(scores);
    }

    @Override
    public void probabilities(double[] scores, double[] out) {
        if (scores.length == 1) {
            out[1] = logistic(scores[0]);
            out[0] = 1 - out[1];
            return;
        }
        double largest = Arrays.stream(scores).max().orElse(0);
        double sum = 0;
        for (int i = 0; i < scores.length; i++) {
            out[i] = link == Link.CLASSES_APART ? logistic(scores[i]) : Math.exp(scores[i] - largest);
            sum += out[i];
        }
        for (int i = 0; link == Link.CLASSES && i < scores.length; i++) {
            out[i] /= sum;
        }
    }

    private static double logistic(double score) {
        return 1 / (1 + Math.exp(-score));
    }

    @Override
    public void score(double[] row, double[] out) {
        boolean[] answers = splits.answers(row);
        Arrays.fill(out, 0);
        for (Tree tree : trees) {
            int leaf = 0;
            for (int level = 0; level < tree.splits().length; level++) {
                leaf |= answers[tree.splits()[level]] ? 1 << level : 0;
            }
            for (int i = 0; i < out.length; i++) {
                out[i] += tree.leaves()[leaf * out.length + i];
            }
        }
        for (int i = 0; i < out.length; i++) {
            double value = scale * out[i] + bias[i];
            out[i] = link == Link.EXPONENTIAL ? Math.exp(value) : value;
        }
    }
}

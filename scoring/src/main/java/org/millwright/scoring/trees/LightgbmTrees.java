package org.millwright.scoring.trees;

import java.util.Arrays;
import java.util.List;

/** LightGBM's trees, summed in 64-bit floats in the order of the file. */
final class LightgbmTrees implements Ensemble {
    private final LightgbmTree[] trees;
    private final int width;
    private final boolean average;
    private final LightgbmObjective objective;

    LightgbmTrees(List<LightgbmTree> trees, int width, boolean average, LightgbmObjective objective) {
        this.trees = trees.toArray(new LightgbmTree[0]);
        this.width = width;
        this.average = average;
        this.objective = objective;
    }

    @Override
    public int width() {
        return width;
    }

    @Override
    public boolean classifies() {
        return objective.classifies();
    }

    @Override
    public void score(double[] row, double[] out) {
        Arrays.fill(out, 0);
        for (int i = 0; i < trees.length; i++) {
            out[i % width] += trees[i].predict(row);
        }
        if (average && trees.length > 0) {
            for (int i = 0; i < width; i++) {
                out[i] /= trees.length / width;
            }
        }
        objective.apply(out);
    }
}

package org.millwright.scoring.performance;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import org.millwright.scoring.Frame;
import org.millwright.scoring.learner.Binning;
import org.millwright.scoring.learner.RegressionTree;

/**
 * Direct loss estimation of a model that predicts a quantity: how large its error is on rows like these was learned on
 * labelled rows, and is expected again. The idea is NannyML's; the learner is one regression tree for each loss.
 *
 * <p>Holds as long as errors depend on the columns as they did (no concept drift) and the rows are such as the reference had.
 */
public final class Dle {
    private static final Map<String, DoubleUnaryOperator> LOSSES = new LinkedHashMap<>();

    static {
        LOSSES.put("mae", Math::abs);
        LOSSES.put("mse", error -> error * error);
        LOSSES.put("rmse", error -> error * error);
    }

    private final Binning binning;
    private final Map<String, RegressionTree> trees = new LinkedHashMap<>();
    private final Map<String, Double> deviations = new LinkedHashMap<>();
    private final Map<String, Limits> limits = new LinkedHashMap<>();

    private Dle(Binning binning) {
        this.binning = binning;
    }

    /**
     * Learns from labelled rows that the model was not trained on.
     *
     * @param columns the features and the prediction
     * @param truth of each row, finite
     * @param predicted likewise
     * @param chunks of the reference, whose errors tell the limits
     */
    public static Dle fit(Frame columns, double[] truth, double[] predicted, List<Chunk> chunks) {
        if (truth.length == 0 || truth.length != predicted.length || truth.length != columns.rows()) {
            throw new IllegalArgumentException("a reference of " + columns.rows() + " rows, " + truth.length
                    + " true values and " + predicted.length + " predictions: expected as many of each, at least one");
        }
        var dle = new Dle(new Binning(columns));
        int[][] bins = dle.binning.bins(columns);
        LOSSES.forEach((name, loss) -> {
            double[] losses = new double[truth.length];
            Arrays.setAll(losses, i -> loss.applyAsDouble(predicted[i] - truth[i]));
            dle.trees.put(name, RegressionTree.fit(bins, dle.binning.counts(), dle.binning.ordered(), losses));
            dle.deviations.put(name, deviation(losses));
            double[] realised = chunks.stream()
                    .mapToDouble(chunk -> Arrays.stream(losses, chunk.from(), chunk.to())
                            .average()
                            .orElse(Double.NaN))
                    .map(mean -> name.equals("rmse") ? Math.sqrt(mean) : mean)
                    .toArray();
            dle.limits.put(name, Limits.of(realised, 0, Double.POSITIVE_INFINITY));
        });
        return dle;
    }

    private static double deviation(double[] values) {
        double mean = Arrays.stream(values).average().orElse(Double.NaN);
        return Math.sqrt(Arrays.stream(values)
                .map(value -> (value - mean) * (value - mean))
                .average()
                .orElse(Double.NaN));
    }

    /** Mean absolute, mean squared and root mean squared error, estimated for rows without labels. */
    public Map<String, Estimated> estimate(Frame columns) {
        int[][] bins = binning.bins(columns);
        Map<String, Estimated> all = new LinkedHashMap<>();
        trees.forEach((name, tree) -> {
            double sum = 0;
            for (int i = 0; i < columns.rows(); i++) {
                sum += tree.predict(bins, i);
            }
            double mean = sum / columns.rows();
            double error = deviations.getOrDefault(name, Double.NaN) / Math.sqrt(columns.rows());
            boolean root = name.equals("rmse");
            double value = root ? Math.sqrt(mean) : mean;
            all.put(
                    name,
                    Estimated.of(
                            value,
                            root ? error / (2 * value) : error,
                            limits.getOrDefault(name, new Limits(0, Double.POSITIVE_INFINITY)),
                            0,
                            Double.POSITIVE_INFINITY));
        });
        return all;
    }
}

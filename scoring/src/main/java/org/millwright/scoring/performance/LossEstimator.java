package org.millwright.scoring.performance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.millwright.scoring.Frame;
import org.millwright.scoring.learner.Binning;
import org.millwright.scoring.learner.TreeColumns;
import org.millwright.scoring.learner.ValueTree;
import org.millwright.scoring.profile.NumericProfile;
import org.millwright.scoring.profile.Profile;
import org.millwright.scoring.profile.Reference;
import org.millwright.scoring.profile.RowFindings;

/**
 * Direct loss estimation that travels: trees whose leaves say how large errors were on rows like these. Of a window only the
 * number of rows in each leaf is kept, at most {@link ValueTree#MOST_LEAVES} a tree.
 */
public final class LossEstimator implements Estimator {
    static final String METHOD = "dle";

    private static final int CHUNKS = 10;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<Loss, ValueTree> trees;
    /** Mean squared error in each leaf of the tree of absolute errors, by its place among the nodes. */
    private final double[] squares;

    private final Map<String, Learned> metrics;

    /** What is estimated of each row. */
    enum Loss {
        ABSOLUTE("absolute error"),
        /** The squared error of what a model without skill predicts: the mean training label. */
        BASELINE("squared error of the mean");

        private final String text;

        Loss(String text) {
            this.text = text;
        }

        /** Name of the window's column that counts leaves. */
        String column() {
            return "leaf of " + text;
        }

        double of(double truth, double predicted, double baseline) {
            return switch (this) {
                case ABSOLUTE -> Math.abs(predicted - truth);
                case BASELINE -> (truth - baseline) * (truth - baseline);
            };
        }
    }

    private LossEstimator(Map<Loss, ValueTree> trees, double[] squares, Map<String, Learned> metrics) {
        this.trees = trees;
        this.squares = squares;
        this.metrics = metrics;
    }

    /**
     * Learns from labelled rows that the model was not trained on.
     *
     * @param inputs as the model took them
     * @param truth of each row, finite
     * @param predicted likewise
     * @param baseline mean of the training labels; NaN when unknown, and skill is not estimated then
     * @param order of the rows in time, whose chunks tell the limits
     */
    public static LossEstimator fit(Frame inputs, double[] truth, double[] predicted, double baseline, int[] order) {
        Frame columns = columns(inputs, predicted);
        var binning = new Binning(columns);
        int[][] bins = binning.bins(columns);
        Map<Loss, ValueTree> trees = new LinkedHashMap<>();
        Map<Loss, double[]> losses = new LinkedHashMap<>();
        for (Loss loss : Loss.values()) {
            if (loss != Loss.BASELINE || Double.isFinite(baseline)) {
                double[] own = new double[truth.length];
                Arrays.setAll(own, i -> loss.of(truth[i], predicted[i], baseline));
                losses.put(loss, own);
                trees.put(loss, ValueTree.fit(binning, bins, own));
            }
        }
        double[] absolute = losses.getOrDefault(Loss.ABSOLUTE, new double[0]);
        double[] squared = Arrays.stream(absolute).map(error -> error * error).toArray();
        ValueTree errors = trees.getOrDefault(Loss.ABSOLUTE, new ValueTree(List.of()));
        return new LossEstimator(
                trees,
                means(errors.nodes().size(), errors.leaves(new TreeColumns(columns)), squared),
                learned(absolute, squared, losses.get(Loss.BASELINE), order));
    }

    /** The mean of the values in each leaf; 0 of other nodes. */
    private static double[] means(int nodes, int[] leaves, double[] values) {
        double[] sums = new double[nodes];
        long[] rows = new long[nodes];
        for (int i = 0; i < leaves.length; i++) {
            sums[leaves[i]] += values[i];
            rows[leaves[i]]++;
        }
        Arrays.setAll(sums, node -> rows[node] == 0 ? 0 : sums[node] / rows[node]);
        return sums;
    }

    private static Map<String, Learned> learned(
            double[] absolute, double[] squared, double @Nullable [] baseline, int[] order) {
        double rmse = Math.sqrt(mean(squared));
        Map<String, Learned> metrics = new LinkedHashMap<>();
        List<Chunk> chunks = Chunk.merged(order.length, Math.max(1, Math.min(CHUNKS, order.length / Cbpe.MIN_ROWS)));
        metrics.put(
                "mae",
                new Learned(
                        mean(absolute),
                        deviation(absolute),
                        1,
                        limits(chunks, part -> mean(chosen(absolute, order, part)), Double.POSITIVE_INFINITY)));
        metrics.put(
                "rmse",
                new Learned(
                        rmse,
                        known(deviation(squared) / (2 * rmse)),
                        1,
                        limits(
                                chunks,
                                part -> Math.sqrt(mean(chosen(squared, order, part))),
                                Double.POSITIVE_INFINITY)));
        if (baseline != null) {
            metrics.put("skill", skill(squared, baseline, chunks, order));
        }
        return metrics;
    }

    /** Skill is a ratio of means; a row's part in it comes of the derivatives by both. */
    private static Learned skill(double[] squared, double[] baseline, List<Chunk> chunks, int[] order) {
        double error = mean(squared);
        double spread = mean(baseline);
        double ratio = Math.sqrt(error / spread);
        double[] parts = new double[squared.length];
        Arrays.setAll(parts, i -> -ratio / 2 * (squared[i] / error - baseline[i] / spread));
        Limits limits = limits(
                chunks,
                part -> 1 - Math.sqrt(mean(chosen(squared, order, part)) / mean(chosen(baseline, order, part))),
                1);
        return new Learned(1 - ratio, known(deviation(parts)), 1, limits);
    }

    private static Limits limits(List<Chunk> chunks, Function<Chunk, Double> metric, double ceiling) {
        double[] realised = chunks.stream().mapToDouble(metric::apply).toArray();
        return Limits.of(realised, ceiling == 1 ? Double.NEGATIVE_INFINITY : 0, ceiling);
    }

    private static double[] chosen(double[] values, int[] order, Chunk part) {
        return Arrays.stream(order, part.from(), part.to())
                .mapToDouble(row -> values[row])
                .toArray();
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElse(Double.NaN);
    }

    /** A model without any error has no deviation either. */
    private static double known(double deviation) {
        return Double.isFinite(deviation) ? deviation : 0;
    }

    private static double deviation(double[] values) {
        double mean = mean(values);
        return Math.sqrt(Arrays.stream(values)
                .map(value -> (value - mean) * (value - mean))
                .average()
                .orElse(Double.NaN));
    }

    /** The inputs and the prediction, on which errors may depend. */
    private static Frame columns(Frame inputs, double[] predictions) {
        Frame.Builder both = Frame.of(inputs.rows());
        for (int i = 0; i < inputs.width(); i++) {
            if (!inputs.name(i).equals(Reference.OUTPUT)) {
                both.column(inputs.name(i), inputs.type(i), inputs.column(i));
            }
        }
        return both.doubles(Reference.OUTPUT, predictions).build();
    }

    @Override
    public String method() {
        return METHOD;
    }

    @Override
    public Set<String> columns() {
        return trees.keySet().stream().map(Loss::column).collect(Collectors.toSet());
    }

    @Override
    public RowFindings look(Frame inputs, IntFunction<double[]> outputs) {
        double[] predictions = outputs.apply(0);
        var columns = new TreeColumns(columns(inputs, predictions));
        List<RowFindings> all = new ArrayList<>();
        trees.forEach((loss, tree) -> {
            int[] leaves = tree.leaves(columns);
            double[] numbers = new double[leaves.length];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = Double.isNaN(predictions[i]) ? Double.NaN : leaves[i];
            }
            all.add(RowFindings.numbers(loss.column(), numbers));
        });
        return RowFindings.of(all);
    }

    @Override
    public Optional<Estimates> estimate(Profile window) {
        NumericProfile rows = window.derived(Loss.ABSOLUTE.column());
        if (rows.present() == 0) {
            return Optional.empty();
        }
        double mae = mean(window, Loss.ABSOLUTE, node -> value(Loss.ABSOLUTE, node));
        double squared = mean(window, Loss.ABSOLUTE, node -> squares[node]);
        double baseline = mean(window, Loss.BASELINE, node -> value(Loss.BASELINE, node));
        long n = rows.present();
        Map<String, Estimated> all = new LinkedHashMap<>();
        put(all, "mae", mae, n);
        put(all, "rmse", Math.sqrt(squared), n);
        put(all, "skill", 1 - Math.sqrt(squared / baseline), n);
        return Optional.of(new Estimates(METHOD, n, all));
    }

    private void put(Map<String, Estimated> all, String metric, double value, long n) {
        Learned learned = metrics.get(metric);
        if (learned != null) {
            boolean skill = metric.equals("skill");
            all.put(
                    metric,
                    learned.estimated(
                            value, n, skill ? Double.NEGATIVE_INFINITY : 0, skill ? 1 : Double.POSITIVE_INFINITY));
        }
    }

    private double value(Loss loss, int node) {
        ValueTree tree = trees.get(loss);
        return tree == null ? Double.NaN : tree.nodes().get(node).value();
    }

    /** The mean over the window's rows of what is known of their leaves. */
    private double mean(Profile window, Loss loss, IntToDoubleFunction value) {
        ValueTree tree = trees.get(loss);
        if (tree == null) {
            return Double.NaN;
        }
        long[] counts = counts(window, loss, tree);
        double sum = 0;
        double n = 0;
        for (int i = 0; i < counts.length; i++) {
            sum += counts[i] * value.applyAsDouble(i);
            n += counts[i];
        }
        return sum / n;
    }

    /** Rows of the window in each leaf, by its place among the nodes. */
    private static long[] counts(Profile window, Loss loss, ValueTree tree) {
        long[] counts = new long[tree.nodes().size()];
        NumericProfile column = window.derived(loss.column());
        double[] leaves = column.fewValues().orElse(new double[0]);
        for (int i = 0; i < leaves.length; i++) {
            if (leaves[i] >= 0 && leaves[i] < counts.length) {
                counts[(int) leaves[i]] += column.fewCounts()[i];
            }
        }
        return counts;
    }

    /** What makes the estimated mean absolute error of a window another one than that of the held-out rows. */
    public ErrorChange change(Profile window) {
        ValueTree tree = trees.getOrDefault(Loss.ABSOLUTE, new ValueTree(List.of()));
        return ErrorChange.of(tree, counts(window, Loss.ABSOLUTE, tree));
    }

    @Override
    public String toJson() {
        ObjectNode json = JSON.createObjectNode().put("method", METHOD);
        ObjectNode known = json.putObject("metrics");
        metrics.forEach((name, learned) -> learned.write(known.putObject(name)));
        ObjectNode grown = json.putObject("trees");
        trees.forEach((loss, tree) -> grown.set(loss.name(), tree.toJson()));
        ArrayNode squared = json.putArray("squares");
        Arrays.stream(squares).forEach(squared::add);
        return json.toString();
    }

    static LossEstimator read(JsonNode json) {
        Map<Loss, ValueTree> trees = new LinkedHashMap<>();
        for (Loss loss : Loss.values()) {
            if (json.path("trees").has(loss.name())) {
                trees.put(loss, ValueTree.fromJson(json.path("trees").path(loss.name())));
            }
        }
        ValueTree errors = trees.get(Loss.ABSOLUTE);
        JsonNode squared = json.path("squares");
        if (errors == null || squared.size() != errors.nodes().size()) {
            throw new IllegalArgumentException("not an estimator: it has no tree of errors, or not all of it");
        }
        double[] squares = new double[squared.size()];
        Arrays.setAll(squares, i -> squared.path(i).asDouble());
        Map<String, Learned> metrics = new LinkedHashMap<>();
        json.path("metrics").properties().forEach(field -> metrics.put(field.getKey(), Learned.read(field.getValue())));
        return new LossEstimator(trees, squares, metrics);
    }
}

package org.millwright.app.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.millwright.kernel.Problem;
import org.millwright.scoring.DataType;
import org.millwright.scoring.Frame;
import org.millwright.scoring.fairness.Fairness;
import org.millwright.scoring.metrics.BinaryScores;
import org.millwright.scoring.metrics.MulticlassScores;
import org.millwright.scoring.metrics.RegressionMetrics.Estimate;
import org.millwright.scoring.metrics.RegressionScores;

/**
 * Rows with what was predicted and, where it is known, what was true.
 *
 * @param classes of a classifier, ascending; the positive one of two is the last
 * @param truth class numbers, or numbers of a regression; empty arrays without a column of true values
 * @param predicted likewise
 * @param probabilities by class, then by row; of two classes the positive one's only; null when there are none
 */
record PredictionRows(
        Frame frame,
        Task task,
        List<String> classes,
        double[] truth,
        double[] predicted,
        double @Nullable [][] probabilities) {
    static final int MOST = 5_000_000;

    private static final int SLICES = 200;
    private static final int FEW = 20;
    /** By how much a probability written with two decimals may be off. */
    private static final double ROUNDED = 0.005;

    private static final List<String> POSITIVE = List.of("1", "true", "yes");
    private static final Map<String, String> COUNTERPARTS = Map.of("0", "1", "false", "true", "no", "yes");
    /** Of two classes the name of the other one when it stands for several. */
    private static final String REST = "not ";

    /** What was predicted. */
    enum Task {
        regression,
        binary,
        multiclass
    }

    /** Finds the columns. With a reference, task and classes are its own. */
    static PredictionRows of(Frame frame, PredictionOptions options, Optional<PredictionRows> reference) {
        if (frame.rows() == 0) {
            throw new Problem.Invalid(
                    (reference.isPresent() ? "The file of predictions" : "The file") + " has no rows",
                    "Write the rows below its header.");
        }
        boolean labelled = frame.position(options.truth()) >= 0;
        Task task = reference.map(PredictionRows::task).or(options::task).orElseGet(() -> guess(frame, options));
        if (task == Task.regression) {
            return new PredictionRows(
                    frame,
                    task,
                    List.of(),
                    labelled ? numbers(frame, options.truth(), "as the task is regression") : new double[0],
                    numbers(frame, options.prediction(), "as the task is regression"),
                    null);
        }
        List<String> classes =
                reference.map(PredictionRows::classes).orElseGet(() -> classes(frame, options, task, labelled));
        return new PredictionRows(
                frame,
                task,
                classes,
                labelled ? numbered(frame, options.truth(), classes) : new double[0],
                numbered(frame, options.prediction(), classes),
                probabilities(frame, options, task, classes));
    }

    private static double[] numbers(Frame frame, String column, String why) {
        int at = frame.position(column);
        DataType type = frame.type(at);
        boolean none = IntStream.range(0, frame.rows()).allMatch(i -> frame.value(at, i) == null);
        if (!none && (type == DataType.STRING || type == DataType.BOOLEAN)) {
            throw new Problem.Invalid("Column '" + column + "' holds "
                    + (type == DataType.STRING ? "texts" : "true and false") + " (expected: numbers, " + why + ")");
        }
        if (none) {
            double[] unknown = new double[frame.rows()];
            Arrays.fill(unknown, Double.NaN);
            return unknown;
        }
        return frame.doubles(column);
    }

    private static Task guess(Frame frame, PredictionOptions options) {
        TreeSet<String> values = new TreeSet<>();
        boolean whole = true;
        for (String column : List.of(options.truth(), options.prediction())) {
            int at = frame.position(column);
            for (int i = 0; at >= 0 && i < frame.rows() && values.size() <= FEW; i++) {
                String text = text(frame.value(at, i));
                if (text != null) {
                    values.add(text);
                    whole &= !(frame.value(at, i) instanceof Double real) || real == Math.rint(real);
                }
            }
        }
        int at = frame.position(options.prediction());
        boolean numeric = frame.type(at).isNumeric();
        if (numeric && (values.size() > FEW || !whole)) {
            return Task.regression;
        }
        return values.size() <= 2 && options.probabilities().size() <= 2 ? Task.binary : Task.multiclass;
    }

    private static List<String> classes(Frame frame, PredictionOptions options, Task task, boolean labelled) {
        TreeSet<String> found = new TreeSet<>(options.probabilities().keySet());
        for (String column :
                labelled ? List.of(options.truth(), options.prediction()) : List.of(options.prediction())) {
            int at = frame.position(column);
            for (int i = 0; i < frame.rows(); i++) {
                String text = text(frame.value(at, i));
                if (text != null) {
                    found.add(text);
                }
            }
        }
        List<String> classes = new ArrayList<>(found);
        if (task == Task.multiclass) {
            if (classes.size() > 1000) {
                throw new Problem.Invalid(
                        classes.size() + " classes (at most 1000; for a quantity: --task regression)");
            }
            return classes;
        }
        String positive = options.positive()
                .or(() -> POSITIVE.stream().filter(classes::contains).findFirst())
                .or(() -> Optional.ofNullable(classes.size() == 1 ? COUNTERPARTS.get(classes.getFirst()) : null))
                .orElseThrow(() -> new Problem.Invalid(
                        "Which class is looked for? The values are " + String.join(", ", classes),
                        "Say --positive CLASS."));
        List<String> others =
                classes.stream().filter(each -> !each.equals(positive)).toList();
        return List.of(others.size() == 1 ? others.getFirst() : REST + positive, positive);
    }

    private static double[] numbered(Frame frame, String column, List<String> classes) {
        Map<String, Integer> numbers = new LinkedHashMap<>();
        IntStream.range(0, classes.size()).forEach(i -> numbers.put(classes.get(i), i));
        int at = frame.position(column);
        double[] numbered = new double[frame.rows()];
        for (int i = 0; i < numbered.length; i++) {
            String text = text(frame.value(at, i));
            Integer number = text == null ? null : numbers.get(text);
            if (text != null && number == null && !classes.getFirst().startsWith(REST)) {
                throw new Problem.Invalid("Column '" + column + "', row " + (i + 1) + ": class '" + text
                        + "' is not among those of the reference (" + String.join(", ", classes) + ")");
            }
            numbered[i] = number != null ? number : text != null ? 0 : Double.NaN;
        }
        return numbered;
    }

    private static double @Nullable [][] probabilities(
            Frame frame, PredictionOptions options, Task task, List<String> classes) {
        if (task == Task.binary) {
            return options.probability(frame)
                    .map(column -> new double[][] {shares(frame, column)})
                    .orElse(null);
        }
        if (options.probabilities().isEmpty()) {
            return null;
        }
        double[][] all = new double[classes.size()][];
        for (int c = 0; c < all.length; c++) {
            String column = options.probabilities().get(classes.get(c));
            if (column == null) {
                throw new Problem.Invalid("--probabilities lacks class '" + classes.get(c) + "'");
            }
            all[c] = shares(frame, column);
        }
        for (int i = 0; i < frame.rows(); i++) {
            double sum = 0;
            for (double[] each : all) {
                sum += each[i];
            }
            if (Math.abs(sum - 1) > ROUNDED * all.length) {
                throw new Problem.Invalid("Row " + (i + 1) + ": the probabilities of all classes add up to "
                        + DriftOutput.number(sum) + " (expected: 1)");
            }
        }
        return all;
    }

    private static double[] shares(Frame frame, String column) {
        double[] values = numbers(frame, column, "as it is to hold probabilities");
        for (int i = 0; i < values.length; i++) {
            if (values[i] < 0 || values[i] > 1) {
                throw new Problem.Invalid("Column '" + column + "', row " + (i + 1) + ": " + values[i]
                        + " is no probability (expected: 0 to 1)");
            }
        }
        return values;
    }

    /** Whole numbers read alike, however they are held. */
    private static @Nullable String text(@Nullable Object value) {
        if (value instanceof Double real && real == Math.rint(real) && Math.abs(real) < 1L << 53) {
            return Long.toString(real.longValue());
        }
        return value == null ? null : value.toString();
    }

    /** The rows of which all is known that is there to be known. */
    int[] usable(boolean withTruth) {
        return IntStream.range(0, frame.rows())
                .filter(i -> Double.isFinite(predicted[i]))
                .filter(i -> !withTruth || Double.isFinite(truth[i]))
                .filter(i -> probabilities == null
                        || Arrays.stream(probabilities).noneMatch(column -> Double.isNaN(column[i])))
                .toArray();
    }

    /** Every metric of these rows. */
    Map<String, Estimate> measure(int[] rows) {
        return switch (task) {
            case regression -> RegressionScores.of(chosen(truth, rows), chosen(predicted, rows));
            case binary ->
                BinaryScores.of(
                        positive(truth, rows),
                        positive(predicted, rows),
                        probabilities == null ? null : chosen(probabilities[0], rows));
            case multiclass ->
                MulticlassScores.of(
                        ints(truth, rows),
                        ints(predicted, rows),
                        probabilities == null
                                ? null
                                : Arrays.stream(probabilities)
                                        .map(column -> chosen(column, rows))
                                        .toArray(double[][]::new),
                        classes.size());
        };
    }

    static double[] chosen(double[] values, int[] rows) {
        return Arrays.stream(rows).mapToDouble(i -> values[i]).toArray();
    }

    static int[] ints(double[] values, int[] rows) {
        return Arrays.stream(rows).map(i -> (int) values[i]).toArray();
    }

    static boolean[] positive(double[] values, int[] rows) {
        boolean[] flags = new boolean[rows.length];
        for (int i = 0; i < flags.length; i++) {
            flags[i] = values[rows[i]] == 1;
        }
        return flags;
    }

    /** The name of each row's slice; of several columns separated by commas their combination. */
    @Nullable
    String[] slices(String by) {
        List<@Nullable String[]> columns = new ArrayList<>();
        for (String name : by.split(",")) {
            int at = frame.position(name);
            @Nullable String[] texts = new @Nullable String[frame.rows()];
            for (int i = 0; i < texts.length; i++) {
                texts[i] = text(frame.value(at, i));
            }
            columns.add(texts);
        }
        @Nullable String[] names = columns.size() == 1 ? columns.getFirst() : Fairness.intersection(columns);
        long distinct = Arrays.stream(names).distinct().count();
        if (distinct > SLICES) {
            throw new Problem.Invalid(
                    "--by: " + by + " has " + distinct + " values (at most " + SLICES + ")",
                    "Name a column with fewer, or write one that puts them into groups.");
        }
        return names;
    }

    /** The rows of each slice, by its name. */
    Map<String, int[]> split(String by, int[] rows) {
        @Nullable String[] names = slices(by);
        Map<String, List<Integer>> parts = new TreeMap<>();
        for (int row : rows) {
            String name = names[row];
            parts.computeIfAbsent(name == null ? "(missing)" : name, key -> new ArrayList<>())
                    .add(row);
        }
        Map<String, int[]> split = new LinkedHashMap<>();
        parts.forEach((name, part) ->
                split.put(name, part.stream().mapToInt(Integer::intValue).toArray()));
        return split;
    }
}

package org.millwright.outcome;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.millwright.scoring.metrics.BinaryScores;
import org.millwright.scoring.metrics.ClassificationMetrics;
import org.millwright.scoring.metrics.MulticlassScores;
import org.millwright.scoring.metrics.RegressionMetrics;
import org.millwright.scoring.metrics.RegressionMetrics.Estimate;
import org.millwright.scoring.metrics.RegressionScores;

/**
 * What a version answered and what came of it, in numbers.
 *
 * @param classes of a classifier; the positive one of two is the last
 * @param predicted numbers, or those of classes; NaN where nothing usable was answered
 * @param truth likewise; NaN where it is not known, or of a class that the version does not know
 * @param probabilities by class, then by row; of two classes the positive one's only; null when there are none
 * @param baseline what a model without skill would always predict: a number, or that of a class; NaN when not known
 * @param unknown outcomes of classes that the version does not know
 */
public record Answers(
        Task task,
        List<String> classes,
        double[] predicted,
        double[] truth,
        double @Nullable [][] probabilities,
        double baseline,
        Map<String, Long> unknown) {
    private static final double ROUNDING = 1e-3;
    /** Rows that the draws of one bootstrap have together: a page shows many windows. */
    private static final double WORK = 1e6;

    public static Answers numbers(PredictedRows rows, double baseline) {
        return new Answers(
                Task.REGRESSION, List.of(), rows.predicted(), rows.outcomes(), null, baseline, new TreeMap<>());
    }

    /**
     * Reads classes: a class, a class and the probability of each, or probabilities alone, of which the likeliest class is
     * taken; a single one is the second class's, as libraries have it.
     */
    public static Answers classes(PredictedRows rows, Target target) {
        double[][] scores = rows.scores();
        boolean named = rows.isNamed() || areNames(rows, target);
        if (!named) {
            double[][] all = new double[scores.length + 1][];
            all[0] = rows.predicted();
            System.arraycopy(scores, 0, all, 1, scores.length);
            scores = all;
        }
        Set<String> names = new TreeSet<>();
        Set<String> known = Set.copyOf(target.known());
        for (int i = 0; named && i < rows.size(); i++) {
            names.add(Target.canonical(rows.answer(i), known));
        }
        if (target.known().isEmpty()) {
            for (int i = 0; i < rows.size(); i++) {
                if (rows.isLabelled(i)) {
                    names.add(rows.outcome(i));
                }
            }
            if (!target.positive().isEmpty()) {
                names.add(target.positive());
            }
        }
        return new Reading(rows, target, named, scores, target.andAlso(names)).answers();
    }

    /** Whether what was answered first are names of classes, not a probability. */
    private static boolean areNames(PredictedRows rows, Target target) {
        Set<String> known = new HashSet<>(target.known());
        for (int i = 0; i < rows.size(); i++) {
            String name = rows.answer(i);
            boolean fits = known.isEmpty() ? !name.contains(".") : known.contains(Target.canonical(name, known));
            if (!fits) {
                return false;
            }
        }
        return true;
    }

    /** One reading of a window's classes. */
    private record Reading(PredictedRows rows, Target target, boolean named, double[][] scores, List<String> order) {

        Answers answers() {
            List<String> classes = order.size() > 2 ? order : two();
            double[][] probable = probabilities(classes);
            Map<String, Integer> numbers = new HashMap<>();
            IntStream.range(0, classes.size()).forEach(i -> numbers.put(classes.get(i), i));
            Map<String, Long> unknown = new TreeMap<>();
            double[] truth = new double[rows.size()];
            for (int i = 0; i < truth.length; i++) {
                truth[i] = rows.isLabelled(i) ? number(rows.outcome(i), numbers) : Double.NaN;
                if (rows.isLabelled(i) && Double.isNaN(truth[i])) {
                    unknown.merge(rows.outcome(i), 1L, Long::sum);
                }
            }
            boolean binary = classes.size() == 2;
            return new Answers(
                    binary ? Task.BINARY : Task.MULTICLASS,
                    classes,
                    named ? predicted(numbers) : likeliest(probable),
                    truth,
                    probable != null && binary ? new double[][] {probable[1]} : probable,
                    numbers.containsKey(target.majority()) ? numbers.get(target.majority()) : Double.NaN,
                    unknown);
        }

        /** Both classes, the positive one last. */
        private List<String> two() {
            if (order.isEmpty()) {
                return List.of("0", "1");
            }
            String last = order.contains(target.positive()) ? target.positive() : order.getLast();
            if (order.size() == 1) {
                return switch (last) {
                    case "0", "1" -> List.of("0", "1");
                    case "false", "true" -> List.of("false", "true");
                    default -> List.of("not " + last, last);
                };
            }
            return List.of(order.get(order.getFirst().equals(last) ? 1 : 0), last);
        }

        private static double number(String name, Map<String, Integer> numbers) {
            Integer number = numbers.get(Target.canonical(name, numbers.keySet()));
            return number == null ? Double.NaN : number;
        }

        private double[] predicted(Map<String, Integer> numbers) {
            double[] predicted = new double[rows.size()];
            for (int i = 0; i < predicted.length; i++) {
                predicted[i] = number(rows.answer(i), numbers);
            }
            return predicted;
        }

        /** By class in the order of {@code classes}; the model has them in scikit-learn's order. */
        private double @Nullable [][] probabilities(List<String> classes) {
            List<String> own = order.size() < 2 ? classes : order;
            double[][] columns = scores;
            if (columns.length == 1 && own.size() == 2) {
                double[] second = columns[0];
                columns = new double[][] {Arrays.stream(second).map(p -> 1 - p).toArray(), second};
            }
            if (columns.length != own.size() || !areProbabilities(columns)) {
                return null;
            }
            double[][] ordered = new double[classes.size()][];
            for (int c = 0; c < ordered.length; c++) {
                ordered[c] = columns[own.indexOf(classes.get(c))];
            }
            return ordered;
        }

        private static boolean areProbabilities(double[][] columns) {
            for (double[] column : columns) {
                for (double value : column) {
                    if (value < -ROUNDING || value > 1 + ROUNDING) {
                        return false;
                    }
                }
            }
            return true;
        }

        private double[] likeliest(double @Nullable [][] probable) {
            double[] classes = new double[rows.size()];
            Arrays.fill(classes, Double.NaN);
            for (int i = 0; probable != null && i < classes.length; i++) {
                int best = 0;
                for (int c = 1; c < probable.length; c++) {
                    best = probable[c][i] > probable[best][i] ? c : best;
                }
                classes[i] = Double.isNaN(probable[best][i]) ? Double.NaN : best;
            }
            return classes;
        }
    }

    /** Every metric of these rows, which all are {@link #isUsable}. */
    public Map<String, Estimate> measure(int[] rows) {
        return switch (task) {
            case REGRESSION -> {
                double[] y = chosen(truth, rows);
                double[] p = chosen(predicted, rows);
                Map<String, Estimate> all = RegressionScores.of(y, p);
                all.put("skill", RegressionMetrics.of(y, p, baseline).skill());
                yield all;
            }
            case BINARY -> {
                double[][] probable = probable(rows);
                Map<String, Estimate> all = BinaryScores.of(
                        positive(truth, rows), positive(predicted, rows), probable == null ? null : probable[0], WORK);
                all.put("skill", skill(rows));
                yield all;
            }
            case MULTICLASS -> {
                Map<String, Estimate> all =
                        MulticlassScores.of(ints(truth, rows), ints(predicted, rows), probable(rows), classes.size());
                all.put("skill", skill(rows));
                yield all;
            }
        };
    }

    /** Against always predicting the class that training had most of. */
    private Estimate skill(int[] rows) {
        if (Double.isNaN(baseline)) {
            return new Estimate(Double.NaN, Double.NaN, Double.NaN);
        }
        var numbers = new ClassificationMetrics.Classes(classes.size(), ClassificationMetrics.MISSING, (int) baseline);
        return ClassificationMetrics.of(ints(truth, rows), ints(predicted, rows), null, numbers)
                .skill();
    }

    public boolean isUsable(int row) {
        return Double.isFinite(predicted[row]) && Double.isFinite(truth[row]);
    }

    /** What went wrong in a row: 1 for another class than predicted, 0 for the right one. */
    public double error(int row) {
        return predicted[row] == truth[row] ? 0 : 1;
    }

    /** −ln of the probability of the class that came; NaN without probabilities. */
    public double logLoss(int row) {
        if (probabilities == null) {
            return Double.NaN;
        }
        double right = task == Task.BINARY
                ? truth[row] == 1 ? probabilities[0][row] : 1 - probabilities[0][row]
                : probabilities[(int) truth[row]][row];
        return -Math.log(Math.min(1, Math.max(Math.ulp(1.0), right)));
    }

    /** Rows by true class, then by predicted class. */
    public long[][] confusion(int[] rows) {
        long[][] counts = new long[classes.size()][classes.size()];
        for (int row : rows) {
            counts[(int) truth[row]][(int) predicted[row]]++;
        }
        return counts;
    }

    /** Null unless each of the rows has them: a part would measure other rows than the rest. */
    private double @Nullable [][] probable(int[] rows) {
        if (probabilities == null) {
            return null;
        }
        double[][] chosen =
                Arrays.stream(probabilities).map(column -> chosen(column, rows)).toArray(double[][]::new);
        return Arrays.stream(chosen).flatMapToDouble(Arrays::stream).anyMatch(Double::isNaN) ? null : chosen;
    }

    private static double[] chosen(double[] values, int[] rows) {
        return Arrays.stream(rows).mapToDouble(i -> values[i]).toArray();
    }

    private static int[] ints(double[] values, int[] rows) {
        return Arrays.stream(rows).map(i -> (int) values[i]).toArray();
    }

    private static boolean[] positive(double[] values, int[] rows) {
        boolean[] flags = new boolean[rows.length];
        for (int i = 0; i < flags.length; i++) {
            flags[i] = values[rows[i]] == 1;
        }
        return flags;
    }
}

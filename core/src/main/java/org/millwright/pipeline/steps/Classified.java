package org.millwright.pipeline.steps;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.millwright.kernel.Problem;
import org.millwright.scoring.Frame;

/**
 * What a model says of each row.
 *
 * @param classes the predicted class; null where there is none
 * @param probabilities by class, then by row; null when the model gives none
 * @param order names of the classes that the probabilities are of
 */
record Classified(@Nullable String[] classes, double @Nullable [][] probabilities, List<String> order) {
    private static final double ROUNDING = 1e-3;

    /**
     * Reads a model's outputs: a class, a class and the probability of each, or probabilities alone. Of probabilities alone
     * the likeliest class is taken; a single one is the second class's, as libraries have it.
     *
     * @param named classes that the last columns are probabilities of, as the model itself orders them; empty when unknown
     * @param known classes of the labels
     * @param truth whether the label is a truth value
     */
    static Classified read(Frame outputs, List<String> named, Classes known, boolean truth, String label) {
        if (outputs.width() == 0) {
            throw new Problem.Invalid("The model predicts nothing");
        }
        @Nullable String[] first = Classes.in(outputs, 0, truth);
        List<String> order = named.isEmpty() ? known.names() : named;
        if (!outputs.type(0).isReal() || known.hasAll(first)) {
            return classes(outputs, first, order, known, label);
        }
        int width = outputs.width();
        if (width == 1 && order.size() == 2 && areProbabilities(outputs, 0)) {
            double[] second = outputs.doubles(0);
            double[] rest = Arrays.stream(second).map(p -> 1 - p).toArray();
            return likeliest(new double[][] {rest, second}, order);
        }
        if (width == order.size() && areProbabilities(outputs, 0)) {
            return likeliest(columns(outputs, 0), order);
        }
        throw new Problem.Invalid(
                "The model's predictions are neither classes of " + label + " ("
                        + shown(known.names()) + ") nor a probability for each: "
                        + shown(List.copyOf(Classes.distinct(first))),
                "Log a model that predicts the values of model.label, or their probabilities.");
    }

    private static Classified classes(
            Frame outputs, @Nullable String[] first, List<String> order, Classes known, String label) {
        var distinct = Classes.distinct(first);
        if (!distinct.isEmpty() && distinct.stream().noneMatch(name -> known.number(name, -1) >= 0)) {
            throw new Problem.Invalid(
                    "The model predicts " + shown(List.copyOf(distinct)) + ", but column " + label + " has "
                            + shown(known.names()),
                    "Log a model that predicts the values of model.label.");
        }
        boolean probable = outputs.width() == 1 + order.size() && areProbabilities(outputs, 1);
        return new Classified(first, probable ? columns(outputs, 1) : null, order);
    }

    /** Whether the columns from that one on are numbers from 0 to 1 that sum to 1 in each row; a single one need not. */
    private static boolean areProbabilities(Frame outputs, int from) {
        for (int c = from; c < outputs.width(); c++) {
            if (!outputs.type(c).isReal()) {
                return false;
            }
        }
        double[][] columns = columns(outputs, from);
        for (int row = 0; row < outputs.rows(); row++) {
            double sum = 0;
            for (double[] column : columns) {
                if (column[row] < -ROUNDING || column[row] > 1 + ROUNDING) {
                    return false;
                }
                sum += column[row];
            }
            if (columns.length > 1 && Math.abs(sum - 1) > ROUNDING) {
                return false;
            }
        }
        return true;
    }

    private static double[][] columns(Frame outputs, int from) {
        double[][] columns = new double[outputs.width() - from][];
        for (int c = from; c < outputs.width(); c++) {
            columns[c - from] = outputs.doubles(c);
        }
        return columns;
    }

    private static Classified likeliest(double[][] probabilities, List<String> order) {
        var classes = new @Nullable String[probabilities[0].length];
        for (int row = 0; row < classes.length; row++) {
            int best = 0;
            for (int c = 1; c < probabilities.length; c++) {
                best = probabilities[c][row] > probabilities[best][row] ? c : best;
            }
            classes[row] = Double.isNaN(probabilities[best][row]) ? null : order.get(best);
        }
        return new Classified(classes, probabilities, order);
    }

    private static String shown(List<String> names) {
        var some = new ArrayList<>(names.subList(0, Math.min(5, names.size())));
        if (names.size() > some.size()) {
            some.add("…");
        }
        return String.join(", ", some);
    }
}

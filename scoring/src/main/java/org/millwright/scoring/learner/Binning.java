package org.millwright.scoring.learner;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.millwright.scoring.DataType;
import org.millwright.scoring.Frame;
import org.millwright.scoring.Vector;
import org.millwright.scoring.profile.Quantiles;

/** Turns the columns of a frame into bins learned on another: quantiles of numbers, frequent categories; missing is a bin. */
public final class Binning {
    private static final int BINS = 64;
    private static final int CATEGORIES = 255;

    private final List<String> names;
    private final List<double[]> edges = new ArrayList<>();
    private final List<Map<String, Integer>> categories = new ArrayList<>();

    public Binning(Frame reference) {
        this.names = reference.names();
        for (int c = 0; c < reference.width(); c++) {
            boolean numeric = reference.type(c) != DataType.STRING;
            edges.add(numeric ? Quantiles.edges(reference.doubles(c), BINS) : new double[0]);
            categories.add(numeric ? Map.of() : frequent(reference.column(c)));
        }
    }

    private static Map<String, Integer> frequent(Vector column) {
        Map<String, Long> counts = new HashMap<>();
        for (int i = 0; i < column.size(); i++) {
            Object value = column.value(i);
            if (value != null) {
                counts.merge(value.toString(), 1L, Long::sum);
            }
        }
        Map<String, Integer> bins = new HashMap<>();
        counts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()))
                .limit(CATEGORIES)
                .forEach(entry -> bins.put(entry.getKey(), bins.size() + 2));
        return bins;
    }

    /** Number of bins of each column: 0 is missing, of categories 1 is any other. */
    public int[] counts() {
        int[] counts = new int[names.size()];
        for (int c = 0; c < counts.length; c++) {
            counts[c] = Math.max(edges.get(c).length + 2, categories.get(c).size() + 2);
        }
        return counts;
    }

    /** Whether each column holds numbers, whose bins have an order. */
    public boolean[] ordered() {
        boolean[] ordered = new boolean[names.size()];
        for (int c = 0; c < ordered.length; c++) {
            ordered[c] = edges.get(c).length > 0;
        }
        return ordered;
    }

    String name(int column) {
        return names.get(column);
    }

    boolean isCategorical(int column) {
        return !categories.get(column).isEmpty();
    }

    /** The bins of a column's frequent categories. */
    Map<String, Integer> categories(int column) {
        return categories.get(column);
    }

    /** The greatest value of a column's bin of numbers, from 1. */
    double upper(int column, int bin) {
        double[] own = edges.get(column);
        return bin - 1 < own.length ? own[bin - 1] : Double.POSITIVE_INFINITY;
    }

    public int[][] bins(Frame frame) {
        int[][] bins = new int[names.size()][];
        for (int c = 0; c < bins.length; c++) {
            int at = frame.position(names.get(c));
            bins[c] = new int[frame.rows()];
            if (at >= 0 && categories.get(c).isEmpty() && frame.type(at) != DataType.STRING) {
                double[] values = frame.doubles(at);
                for (int i = 0; i < values.length; i++) {
                    bins[c][i] = Double.isNaN(values[i]) ? 0 : 1 + Quantiles.bin(edges.get(c), values[i]);
                }
            } else if (at >= 0) {
                Vector values = frame.column(at);
                for (int i = 0; i < values.size(); i++) {
                    Object value = values.value(i);
                    bins[c][i] = value == null ? 0 : categories.get(c).getOrDefault(value.toString(), 1);
                }
            }
        }
        return bins;
    }
}

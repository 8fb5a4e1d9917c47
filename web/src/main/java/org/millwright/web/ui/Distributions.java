package org.millwright.web.ui;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.millwright.scoring.profile.CategoryProfile;
import org.millwright.scoring.profile.ColumnProfile;
import org.millwright.scoring.profile.NumericProfile;
import org.millwright.scoring.profile.Reference;

/** What a model saw in training, column by column, as plots. */
public final class Distributions {
    private static final int CATEGORIES = 12;

    private Distributions() {}

    /** A column and its plot as SVG. */
    public record Shown(String name, String note, String svg) {}

    static List<Shown> of(Reference reference) {
        var shown = new ArrayList<Shown>();
        for (ColumnProfile column : reference.inputs().columns()) {
            shown.add(
                    switch (column) {
                        case NumericProfile numeric -> numeric(numeric);
                        case CategoryProfile category -> category(category);
                    });
        }
        return shown;
    }

    private static Shown numeric(NumericProfile column) {
        double[] edges = column.edges();
        var bins = new ArrayList<String>();
        for (int i = 0; i <= edges.length; i++) {
            bins.add(
                    edges.length == 0
                            ? "all"
                            : i == 0
                                    ? "≤ " + Text.number(edges[0])
                                    : i == edges.length
                                            ? "> " + Text.number(edges[i - 1])
                                            : Text.number(edges[i - 1]) + " – " + Text.number(edges[i]));
        }
        return new Shown(
                column.name(),
                "mean " + Text.number(column.mean()) + missing(column),
                Histogram.svg(column.name(), bins, shares(column.bins()), new double[0]));
    }

    private static Shown category(CategoryProfile column) {
        List<Map.Entry<String, Long>> top = column.counts().entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder()))
                .limit(CATEGORIES)
                .toList();
        return new Shown(
                column.name(),
                Text.number((long) column.distinct()) + " values" + missing(column),
                Histogram.svg(
                        column.name(),
                        top.stream().map(Map.Entry::getKey).toList(),
                        shares(top.stream().mapToLong(Map.Entry::getValue).toArray()),
                        new double[0]));
    }

    private static String missing(ColumnProfile column) {
        return column.missing() == 0 || column.rows() == 0
                ? ""
                : ", " + Text.percent((double) column.missing() / column.rows()) + " missing";
    }

    private static double[] shares(long[] counts) {
        double all = Math.max(1, java.util.Arrays.stream(counts).sum());
        return java.util.Arrays.stream(counts).mapToDouble(count -> count / all).toArray();
    }
}

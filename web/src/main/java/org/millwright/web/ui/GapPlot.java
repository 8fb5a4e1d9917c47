package org.millwright.web.ui;

import java.util.List;
import java.util.Locale;
import org.millwright.outcome.Bias;
import org.millwright.scoring.fairness.GroupErrors;
import org.millwright.scoring.metrics.RegressionMetrics.Estimate;

/** The mean error of each group as a dot with its 95 % interval, around a line where errors favour nobody; as SVG. */
public final class GapPlot {
    private static final int NAME = 120;
    private static final int BAR = 300;
    private static final int ROW = 20;

    private final List<GroupErrors> judged;
    private final double low;
    private final double high;

    private GapPlot(List<GroupErrors> groups, List<GroupErrors> judged) {
        this.judged = judged;
        double least = 0;
        double most = 0;
        for (GroupErrors group : groups) {
            least = Math.min(least, end(group, true));
            most = Math.max(most, end(group, false));
        }
        this.low = least;
        this.high = most > least ? most : least + 1;
    }

    /** Of small groups the dot alone: their intervals would set the scale. */
    private double end(GroupErrors group, boolean lower) {
        Estimate estimate = group.meanErrorEstimate();
        return !judged.contains(group) ? group.meanError() : lower ? estimate.low() : estimate.high();
    }

    public static String of(Bias bias) {
        List<GroupErrors> judged = bias.gaps().judged();
        var plot = new GapPlot(bias.errors(), judged);
        int height = ROW * bias.errors().size() + 18;
        var out = new StringBuilder("<svg class=\"plot\" role=\"img\" viewBox=\"0 0 " + (NAME + BAR + 60) + " " + height
                + "\"><title>Mean error by " + Text.escape(bias.name()) + " with 95 % intervals</title>");
        int row = 0;
        for (GroupErrors group : bias.errors()) {
            out.append(plot.row(group, row++ * ROW));
        }
        double zero = plot.x(0);
        return out.append(String.format(
                        Locale.ROOT,
                        "<line class=\"zero\" x1=\"%.1f\" x2=\"%.1f\" y1=\"0\" y2=\"%d\"/>"
                                + "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">0</text></svg>",
                        zero,
                        zero,
                        ROW * row,
                        zero,
                        ROW * row + 13))
                .toString();
    }

    private String row(GroupErrors group, int y) {
        boolean counts = judged.contains(group);
        return String.format(
                Locale.ROOT,
                "<g data-tip=\"%s\"><text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>"
                        + "<line class=\"whisker\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>"
                        + "<circle class=\"%s\" cx=\"%.1f\" cy=\"%d\" r=\"4\"/></g>",
                Text.escape(group.name() + ": " + Text.number(group.meanError()) + " on average over "
                        + Text.number(group.n()) + " outcomes"),
                NAME - 6,
                y + 14,
                Text.escape(group.name()),
                x(end(group, true)),
                x(end(group, false)),
                y + 10,
                y + 10,
                counts ? "now" : "ghost",
                x(group.meanError()),
                y + 10);
    }

    private double x(double value) {
        return NAME + BAR * (value - low) / (high - low);
    }
}

package org.millwright.web.ui;

import java.util.List;
import java.util.Locale;
import org.millwright.outcome.Bias;
import org.millwright.scoring.fairness.GroupErrors;
import org.millwright.scoring.metrics.RegressionMetrics.Estimate;

/** The mean error of each group as a dot with its 95 % interval, around a line where errors favour nobody; as SVG. */
public final class GapPlot {
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
        var scale = new GapPlot(bias.errors(), judged);
        var plot = new GroupPlot(bias.errors().size(), "Mean error by " + bias.name() + " with 95 % intervals");
        for (GroupErrors group : bias.errors()) {
            plot.add(
                    group.name(),
                    group.name() + ": " + Text.number(group.meanError()) + " on average over " + Text.number(group.n())
                            + " outcomes",
                    scale.marks(group, plot.y() + GroupPlot.ROW / 2));
        }
        return plot.across("zero", scale.x(0), "0");
    }

    private String marks(GroupErrors group, int y) {
        return String.format(
                Locale.ROOT,
                "<line class=\"whisker\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>"
                        + "<circle class=\"%s\" cx=\"%.1f\" cy=\"%d\" r=\"4\"/>",
                x(end(group, true)),
                x(end(group, false)),
                y,
                y,
                judged.contains(group) ? "now" : "ghost",
                x(group.meanError()),
                y);
    }

    private double x(double value) {
        return GroupPlot.NAME + GroupPlot.BAR * (value - low) / (high - low);
    }
}

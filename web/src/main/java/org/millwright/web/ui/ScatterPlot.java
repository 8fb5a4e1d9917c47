package org.millwright.web.ui;

import java.util.List;
import org.millwright.tracking.Run;

/** Runs as dots between two axes. */
final class ScatterPlot {
    private static final int WIDTH = 640;
    private static final int HEIGHT = 320;
    private static final int LEFT = 56;
    private static final int RIGHT = 12;
    private static final int TOP = 22;
    private static final int BOTTOM = 36;

    private ScatterPlot() {}

    static String svg(List<Run> runs, Field x, Field y) {
        PlotScale across = scale(runs, x);
        PlotScale up = scale(runs, y);
        var svg = new Svg(y.name() + " against " + x.name(), WIDTH, HEIGHT);
        for (int i = 0; i < places(up); i++) {
            double at = top(place(up, i));
            svg.line("axis", LEFT, at, WIDTH - RIGHT, at).text(LEFT - 6, at + 4, "end", label(up, i));
        }
        for (int i = 0; i < places(across); i++) {
            double at = left(place(across, i));
            svg.line("axis", at, TOP, at, HEIGHT - BOTTOM).text(at, HEIGHT - BOTTOM + 14, "middle", label(across, i));
        }
        svg.text("name", 0, 11, "start", y.name() + (up.log() ? " (log)" : ""));
        svg.text("name", WIDTH - RIGHT, HEIGHT - 4, "end", x.name() + (across.log() ? " (log)" : ""));
        for (int i = 0; i < runs.size(); i++) {
            Run run = runs.get(i);
            double atX = at(across, x, run);
            double atY = at(up, y, run);
            if (atX >= 0 && atY >= 0) {
                svg.link(
                                Links.run(run),
                                run.name() + ": " + x.name() + " " + x.word(run) + ", " + y.name() + " " + y.word(run))
                        .dot("dot " + Comparison.series(i), left(atX), top(atY), 5)
                        .end();
            }
        }
        return svg.done();
    }

    /** The axis of a field over the runs. */
    static PlotScale scale(List<Run> runs, Field field) {
        return field.number()
                ? PlotScale.of(runs.stream().mapToDouble(field::value).toArray())
                : PlotScale.of(runs.stream().map(field::word).toList());
    }

    /** Where a run lies on an axis, 0 to 1; -1 when it has no value there. */
    static double at(PlotScale scale, Field field, Run run) {
        if (!field.number()) {
            return scale.at(field.word(run));
        }
        double value = field.value(run);
        return PlotScale.isDrawn(value) ? scale.at(value) : -1;
    }

    static int places(PlotScale scale) {
        return scale.words().isEmpty() ? scale.ticks().size() : scale.words().size();
    }

    static double place(PlotScale scale, int nth) {
        return scale.words().isEmpty()
                ? scale.at(scale.ticks().get(nth))
                : scale.at(scale.words().get(nth));
    }

    static String label(PlotScale scale, int nth) {
        return scale.words().isEmpty()
                ? Text.number(scale.ticks().get(nth))
                : Text.cut(scale.words().get(nth), 14);
    }

    private static double left(double share) {
        return LEFT + 8 + (WIDTH - LEFT - RIGHT - 16) * share;
    }

    private static double top(double share) {
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * share;
    }
}

package org.millwright.web.ui;

import java.util.List;
import org.millwright.tracking.Run;

/** Runs as lines across upright axes, one for each field. */
final class ParallelPlot {
    private static final int SLOT = 150;
    private static final int EDGE = 64;
    private static final int HEIGHT = 300;
    private static final int TOP = 26;
    private static final int BOTTOM = 12;

    private ParallelPlot() {}

    static String svg(List<Run> runs, List<Field> fields) {
        int width = 2 * EDGE + Math.max(1, fields.size() - 1) * SLOT;
        var svg = new Svg("Runs across " + fields.size() + " axes", width, HEIGHT);
        List<PlotScale> scales =
                fields.stream().map(field -> ScatterPlot.scale(runs, field)).toList();
        for (int i = 0; i < fields.size(); i++) {
            svg.line("axis", x(i), TOP, x(i), HEIGHT - BOTTOM);
        }
        for (int i = 0; i < runs.size(); i++) {
            Run run = runs.get(i);
            svg.link(Links.run(run), run.name())
                    .path("series " + Comparison.series(i), path(run, fields, scales))
                    .end();
        }
        for (int i = 0; i < fields.size(); i++) {
            label(svg, i, fields.get(i), scales.get(i));
        }
        return svg.done();
    }

    private static void label(Svg svg, int nth, Field field, PlotScale scale) {
        double x = x(nth);
        svg.text("name", x, 12, "middle", Text.cut(field.name(), 20) + (scale.log() ? " (log)" : ""));
        for (int i = 0; i < ScatterPlot.places(scale); i++) {
            double y = y(ScatterPlot.place(scale, i));
            svg.line("axis", x - 3, y, x + 3, y).text(x - 6, y + 4, "end", ScatterPlot.label(scale, i));
        }
    }

    /** The run's line; it is broken where the run has no value. */
    private static String path(Run run, List<Field> fields, List<PlotScale> scales) {
        var path = new StringBuilder();
        boolean pen = false;
        for (int i = 0; i < fields.size(); i++) {
            double at = ScatterPlot.at(scales.get(i), fields.get(i), run);
            if (at >= 0) {
                path.append(pen ? 'L' : 'M')
                        .append(Svg.number(x(i)))
                        .append(' ')
                        .append(Svg.number(y(at)));
            }
            pen = at >= 0;
        }
        return path.toString();
    }

    private static double x(int nth) {
        return EDGE + (double) nth * SLOT;
    }

    private static double y(double share) {
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * share;
    }
}

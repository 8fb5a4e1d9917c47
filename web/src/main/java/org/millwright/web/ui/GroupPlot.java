package org.millwright.web.ui;

import java.util.Locale;

/** A row for each group, under each other around one line; as SVG. */
final class GroupPlot {
    /** Width of the names, and where the scale begins. */
    static final int NAME = 120;
    /** Width of the scale. */
    static final int BAR = 300;

    static final int ROW = 20;

    private final StringBuilder out;
    private int rows;

    GroupPlot(int groups, String title) {
        out = new StringBuilder("<svg class=\"plot\" role=\"img\" viewBox=\"0 0 " + (NAME + BAR + 60) + " "
                + (ROW * groups + 18) + "\"><title>" + Text.escape(title) + "</title>");
    }

    /** Top of the next row. */
    int y() {
        return ROW * rows;
    }

    /**
     * Adds a group.
     *
     * @param marks SVG at {@link #y()}
     */
    void add(String group, String tip, String marks) {
        out.append(String.format(
                Locale.ROOT,
                "<g data-tip=\"%s\"><text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>%s</g>",
                Text.escape(tip),
                NAME - 6,
                y() + 14,
                Text.escape(group),
                marks));
        rows++;
    }

    /** The plot with a line across all rows. */
    String across(String kind, double x, String text) {
        return out.append(String.format(
                        Locale.ROOT,
                        "<line class=\"%s\" x1=\"%.1f\" x2=\"%.1f\" y1=\"0\" y2=\"%d\"/>"
                                + "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text></svg>",
                        kind,
                        x,
                        x,
                        y(),
                        x,
                        y() + 13,
                        text))
                .toString();
    }
}

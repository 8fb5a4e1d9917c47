package org.millwright.web.ui;

import java.util.List;
import java.util.Locale;

/** Two distributions over the same bins as SVG text: the reference as a ghost behind, the current one before it. */
public final class Histogram {
    private static final int WIDTH = 240;
    private static final int HEIGHT = 84;
    private static final int BASE = 64;

    private Histogram() {}

    /**
     * @param bins label of each bin
     * @param reference share of each bin, 0 to 1
     * @param current share of each bin, 0 to 1; empty to show the reference alone
     */
    public static String svg(String title, List<String> bins, double[] reference, double[] current) {
        double most = 0;
        for (double share : reference) {
            most = Math.max(most, share);
        }
        for (double share : current) {
            most = Math.max(most, share);
        }
        if (bins.isEmpty() || most == 0) {
            return "<p class=\"muted small\">no values yet</p>";
        }
        double slot = (double) WIDTH / bins.size();
        var out = new StringBuilder(
                        "<svg class=\"plot\" role=\"img\" viewBox=\"0 0 " + WIDTH + " " + HEIGHT + "\"><title>")
                .append(Text.escape(title))
                .append("</title>");
        for (int i = 0; i < bins.size(); i++) {
            String tip = bins.get(i) + ": reference " + Text.percent(reference[i])
                    + (current.length > i ? ", now " + Text.percent(current[i]) : "");
            out.append("<g data-tip=\"").append(Text.escape(tip)).append("\">");
            bar(out, "ghost", i * slot + 1, slot - 2, reference[i] / most);
            if (current.length > i) {
                bar(out, "now", i * slot + slot * 0.28, slot * 0.44, current[i] / most);
            }
            out.append("</g>");
        }
        out.append("<text x=\"0\" y=\"78\">")
                .append(Text.escape(bins.getFirst()))
                .append("</text><text x=\"")
                .append(WIDTH)
                .append("\" y=\"78\" text-anchor=\"end\">")
                .append(Text.escape(bins.getLast()))
                .append("</text></svg>");
        return out.toString();
    }

    private static void bar(StringBuilder out, String type, double x, double width, double share) {
        double height = Math.max(share > 0 ? 1 : 0, share * BASE);
        out.append(String.format(
                Locale.ROOT,
                "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>",
                type,
                x,
                BASE - height,
                Math.max(0.5, width),
                height));
    }
}

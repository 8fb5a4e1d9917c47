package org.millwright.app.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.IntStream;
import org.millwright.scoring.drift.ColumnVerdict;
import org.millwright.scoring.drift.DriftVerdict;
import org.millwright.scoring.drift.Histogram;
import org.millwright.scoring.profile.ColumnDrift;

/** A drift report as one file of HTML: no scripts, nothing fetched, light and dark as the reader has it. */
final class DriftPage {
    private static final int WIDTH = 520;
    private static final int HEIGHT = 150;
    private static final int ROW = 20;
    private static final int LABEL = 150;
    private static final int SHARES = 96;
    /** A browser shows so much at once; the columns that moved most come first. */
    private static final int ROWS = 1_000;

    private static final int SECTIONS = 100;

    private final DriftOutput output;
    private final List<ColumnVerdict> columns;
    private final StringBuilder page = new StringBuilder();

    DriftPage(DriftOutput output) {
        this.output = output;
        this.columns = output.report().ranked();
    }

    String html() {
        page.append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
                .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
                .append("<title>Drift of ")
                .append(text(name(output.current().getFileName())))
                .append("</title><style>\n")
                .append(style())
                .append("</style></head><body>\n<h1>Data drift: ")
                .append(verdict(output.report().verdict()))
                .append("</h1>\n<p>")
                .append(text(output.summary()))
                .append("</p>\n<p>Reference <code>")
                .append(text(output.reference().toString()))
                .append("</code>, ")
                .append(Texts.count(output.referenceRows()))
                .append(" rows. Current <code>")
                .append(text(output.current().toString()))
                .append("</code>, ")
                .append(Texts.count(output.currentRows()))
                .append(" rows. The size of a change decides, and only when chance does not explain it (alpha ")
                .append(DriftOutput.number(output.report().settings().alpha()))
                .append(", Holm's correction over all columns).</p>\n");
        output.multivariate()
                .ifPresent(all -> page.append("<p>")
                        .append(text(DriftOutput.sentence(all)))
                        .append("</p>\n"));
        table();
        for (int i = 0; i < Math.min(columns.size(), SECTIONS); i++) {
            section(columns.get(i), i);
        }
        left(SECTIONS, "are not drawn: choose some by --columns.");
        return page.append("</body></html>\n").toString();
    }

    private static String style() {
        try (InputStream in = DriftPage.class.getResourceAsStream("drift.css")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String name(Object file) {
        return String.valueOf(file);
    }

    private void table() {
        page.append(
                        "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"All columns\" id=\"all\"><table><thead><tr><th>Column</th><th class=\"word\">Verdict</th>")
                .append("<th class=\"word\">Decided by</th><th>Value</th><th>Drift from</th><th>p</th><th>n</th>")
                .append("<th class=\"word\">Note</th></tr></thead><tbody>\n");
        for (int i = 0; i < Math.min(columns.size(), ROWS); i++) {
            ColumnVerdict column = columns.get(i);
            boolean compared = column.comparison().drift().isPresent();
            page.append("<tr><td>")
                    .append(i < SECTIONS ? "<a href=\"#c" + i + "\">" : "")
                    .append(text(column.column()))
                    .append(i < SECTIONS ? "</a>" : "")
                    .append("</td><td class=\"word\">")
                    .append(verdict(column.verdict()))
                    .append("</td><td class=\"word\">")
                    .append(compared ? column.method().text() : "")
                    .append("</td><td>")
                    .append(DriftOutput.number(column.value()))
                    .append("</td><td>")
                    .append(compared ? DriftOutput.limit(column.method(), column.threshold()) : "")
                    .append("</td><td>")
                    .append(DriftOutput.number(column.p()))
                    .append("</td><td>")
                    .append(column.comparison()
                            .drift()
                            .map(drift -> Texts.count(drift.currentRows()))
                            .orElse(""))
                    .append("</td><td class=\"word\">")
                    .append(text(column.reason()))
                    .append("</td></tr>\n");
        }
        page.append("</tbody></table></div>\n");
        left(ROWS, "are left out here; -o json has all.");
    }

    /** Says how many columns are not shown, if any. */
    private void left(int shown, String what) {
        if (columns.size() > shown) {
            page.append("<p>")
                    .append(Texts.count(columns.size() - shown))
                    .append(" columns more, which moved less, ")
                    .append(what)
                    .append("</p>\n");
        }
    }

    private void section(ColumnVerdict column, int number) {
        page.append("<section id=\"c")
                .append(number)
                .append("\"><h2>")
                .append(text(column.column()))
                .append(" ")
                .append(verdict(column.verdict()))
                .append("</h2><p>")
                .append(column.comparison().kind().text())
                .append(column.reason().isEmpty() ? "" : "; " + text(column.reason()))
                .append(column.comparison().drift().map(DriftPage::rows).orElse(""))
                .append("</p>\n<div class=\"pair\">");
        column.comparison().histogram().ifPresent(this::chart);
        if (!column.measures().isEmpty()) {
            measures(column);
        }
        page.append("</div></section>\n");
    }

    /** How many rows have a value, and how many lack one. */
    private static String rows(ColumnDrift drift) {
        boolean gaps = drift.referenceMissing() + drift.currentMissing() > 0;
        return format(
                "; %s and %s rows with a value%s",
                Texts.count(drift.referenceRows()),
                Texts.count(drift.currentRows()),
                gaps
                        ? format(
                                ", %.1f %% and %.1f %% without",
                                100 * drift.referenceMissing(), 100 * drift.currentMissing())
                        : "");
    }

    private void measures(ColumnVerdict column) {
        page.append(
                        "<table><thead><tr><th>Metric</th><th>Value</th><th>Drift from</th><th class=\"word\">Alone</th></tr>")
                .append("</thead><tbody>\n");
        column.measures()
                .forEach(measure -> page.append("<tr><td>")
                        .append(measure.method().text())
                        .append("</td><td>")
                        .append(DriftOutput.number(measure.value()))
                        .append("</td><td>")
                        .append(DriftOutput.limit(measure.method(), measure.threshold()))
                        .append("</td><td class=\"word\">")
                        .append(verdict(measure.verdict()))
                        .append("</td></tr>\n"));
        page.append("</tbody></table>");
    }

    private void chart(Histogram histogram) {
        if (histogram.labels().isEmpty()) {
            return;
        }
        if (histogram.edges().length > 0) {
            columns(histogram);
        } else {
            rows(histogram);
        }
    }

    /** Bars of ranges stand beside each other. */
    private void columns(Histogram histogram) {
        int bars = histogram.labels().size();
        double slot = (double) WIDTH / bars;
        open(WIDTH, HEIGHT + 40);
        double most = most(histogram);
        for (int i = 0; i < bars; i++) {
            upright(
                    "before",
                    i * slot + slot * 0.08,
                    slot * 0.4,
                    histogram,
                    histogram.reference()[i],
                    most,
                    i);
            upright(
                    "now",
                    i * slot + slot * 0.52,
                    slot * 0.4,
                    histogram,
                    histogram.current()[i],
                    most,
                    i);
        }
        page.append(format("<line class=\"axis\" x1=\"0\" x2=\"%d\" y1=\"%d\" y2=\"%d\"/>", WIDTH, HEIGHT, HEIGHT));
        if (most > 0) {
            page.append(format("<line class=\"axis\" x1=\"0\" x2=\"%d\" y1=\"10\" y2=\"10\"/>", WIDTH));
            label(WIDTH, 8, "end", format("%.1f %% of rows", 100 * most));
        }
        label(0, HEIGHT + 15, "start", histogram.labels().get(0));
        label(WIDTH / 2.0, HEIGHT + 15, "middle", histogram.labels().get(bars / 2));
        label(WIDTH, HEIGHT + 15, "end", histogram.labels().get(bars - 1));
        legend(HEIGHT + 36);
        page.append("</svg>");
    }

    private void upright(String side, double x, double width, Histogram histogram, double share, double most, int bar) {
        double height = most == 0 || Double.isNaN(share) ? 0 : (HEIGHT - 10) * share / most;
        page.append(format(
                "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"><title>%s: %.2f %%</title></rect>",
                side, x, HEIGHT - height, width, height, text(histogram.labels().get(bar)), 100 * share));
    }

    /** Bars of values and categories lie one below the other, so that their names can be read. */
    private void rows(Histogram histogram) {
        int bars = histogram.labels().size();
        open(WIDTH, bars * ROW + 24);
        double most = most(histogram);
        for (int i = 0; i < bars; i++) {
            label(LABEL - 8, i * ROW + 13, "end", histogram.labels().get(i));
            lying("before", i * ROW + 2, histogram, histogram.reference()[i], most, i);
            lying("now", i * ROW + 10, histogram, histogram.current()[i], most, i);
            label(
                    WIDTH,
                    i * ROW + 13,
                    "end",
                    shares(histogram.reference()[i], histogram.current()[i]));
        }
        legend(bars * ROW + 18);
        page.append("</svg>");
    }

    private void lying(String side, double y, Histogram histogram, double share, double most, int bar) {
        double width = most == 0 || Double.isNaN(share) ? 0 : (WIDTH - LABEL - SHARES - 4) * Math.min(1, share / most);
        page.append(format(
                "<rect class=\"%s\" x=\"%d\" y=\"%.1f\" width=\"%.1f\" height=\"7\"><title>%s: %.2f %%</title></rect>",
                side, LABEL, y, width, text(histogram.labels().get(bar)), 100 * share));
    }

    /** Both in percent; a side without rows has none. */
    private static String shares(double before, double now) {
        return (Double.isNaN(before) ? "–" : format("%.1f", 100 * before)) + " → "
                + (Double.isNaN(now) ? "–" : format("%.1f %%", 100 * now));
    }

    private void open(int width, int height) {
        page.append(format(
                "<svg viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\" aria-label=\"The two distributions\">",
                width, height, width, height));
    }

    private void label(double x, double y, String anchor, String label) {
        String fitted = label.length() > 24 ? label.substring(0, 23) + "…" : label;
        page.append(format("<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>", x, y, anchor, text(fitted)));
    }

    private void legend(int y) {
        page.append(format("<rect class=\"before\" x=\"0\" y=\"%d\" width=\"9\" height=\"9\"/>", y - 9));
        label(14, y, "start", "reference");
        page.append(format("<rect class=\"now\" x=\"80\" y=\"%d\" width=\"9\" height=\"9\"/>", y - 9));
        label(94, y, "start", "current");
    }

    /** The largest share of a bar; what all other categories have together is not to dwarf the others. */
    private static double most(Histogram histogram) {
        int bars = histogram.labels().size() - (histogram.rest() ? 1 : 0);
        return IntStream.range(0, bars)
                .mapToDouble(i -> Math.max(
                        known(histogram.reference()[i]), known(histogram.current()[i])))
                .max()
                .orElse(0);
    }

    private static double known(double share) {
        return Double.isNaN(share) ? 0 : share;
    }

    private static String verdict(DriftVerdict verdict) {
        return "<span class=\"verdict " + verdict.text() + "\">" + verdict.text() + "</span>";
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }

    private static String text(String raw) {
        return raw.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}

package org.millwright.app.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Plots of a replay over event time, as SVG; what they show stands in a table beside them. */
final class SimulationPlot {
    private static final int WIDTH = 960;
    private static final int HEIGHT = 300;
    private static final int LEFT = 64;
    private static final int RIGHT = 16;
    private static final int TOP = 84;
    private static final int BOTTOM = 42;
    private static final int LANE = 16;
    private static final int TICKS = 5;
    private static final double AIR = 0.08;

    /** Windows with fewer outcomes are in the table only: chance would stretch the axis. */
    private static final int FEW = 20;

    private final Observed run;
    private final List<Losses.Period> periods;
    private final List<Fault> faults;
    private final long start;
    private final long end;
    private final StringBuilder svg = new StringBuilder();
    private double low;
    private double high;

    SimulationPlot(Observed run, List<Fault> faults) {
        this.run = run;
        this.faults = faults;
        List<Losses.Period> enough =
                run.periods().stream().filter(period -> period.n() >= FEW).toList();
        this.periods = enough.isEmpty() ? run.periods() : enough;
        this.start = periods.getFirst().start();
        this.end = periods.getLast().end();
    }

    /** The error of each window: production, never retrained, and the agreed limit. */
    String errors() {
        var values = new ArrayList<Double>();
        periods.forEach(period -> {
            values.add(period.production());
            values.add(period.held());
            run.limit(period).ifPresent(values::add);
        });
        range(values);
        open(run.kind().metric() + " of each window: production, never retrained, agreed limit");
        frame();
        happenings();
        line("limit", period -> run.limit(period).orElse(Double.NaN));
        line("held", Losses.Period::held);
        line("now", Losses.Period::production);
        periods.forEach(period -> add(
                "<circle class=\"dot\" cx=\"%.1f\" cy=\"%.1f\" r=\"3\"><title>%s: %s, never retrained %s, n %s</title></circle>",
                x(middle(period)),
                y(period.production()),
                text(period.window()),
                Figures.short4(period.production()),
                Figures.short4(period.held()),
                Figures.count(period.n())));
        return close();
    }

    /** What production's answers spared against never retraining, added up. */
    String spared() {
        var sums = new ArrayList<Double>();
        sums.add(0.0);
        double sum = 0;
        for (Losses.Period period : periods) {
            sum += period.kept();
            sums.add(sum);
        }
        range(sums);
        open("Errors spared by retraining, added up");
        frame();
        happenings();
        var points = new StringBuilder(point(start, 0));
        sum = 0;
        for (Losses.Period period : periods) {
            sum += period.kept();
            points.append(' ').append(point(period.end(), sum));
        }
        add("<polygon class=\"spared\" points=\"%s %s %s\"/>", points, point(end, 0), point(start, 0));
        add("<polyline class=\"now\" points=\"%s\"/>", points);
        return close();
    }

    private void range(List<Double> values) {
        low = values.stream().filter(Double::isFinite).mapToDouble(v -> v).min().orElse(0);
        high = values.stream()
                .filter(Double::isFinite)
                .mapToDouble(v -> v)
                .max()
                .orElse(1);
        double air = Math.max((high - low) * AIR, Math.abs(high) * 1e-6 + 1e-9);
        low -= air;
        high += air;
    }

    private void open(String title) {
        svg.setLength(0);
        add("<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">", WIDTH, HEIGHT + TOP + BOTTOM, text(title));
    }

    private String close() {
        return svg.append("</svg>").toString();
    }

    private void frame() {
        for (int i = 0; i < TICKS; i++) {
            double value = low + (high - low) * i / (TICKS - 1);
            add(
                    "<line class=\"axis\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>",
                    LEFT, WIDTH - RIGHT, y(value), y(value));
            label(LEFT - 6, y(value) + 4, "end", Figures.short4(value), "");
        }
        int every = Math.max(1, (int) Math.ceil(periods.size() / 12.0));
        for (int i = 0; i < periods.size(); i += every) {
            Losses.Period period = periods.get(i);
            label(
                    x(middle(period)),
                    TOP + HEIGHT + 18,
                    "middle",
                    period.window().replace("week of ", ""),
                    "");
        }
        label(LEFT, TOP + HEIGHT + 36, "start", "event time (UTC)", "");
    }

    /** Faults as bands, alerts, retrainings and releases as marks in lanes of their own. */
    private void happenings() {
        for (int i = 0; i < faults.size(); i++) {
            Fault fault = faults.get(i);
            double from = x(Math.max(start, fault.when().from()));
            double to = x(Math.min(end, fault.when().to()));
            if (to > from) {
                add(
                        "<rect class=\"stretch\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\"><title>%s</title></rect>",
                        from, TOP, to - from, HEIGHT, text(fault.text()));
                label((from + to) / 2, TOP - 5 - i % 2 * LANE, "middle", "fault " + (i + 1), "name");
            }
        }
        lane(1, "alert", "▲", "alerts");
        lane(2, "training", "●", "retrainings");
        lane(3, "release", "◆", "releases");
        run.alerts().forEach(alert -> mark(1, "alert", "▲", alert.seen().at(), "alert: " + alert.message()));
        run.retrainings().stream()
                .filter(one -> one.run().isPresent())
                .forEach(one -> mark(2, "training", "●", one.seen().at(), "retraining: " + one.status()));
        run.releases()
                .forEach(
                        one -> mark(3, "release", "◆", one.seen().at(), "version " + one.version() + " in production"));
    }

    private void lane(int lane, String kind, String sign, String name) {
        label(4, lane * LANE, "start", sign, kind);
        label(18, lane * LANE, "start", name, "");
    }

    private void mark(int lane, String kind, String sign, long at, String words) {
        double x = x(Math.min(at, end));
        add(
                "<g><title>%s, known %s</title><line class=\"mark\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>",
                text(words), Stretch.day(at), x, x, lane * LANE + 2, TOP + HEIGHT);
        label(x, lane * LANE, "middle", sign, kind);
        svg.append("</g>");
    }

    private void line(String kind, ToDoubleFunction<Losses.Period> value) {
        var points = new ArrayList<String>();
        for (Losses.Period period : periods) {
            if (Double.isFinite(value.applyAsDouble(period))) {
                points.add(point(middle(period), value.applyAsDouble(period)));
            }
        }
        if (points.size() == 1) {
            // one window has no line from middle to middle: it gets one from end to end
            periods.stream()
                    .filter(period -> Double.isFinite(value.applyAsDouble(period)))
                    .findFirst()
                    .ifPresent(period -> points.addAll(
                            0,
                            List.of(
                                    point(period.start(), value.applyAsDouble(period)),
                                    point(period.end(), value.applyAsDouble(period)))));
            points.removeLast();
        }
        if (points.size() > 1) {
            add("<polyline class=\"%s\" points=\"%s\"/>", kind, String.join(" ", points));
        }
    }

    private String point(long at, double value) {
        return String.format(Locale.ROOT, "%.1f,%.1f", x(at), y(value));
    }

    private static long middle(Losses.Period period) {
        return period.start() + (period.end() - period.start()) / 2;
    }

    private double x(long at) {
        return LEFT + (WIDTH - LEFT - RIGHT) * ((double) (at - start) / (end - start));
    }

    private double y(double value) {
        return TOP + HEIGHT * (1 - (value - low) / (high - low));
    }

    private void label(double x, double y, String anchor, String words, String kind) {
        add("<text class=\"%s\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>", kind, x, y, anchor, text(words));
    }

    private void add(String pattern, Object... values) {
        svg.append(String.format(Locale.ROOT, pattern, values));
    }

    static String text(String raw) {
        return raw.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}

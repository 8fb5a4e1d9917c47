package org.millwright.web.ui;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * A line plot as SVG text: one or two series over named positions, an interval, a limit, marks of events.
 *
 * <p>Points that are NaN leave a gap. Every point tells its value on hover through {@code data-tip} and to screen readers
 * through {@code title}.
 */
public final class Plot {
    private static final int LEFT = 44;
    private static final int BOTTOM = 20;
    private static final int TOP = 10;
    private static final int RIGHT = 8;
    private static final int MARK_LINES = 3;

    /** About how wide a letter of the plot's texts is. */
    private static final double LETTER = 6;

    /** How far an interval may widen the axis beyond the values, in spans of those. */
    private static final double WIDEST = 1.5;

    private final String title;
    private final List<String> positions;
    private final List<Series> series = new ArrayList<>();
    private final List<Mark> marks = new ArrayList<>();
    private OptionalDouble limit = OptionalDouble.empty();
    private String limitText = "";
    private int width = 720;
    private int height = 200;
    private boolean dots = true;
    private boolean fromZero;
    private String empty = "";

    /** @param unsure points that rest on too little to set the scale; empty when none does */
    private record Series(String name, double[] values, double[] low, double[] high, boolean[] unsure) {
        boolean isSure(int i) {
            return unsure.length == 0 || !unsure[i];
        }

        boolean isKnown(int i) {
            return Double.isFinite(values[i]);
        }

        /** Whether the point has an interval. */
        boolean isBounded(int i) {
            return low.length == values.length
                    && high.length == values.length
                    && Double.isFinite(low[i])
                    && Double.isFinite(high[i]);
        }
    }

    private record Mark(double position, String text, boolean alert) {}

    /** @param positions the label of each x position, from left to right */
    public Plot(String title, List<String> positions) {
        this.title = title;
        this.positions = List.copyOf(positions);
    }

    public Plot size(int width, int height) {
        this.width = width;
        this.height = height;
        return this;
    }

    /** Hides the dots of points that lines join, for series of many points. */
    public Plot withoutDots() {
        this.dots = false;
        return this;
    }

    /** Begins the axis of what is counted at zero, so that heights compare. */
    public Plot fromZero() {
        this.fromZero = true;
        return this;
    }

    /** What is said instead where there are no values; else the title with "no values yet". */
    public Plot whenEmpty(String text) {
        this.empty = text;
        return this;
    }

    public Plot series(String name, double... values) {
        return series(name, values, new double[0], new double[0]);
    }

    /** A series with the interval of each point; an empty array when there is none. */
    public Plot series(String name, double[] values, double[] low, double[] high) {
        return series(name, values, low, high, new boolean[0]);
    }

    /**
     * A series of which some points rest on too little: they are hollow, the line leaves them out, and what of them lies beyond
     * the scale that the others set is drawn to its edge.
     */
    public Plot series(String name, double[] values, double[] low, double[] high, boolean[] unsure) {
        var any = new Series(name, values, low, high, unsure);
        boolean sure = IntStream.range(0, values.length).anyMatch(i -> any.isKnown(i) && any.isSure(i));
        series.add(sure ? any : new Series(name, values, low, high, new boolean[0]));
        return this;
    }

    /** A horizontal line that must not be passed. */
    public Plot limit(double value, String text) {
        this.limit = OptionalDouble.of(value);
        this.limitText = text;
        return this;
    }

    /** A vertical line at an x position (fractions lie between positions), with the text up to its colon beside it. */
    public Plot mark(double position, String text, boolean alert) {
        marks.add(new Mark(position, text, alert));
        return this;
    }

    /** The SVG element. */
    public String svg() {
        double[] all = shown();
        if (all.length == 0) {
            return "<p class=\"muted small\">" + Text.escape(empty.isEmpty() ? title + ": no values yet." : empty)
                    + "</p>";
        }
        double least = fromZero ? 0 : Double.MAX_VALUE;
        double min =
                Math.min(least, Math.min(DoubleStream.of(all).min().orElseThrow(), limit.orElse(Double.MAX_VALUE)));
        double max = Math.max(DoubleStream.of(all).max().orElseThrow(), limit.orElse(-Double.MAX_VALUE));
        var scale = Scale.nice(min, max);
        var out = new StringBuilder();
        out.append("<svg class=\"plot\" role=\"img\" viewBox=\"0 0 ")
                .append(width)
                .append(' ')
                .append(height)
                .append("\"><title>")
                .append(Text.escape(title))
                .append("</title>");
        axes(out, scale);
        limit.ifPresent(value -> line(out, "limit", LEFT, y(scale, value), width - RIGHT, y(scale, value)));
        for (int i = series.size() - 1; i >= 0; i--) {
            band(out, scale, series.get(i), i > 0 ? "band second" : "band");
            path(out, scale, series.get(i), i);
        }
        marks(out);
        limit.ifPresent(value -> text(out, width - RIGHT, y(scale, value) - 4, "end", limitText));
        return out.append("</svg>").toString();
    }

    /** Marks from left to right; a text that would run into another one stands a line lower. */
    private void marks(StringBuilder out) {
        double[] ends = new double[MARK_LINES];
        java.util.Arrays.fill(ends, -1);
        for (Mark mark : marks.stream()
                .sorted(java.util.Comparator.comparingDouble(Mark::position))
                .toList()) {
            double x = x(mark.position);
            String text = mark.text.replaceFirst("(?s):.*", "");
            boolean left = x > 0.8 * width;
            double start = left ? x - 5 - LETTER * text.length() : x + 5;
            int line = 0;
            while (line < MARK_LINES - 1 && start < ends[line]) {
                line++;
            }
            ends[line] = start + LETTER * text.length() + 4;
            out.append("<g data-tip=\"").append(Text.escape(mark.text)).append("\">");
            line(out, mark.alert ? "mark alert" : "mark", x, TOP, x, height - BOTTOM);
            out.append("<path class=\"dot")
                    .append(mark.alert ? " bad" : "")
                    .append("\" d=\"M")
                    .append(fmt(x - 4))
                    .append(' ')
                    .append(TOP - 6)
                    .append("h8l-4 7z\"/>");
            text(out, left ? x - 5 : x + 5, TOP + 8 + 13 * line, left ? "end" : "start", text);
            out.append("</g>");
        }
    }

    /** Values and intervals; what is known of a handful of rows only must not flatten all the rest. */
    private double[] shown() {
        double[] values = sure(s -> s.values);
        double low = DoubleStream.of(values).min().orElse(0);
        double high = DoubleStream.of(values).max().orElse(0);
        double room = WIDEST * (high > low ? high - low : Math.max(Math.abs(high), 1e-9));
        return DoubleStream.concat(
                        DoubleStream.of(values),
                        DoubleStream.concat(DoubleStream.of(sure(s -> s.low)), DoubleStream.of(sure(s -> s.high)))
                                .map(bound -> Math.clamp(bound, low - room, high + room)))
                .toArray();
    }

    private double[] sure(Function<Series, double[]> part) {
        return series.stream()
                .flatMapToDouble(s -> IntStream.range(0, part.apply(s).length)
                        .filter(s::isSure)
                        .mapToDouble(i -> part.apply(s)[i]))
                .filter(Double::isFinite)
                .toArray();
    }

    private void axes(StringBuilder out, Scale scale) {
        for (double tick : scale.ticks()) {
            line(out, "axis", LEFT, y(scale, tick), width - RIGHT, y(scale, tick));
            text(out, LEFT - 6, y(scale, tick) + 4, "end", Text.number(tick).replaceFirst("\\.0*e", "e"));
        }
        int every = Math.max(1, (int) Math.ceil(positions.size() * 64.0 / (width - LEFT - RIGHT)));
        for (int i = 0; i < positions.size(); i += every) {
            text(out, x(i), height - 4, "middle", positions.get(i));
        }
    }

    private void band(StringBuilder out, Scale scale, Series s, String type) {
        for (int from = 0; from < s.values.length; from++) {
            int to = from;
            while (to < s.values.length && s.isBounded(to) && s.isSure(to)) {
                to++;
            }
            if (to - from == 1) {
                whisker(out, scale, s, from, "whisker");
            } else if (to > from) {
                band(out, scale, s, type, from, to);
            } else if (s.isBounded(from)) {
                whisker(out, scale, s, from, "whisker unsure");
            }
            from = Math.max(from, to - 1);
        }
    }

    private void whisker(StringBuilder out, Scale scale, Series s, int at, String type) {
        line(out, type, x(at), y(scale, s.low[at]), x(at), y(scale, s.high[at]));
    }

    /** The interval of points {@code from} to before {@code to}, which all have one. */
    private void band(StringBuilder out, Scale scale, Series s, String type, int from, int to) {
        var path = new StringBuilder();
        for (int i = from; i < to; i++) {
            path.append(path.isEmpty() ? 'M' : 'L').append(point(scale, i, s.high[i]));
        }
        for (int i = to - 1; i >= from; i--) {
            path.append('L').append(point(scale, i, s.low[i]));
        }
        out.append("<path class=\"").append(type).append("\" d=\"").append(path).append("\"/>");
    }

    private void path(StringBuilder out, Scale scale, Series s, int index) {
        var path = new StringBuilder();
        boolean pen = false;
        for (int i = 0; i < s.values.length; i++) {
            boolean drawn = s.isKnown(i) && s.isSure(i);
            if (drawn) {
                path.append(pen ? 'L' : 'M').append(point(scale, i, s.values[i]));
            }
            pen = drawn;
        }
        String second = index > 0 ? " second" : "";
        out.append("<path class=\"series")
                .append(second)
                .append("\" d=\"")
                .append(path)
                .append("\"/>");
        for (int i = 0; i < s.values.length; i++) {
            if (s.isKnown(i) && (dots || isAlone(s.values, i) || !s.isSure(i))) {
                dot(out, scale, s, i, "dot" + second + (s.isSure(i) ? "" : " unsure"));
            }
        }
    }

    /** A point's dot, or at the edge the head of an arrow towards where it lies. */
    private void dot(StringBuilder out, Scale scale, Series s, int i, String type) {
        double value = s.values[i];
        if (value >= scale.low() && value <= scale.high()) {
            out.append("<circle class=\"")
                    .append(type)
                    .append("\" r=\"3\" cx=\"")
                    .append(fmt(x(i)))
                    .append("\" cy=\"")
                    .append(fmt(y(scale, value)));
        } else {
            out.append("<path class=\"")
                    .append(type)
                    .append("\" d=\"M")
                    .append(fmt(x(i) - 5))
                    .append(' ')
                    .append(fmt(y(scale, value)))
                    .append(value > scale.high() ? "h10l-5 -8z" : "h10l-5 8z");
        }
        out.append("\" data-tip=\"")
                .append(Text.escape(s.name + " " + positions.get(i) + ": " + Text.number(value) + interval(s, i)))
                .append("\"/>");
    }

    /** Whether no line leads to the point or from it, so that only a dot shows it. */
    private static boolean isAlone(double[] values, int i) {
        return (i == 0 || !Double.isFinite(values[i - 1]))
                && (i == values.length - 1 || !Double.isFinite(values[i + 1]));
    }

    private static String interval(Series s, int i) {
        return s.isBounded(i) ? " (" + Text.number(s.low[i]) + " to " + Text.number(s.high[i]) + ")" : "";
    }

    private String point(Scale scale, double position, double value) {
        return fmt(x(position)) + " " + fmt(y(scale, value));
    }

    private double x(double position) {
        int last = positions.size() - 1;
        double inset = positions.size() < 30 ? 20 : 0;
        double span = width - LEFT - RIGHT - 2 * inset;
        return LEFT + inset + (last <= 0 ? span / 2 : span * position / last);
    }

    private double y(Scale scale, double value) {
        double inside = Math.clamp(value, scale.low(), scale.high());
        return TOP + (height - TOP - BOTTOM) * (scale.high() - inside) / (scale.high() - scale.low());
    }

    private static void line(StringBuilder out, String type, double x1, double y1, double x2, double y2) {
        out.append("<line class=\"")
                .append(type)
                .append("\" x1=\"")
                .append(fmt(x1))
                .append("\" y1=\"")
                .append(fmt(y1))
                .append("\" x2=\"")
                .append(fmt(x2))
                .append("\" y2=\"")
                .append(fmt(y2))
                .append("\"/>");
    }

    private static void text(StringBuilder out, double x, double y, String anchor, String text) {
        out.append("<text x=\"")
                .append(fmt(x))
                .append("\" y=\"")
                .append(fmt(y))
                .append("\" text-anchor=\"")
                .append(anchor)
                .append("\">")
                .append(Text.escape(text))
                .append("</text>");
    }

    private static String fmt(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}

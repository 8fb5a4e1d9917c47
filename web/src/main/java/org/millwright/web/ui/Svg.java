package org.millwright.web.ui;

import java.util.Locale;

/** An SVG plot as text, element by element. */
final class Svg {
    private final StringBuilder out = new StringBuilder();

    Svg(String title, int width, int height) {
        out.append("<svg class=\"plot\" role=\"img\" width=\"")
                .append(width)
                .append("\" height=\"")
                .append(height);
        out.append("\" viewBox=\"0 0 ")
                .append(width)
                .append(' ')
                .append(height)
                .append("\"><title>")
                .append(Text.escape(title))
                .append("</title>");
    }

    Svg line(String type, double x1, double y1, double x2, double y2) {
        out.append("<line class=\"").append(type).append("\" x1=\"").append(number(x1));
        out.append("\" y1=\"").append(number(y1)).append("\" x2=\"").append(number(x2));
        out.append("\" y2=\"").append(number(y2)).append("\"/>");
        return this;
    }

    Svg text(double x, double y, String anchor, String text) {
        return text("", x, y, anchor, text);
    }

    Svg text(String type, double x, double y, String anchor, String text) {
        out.append("<text");
        if (!type.isEmpty()) {
            out.append(" class=\"").append(type).append('"');
        }
        out.append(" x=\"").append(number(x)).append("\" y=\"").append(number(y));
        out.append("\" text-anchor=\"").append(anchor).append("\">").append(Text.escape(text));
        out.append("</text>");
        return this;
    }

    Svg path(String type, CharSequence commands) {
        out.append("<path class=\"").append(type).append("\" d=\"").append(commands);
        out.append("\"/>");
        return this;
    }

    Svg dot(String type, double x, double y, double radius) {
        out.append("<circle class=\"").append(type).append("\" cx=\"").append(number(x));
        out.append("\" cy=\"")
                .append(number(y))
                .append("\" r=\"")
                .append(number(radius))
                .append("\"/>");
        return this;
    }

    /** Begins a link whose content tells {@code tip} on hover; {@link #end} ends it. */
    Svg link(String href, String tip) {
        out.append("<a href=\"")
                .append(Text.escape(href))
                .append("\" data-tip=\"")
                .append(Text.escape(tip));
        out.append("\" aria-label=\"").append(Text.escape(tip)).append("\">");
        return this;
    }

    Svg end() {
        out.append("</a>");
        return this;
    }

    String done() {
        return out.append("</svg>").toString();
    }

    static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}

package org.millwright.web.ui;

import java.util.List;
import org.millwright.tracking.Curve;

/** A history as a line the height of a table's row. */
public final class SmallCurve {
    private static final int WIDTH = 160;
    private static final int HEIGHT = 28;
    private static final int EDGE = 3;

    private SmallCurve() {}

    /** The SVG element; "" when there are not two points to join. */
    static String svg(Curve curve, Curve.Axis axis, String series) {
        List<Curve.Point> points = curve.smoothed().isEmpty() ? curve.points() : curve.smoothed();
        if (points.size() < 2) {
            return "";
        }
        double first = points.getFirst().on(axis);
        double span = Math.max(1, points.getLast().on(axis) - first);
        double low = points.stream().mapToDouble(Curve.Point::value).min().orElse(0);
        double high = points.stream().mapToDouble(Curve.Point::value).max().orElse(1);
        var path = new StringBuilder();
        double x = 0;
        double y = 0;
        for (Curve.Point point : points) {
            x = EDGE + (WIDTH - 2 * EDGE) * ((point.on(axis) - first) / span);
            y = high > low ? EDGE + (HEIGHT - 2 * EDGE) * ((high - point.value()) / (high - low)) : HEIGHT / 2.0;
            path.append(path.isEmpty() ? 'M' : 'L')
                    .append(Svg.number(x))
                    .append(' ')
                    .append(Svg.number(y));
        }
        return new Svg(curve.key() + " from " + Text.number(low) + " to " + Text.number(high), WIDTH, HEIGHT)
                .path("series " + series, path)
                .dot("dot " + series, x, y, 2.2)
                .done();
    }
}

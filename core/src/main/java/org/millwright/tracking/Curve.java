package org.millwright.tracking;

import java.util.List;
import java.util.Optional;

/**
 * A metric's history drawn small: of each stretch its first, last, lowest and highest point.
 *
 * @param points finite values in the order of the axis
 * @param smoothed the smoothed history, thinned the same way; empty when no smoothing was asked for
 * @param count finite values in the range
 * @param gaps values in the range that are NaN or infinite
 */
public record Curve(
        String runId,
        String key,
        List<Point> points,
        List<Point> smoothed,
        long count,
        long gaps,
        Optional<Point> lowest,
        Optional<Point> highest) {

    /** One value; {@code at} is in milliseconds since the epoch. */
    public record Point(long step, long at, double value) {
        /** Where the point lies on an axis. */
        public long on(Axis axis) {
            return axis == Axis.STEP ? step : at;
        }
    }

    /** What a history is laid out along. */
    public enum Axis {
        STEP,
        TIME
    }

    /**
     * What to draw.
     *
     * @param from first position on the axis, as {@code to} the last
     * @param buckets stretches at most; each gives up to four points
     * @param smoothing weight of the past in an exponential moving average, 0 for none, below 1
     */
    public record Ask(Axis axis, long from, long to, int buckets, double smoothing) {
        public Ask {
            if (buckets < 2 || smoothing < 0 || smoothing >= 1) {
                throw new IllegalArgumentException("buckets " + buckets + ", smoothing " + smoothing);
            }
        }

        /** The whole history, not smoothed. */
        public static Ask whole(Axis axis, int buckets) {
            return new Ask(axis, Long.MIN_VALUE, Long.MAX_VALUE, buckets, 0);
        }
    }
}

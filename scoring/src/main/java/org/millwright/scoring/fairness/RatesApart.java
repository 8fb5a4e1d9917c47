package org.millwright.scoring.fairness;

import org.millwright.scoring.profile.Normal;

/**
 * The score test of two rates against a limit of their difference or ratio (Farrington and Manning 1990): the rates' spread is
 * that under the limit, so that it holds of few rows, and of none or all in the class.
 *
 * @param low rows in the class, of those of the group with the lower rate
 */
record RatesApart(long low, long lowRows, long high, long highRows) {
    /** One-sided probability that the higher rate is so much above the lower one when the difference is {@code limit}. */
    double beyondDifference(double limit) {
        if (limit >= 1) {
            return 1;
        }
        double gap = Math.max(0, limit);
        double p = rate(high, highRows);
        double q = rate(low, lowRows);
        double rows = (double) lowRows / highRows;
        double a = 1 + rows;
        double b = -(1 + rows + p + rows * q + gap * (rows + 2));
        double c = gap * gap + gap * (2 * p + rows + 1) + p + rows * q;
        double d = -p * gap * (1 + gap);
        double v = Math.pow(b / (3 * a), 3) - b * c / (6 * a * a) + d / (2 * a);
        double u = Math.copySign(Math.sqrt(Math.max(0, b * b / (9 * a * a) - c / (3 * a))), v);
        double turn = u == 0 ? 0 : within(v / (u * u * u), -1, 1);
        double above = within(2 * u * Math.cos((Math.PI + Math.acos(turn)) / 3) - b / (3 * a), gap, 1);
        return tail(p - q - gap, variance(above, highRows) + variance(above - gap, lowRows));
    }

    /** The same of the lower rate divided by the higher one, which may be as low as {@code limit}. */
    double belowRatio(double limit) {
        if (limit <= 0) {
            return 1;
        }
        double ratio = Math.min(1, limit);
        double p = rate(low, lowRows);
        double q = rate(high, highRows);
        double rows = (double) highRows / lowRows;
        double a = 1 + rows;
        double b = -(ratio * (1 + rows * q) + rows + p);
        double c = ratio * (p + rows * q);
        double below = within((-b - Math.sqrt(Math.max(0, b * b - 4 * a * c))) / (2 * a), 0, ratio);
        return tail(ratio * q - p, variance(below, lowRows) + ratio * ratio * variance(below / ratio, highRows));
    }

    private static double rate(long part, long whole) {
        return (double) part / whole;
    }

    private static double variance(double rate, long rows) {
        return rate * (1 - rate) / rows;
    }

    private static double within(double value, double least, double most) {
        return Math.max(least, Math.min(most, value));
    }

    private static double tail(double difference, double variance) {
        return variance > 0 ? Normal.above(difference / Math.sqrt(variance)) : difference > 0 ? 0 : 1;
    }
}

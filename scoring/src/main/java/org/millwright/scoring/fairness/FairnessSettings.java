package org.millwright.scoring.fairness;

/**
 * What counts as fair.
 *
 * @param ratio least ratio of selection rates; 0.8 is the four-fifths rule
 * @param difference largest gap in rates
 * @param minRows a group with fewer rows is shown, but decides nothing
 * @param alpha a gap that chance would give more often than this decides nothing
 */
public record FairnessSettings(double ratio, double difference, int minRows, double alpha) {
    public static final FairnessSettings DEFAULT = new FairnessSettings(0.8, 0.1, 30, 0.05);

    public FairnessSettings {
        require(ratio > 0 && ratio <= 1, "ratio", ratio, "above 0, at most 1");
        require(difference >= 0 && difference < 1, "difference", difference, "0 to below 1");
        require(minRows >= 1, "min rows", minRows, "1 or more");
        require(alpha > 0 && alpha <= 1, "alpha", alpha, "above 0, at most 1");
    }

    private static void require(boolean right, String what, double value, String expected) {
        if (!right) {
            throw new IllegalArgumentException(what + ": " + value + " (expected: " + expected + ")");
        }
    }
}

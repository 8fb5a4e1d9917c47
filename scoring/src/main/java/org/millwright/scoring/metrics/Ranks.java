package org.millwright.scoring.metrics;

import org.millwright.scoring.metrics.RegressionMetrics.Estimate;

/** What the order of rows by their scores is worth. */
public final class Ranks {
    private Ranks() {}

    /** Area under the ROC curve; NaN unless there are members and others. */
    public static double rocAuc(double[] scores, boolean[] member) {
        return new Ranking(scores, member).rocAuc();
    }

    /** The same with DeLong's 95 % interval. */
    public static Estimate rocAucEstimate(double[] scores, boolean[] member) {
        return new Ranking(scores, member).rocAucEstimate();
    }

    /** Precision summed over the steps of recall; NaN without members. */
    public static double averagePrecision(double[] scores, boolean[] member) {
        return new Ranking(scores, member).averagePrecision();
    }

    /** For each member, by ascending score, the share of the others below it, equal ones counting half. */
    public static double[] placements(double[] scores, boolean[] member) {
        return new Ranking(scores, member).placements();
    }
}

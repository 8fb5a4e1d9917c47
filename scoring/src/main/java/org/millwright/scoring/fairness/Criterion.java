package org.millwright.scoring.fairness;

import java.util.Locale;

/**
 * One criterion of fairness judged.
 *
 * @param metric its name in the field
 * @param value over the groups that count
 * @param threshold least value of a ratio, largest of a difference; NaN without one
 * @param p probability that groups treated alike are as far apart; of errors, that groups within the threshold are
 * @param lowest the group with the lowest rate or error, empty when there is nothing to compare
 * @param highest the group with the highest
 */
public record Criterion(
        String metric, double value, double threshold, Verdict verdict, double p, String lowest, String highest) {
    /** What is said, the worse the later; INSUFFICIENT never counts as fair. */
    public enum Verdict {
        INSUFFICIENT,
        FAIR,
        /** Beyond the threshold, but no further than chance explains. */
        WARN,
        UNFAIR;

        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}

package org.millwright.scoring.fairness;

import java.util.Locale;

/**
 * One criterion of fairness judged.
 *
 * @param metric its name in the field
 * @param value over the groups that count
 * @param threshold least value of a ratio, largest of a difference; NaN without one
 * @param p probability that groups within the threshold are as far apart by chance; without a threshold, that groups alike are
 * @param lowest the group with the lowest rate or error, empty when there is nothing to compare
 * @param highest the group with the highest
 */
public record Criterion(
        String metric, double value, double threshold, Verdict verdict, double p, String lowest, String highest) {
    /** What is said, the worse the later; INSUFFICIENT never counts as fair. */
    public enum Verdict {
        INSUFFICIENT,
        FAIR,
        /** Beyond the threshold, as chance may make of groups that are at most half as far apart. */
        CHANCE,
        /** Beyond the threshold and further apart than half of it by more than chance, but not surely beyond. */
        WARN,
        UNFAIR;

        /** @param half probability that groups at most half as far apart as the threshold are as far apart by chance */
        static Verdict of(boolean beyond, double p, double half, double alpha) {
            return !beyond ? FAIR : p <= alpha ? UNFAIR : half <= alpha ? WARN : CHANCE;
        }

        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}

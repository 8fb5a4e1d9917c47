package org.millwright.scoring.fairness;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * How far groups are apart, as fairlearn defines it. NaN when no group has rows to go by.
 *
 * @param demographicParityDifference largest minus smallest selection rate
 * @param demographicParityRatio smallest divided by largest selection rate: the disparate impact, which the four-fifths
 *     rule wants at 0.8 or more
 * @param equalizedOddsDifference the larger one of the gaps in true and in false positive rates
 * @param equalizedOddsRatio the smaller one of the two ratios
 * @param equalizedOddsDifferenceMean the mean of the two gaps
 * @param equalOpportunityDifference gap in true positive rates
 * @param equalOpportunityRatio ratio of true positive rates
 * @param accuracyDifference gap in accuracy
 */
public record Disparities(
        double demographicParityDifference,
        double demographicParityRatio,
        double equalizedOddsDifference,
        double equalizedOddsRatio,
        double equalizedOddsDifferenceMean,
        double equalOpportunityDifference,
        double equalOpportunityRatio,
        double accuracyDifference) {

    /** Over the groups as they are; one without positives (negatives) is left out of true (false) positive rates. */
    public static Disparities of(List<Group> groups) {
        return of(groups, known(groups, Rate.TPR), known(groups, Rate.FPR), Rate.TPR::of, Rate.FPR::of);
    }

    /** Over all groups with unknown rates taken as 0, as fairlearn does; a single odd row can decide. */
    public static Disparities asFairlearn(List<Group> groups) {
        return of(groups, groups, groups, orZero(Rate.TPR), orZero(Rate.FPR));
    }

    private static List<Group> known(List<Group> groups, Rate rate) {
        return groups.stream().filter(rate::isKnown).toList();
    }

    private static ToDoubleFunction<Group> orZero(Rate rate) {
        return group -> rate.isKnown(group) ? rate.of(group) : 0;
    }

    private static Disparities of(
            List<Group> groups,
            List<Group> positive,
            List<Group> negative,
            ToDoubleFunction<Group> tpr,
            ToDoubleFunction<Group> fpr) {
        double tprGap = Rate.difference(positive, tpr);
        double fprGap = Rate.difference(negative, fpr);
        return new Disparities(
                Rate.difference(groups, Rate.SELECTION::of),
                Rate.ratio(groups, Rate.SELECTION::of),
                Math.max(tprGap, fprGap),
                Math.min(Rate.ratio(positive, tpr), Rate.ratio(negative, fpr)),
                (tprGap + fprGap) / 2,
                tprGap,
                Rate.ratio(positive, tpr),
                Rate.difference(known(groups, Rate.ACCURACY), Rate.ACCURACY::of));
    }
}

package org.millwright.scoring.fairness;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.millwright.scoring.fairness.Criterion.Verdict;
import org.millwright.scoring.profile.StudentT;

/**
 * How far groups are apart in the errors of a predicted quantity.
 *
 * <p>A gap beyond its limit counts only where chance hardly explains that it is: each pair of groups is tested by Welch's
 * t-test against the limit itself, and the smallest p is multiplied by the number of pairs (Bonferroni). So many small groups,
 * of which two are always far apart, decide nothing by being many. Whether such a gap is worth a warning is asked in the same
 * way, of half the limit.
 *
 * @param groups all of them by name, also those too small to count
 * @param judged those that count
 */
public record ErrorGaps(List<GroupErrors> groups, List<GroupErrors> judged) {
    /** Groups that are compared in pairs, the largest ones. */
    static final int MOST_COMPARED = 300;

    public ErrorGaps {
        groups = List.copyOf(groups);
        judged = List.copyOf(judged);
    }

    /** What is compared. */
    public enum Measure {
        /** Smallest divided by largest mean absolute error. */
        MAE_RATIO,
        /** Largest minus smallest mean absolute error, in the label's unit. */
        MAE_DIFFERENCE,
        /** Largest minus smallest mean of prediction − truth, in the label's unit: whom errors favour. */
        MEAN_ERROR_DIFFERENCE;

        /** Its name in the field. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        double of(GroupErrors group) {
            return this == MEAN_ERROR_DIFFERENCE ? group.meanError() : group.mae();
        }

        double squaredError(GroupErrors group) {
            double deviation = this == MEAN_ERROR_DIFFERENCE ? group.meanErrorDeviation() : group.maeDeviation();
            return deviation * deviation / group.n();
        }
    }

    /**
     * Measures. Rows without a finite prediction and truth are left out.
     *
     * @param group name of each row's group, null when missing
     * @param minRows a group with fewer rows is shown, but decides nothing
     */
    public static ErrorGaps of(@Nullable String[] group, double[] predicted, double[] truth, int minRows) {
        if (group.length != predicted.length || truth.length != predicted.length) {
            throw new IllegalArgumentException("groups, predictions and true values differ in number: " + group.length
                    + ", " + predicted.length + ", " + truth.length);
        }
        Map<String, GroupErrors.Sum> sums = new TreeMap<>();
        for (int i = 0; i < predicted.length; i++) {
            double error = predicted[i] - truth[i];
            if (Double.isFinite(error)) {
                String name = group[i];
                sums.computeIfAbsent(name == null ? Fairness.NONE : name, key -> new GroupErrors.Sum())
                        .add(error);
            }
        }
        List<GroupErrors> groups = new ArrayList<>();
        sums.forEach((name, sum) -> groups.add(sum.of(name)));
        return of(groups, minRows);
    }

    /** Judges groups that were measured. */
    public static ErrorGaps of(List<GroupErrors> groups, int minRows) {
        return new ErrorGaps(
                groups,
                groups.stream()
                        .filter(group -> group.n() >= Math.max(2, minRows))
                        .toList());
    }

    /** All measures without limits, but for the ratio's four fifths. */
    public List<Criterion> criteria() {
        return Arrays.stream(Measure.values())
                .map(measure -> criterion(
                        measure, measure == Measure.MAE_RATIO ? FairnessSettings.DEFAULT.ratio() : Double.NaN))
                .toList();
    }

    /**
     * One measure judged.
     *
     * @param limit least ratio, or largest difference; NaN for none: then a gap that chance hardly explains is a warning
     */
    public Criterion criterion(Measure measure, double limit) {
        String name = measure.text();
        if (judged.size() < 2) {
            return new Criterion(name, Double.NaN, limit, Verdict.INSUFFICIENT, Double.NaN, "", "");
        }
        Comparator<GroupErrors> order = Comparator.comparingDouble(measure::of);
        GroupErrors lowest = judged.stream().min(order).orElseThrow();
        GroupErrors highest = judged.stream().max(order).orElseThrow();
        boolean ratio = measure == Measure.MAE_RATIO;
        double value = ratio
                ? measure.of(highest) == 0 ? 1 : measure.of(lowest) / measure.of(highest)
                : measure.of(highest) - measure.of(lowest);
        boolean none = Double.isNaN(limit);
        double p = p(measure, none ? ratio ? 1 : 0 : limit);
        double alpha = FairnessSettings.DEFAULT.alpha();
        boolean beyond = ratio ? value < limit : value > limit;
        Verdict verdict = none
                ? p > alpha ? Verdict.FAIR : Verdict.WARN
                : Verdict.of(beyond, p, beyond ? p(measure, ratio ? (1 + limit) / 2 : limit / 2) : 1, alpha);
        return new Criterion(name, value, limit, verdict, p, lowest.name(), highest.name());
    }

    private double p(Measure measure, double limit) {
        List<GroupErrors> compared = judged.stream()
                .sorted(Comparator.comparingLong(GroupErrors::n).reversed())
                .limit(MOST_COMPARED)
                .toList();
        double scale = measure == Measure.MAE_RATIO ? limit : 1;
        double gap = measure == Measure.MAE_RATIO ? 0 : limit;
        return Pairs.of(
                        compared,
                        measure::of,
                        (low, high) -> welch(
                                scale * measure.of(high) - measure.of(low) - gap,
                                scale * scale * measure.squaredError(high),
                                high.n(),
                                measure.squaredError(low),
                                low.n()))
                .p();
    }

    /** One-sided probability of a difference that large where there is none. */
    private static double welch(double difference, double first, long n, double second, long m) {
        double squared = first + second;
        if (!(squared > 0)) {
            return difference > 0 ? 0 : 1;
        }
        double freedom = squared * squared / (first * first / (n - 1) + second * second / (m - 1));
        double both = StudentT.twoSided(difference / Math.sqrt(squared), freedom);
        return difference > 0 ? both / 2 : 1 - both / 2;
    }

    /** The worst of what the criteria say. */
    public static Verdict worst(List<Criterion> criteria) {
        return criteria.stream()
                .map(Criterion::verdict)
                .max(Comparator.naturalOrder())
                .orElse(Verdict.INSUFFICIENT);
    }
}

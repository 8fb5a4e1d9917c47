package org.millwright.scoring.fairness;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.millwright.scoring.fairness.Criterion.Verdict;

/**
 * A classifier's decisions by group, and whether they are fair.
 *
 * @param groups all of them by name, also those too small to count
 * @param judged those that count
 * @param disparities over those that count
 * @param privileged the group with most rows, which the others are compared with
 * @param versus every group against it
 */
public record Fairness(
        List<Group> groups,
        List<Group> judged,
        Disparities disparities,
        String privileged,
        List<Versus> versus,
        List<Criterion> criteria) {
    /** In place of 0 or 1: not known. */
    public static final int MISSING = -1;

    static final String NONE = "(missing)";

    public Fairness {
        groups = List.copyOf(groups);
        judged = List.copyOf(judged);
        versus = List.copyOf(versus);
        criteria = List.copyOf(criteria);
    }

    /**
     * Measures.
     *
     * @param group name of each row's group, null when missing
     * @param predicted 1 for the positive class, 0 for any other, or {@link #MISSING}, which leaves the row out
     * @param truth likewise; without it a row counts for selection rates only; null when no truth is known at all
     */
    public static Fairness of(
            @Nullable String[] group, int[] predicted, int @Nullable [] truth, FairnessSettings settings) {
        if (group.length != predicted.length || truth != null && truth.length != predicted.length) {
            throw new IllegalArgumentException("groups, predictions and true classes differ in number: " + group.length
                    + ", " + predicted.length + (truth == null ? "" : ", " + truth.length));
        }
        Map<String, long[]> counts = new TreeMap<>();
        for (int i = 0; i < predicted.length; i++) {
            if (predicted[i] != MISSING) {
                String name = group[i];
                long[] cells = counts.computeIfAbsent(name == null ? NONE : name, key -> new long[6]);
                cells[0]++;
                cells[1] += predicted[i];
                if (truth != null && truth[i] != MISSING) {
                    cells[truth[i] == 1 ? predicted[i] == 1 ? 2 : 5 : predicted[i] == 1 ? 3 : 4]++;
                }
            }
        }
        List<Group> groups = new ArrayList<>();
        counts.forEach((name, cells) ->
                groups.add(new Group(name, cells[0], cells[1], cells[2], cells[3], cells[4], cells[5])));
        return of(groups, settings);
    }

    /** Names of the groups that several columns make together, such as {@code EWR × UA}. */
    public static String[] intersection(List<@Nullable String[]> columns) {
        String[] names = new String[columns.get(0).length];
        for (int i = 0; i < names.length; i++) {
            List<String> parts = new ArrayList<>();
            for (@Nullable String[] column : columns) {
                String part = column[i];
                parts.add(part == null ? NONE : part);
            }
            names[i] = String.join(" × ", parts);
        }
        return names;
    }

    /** Judges groups that were counted. */
    public static Fairness of(List<Group> groups, FairnessSettings settings) {
        List<Group> judged =
                groups.stream().filter(group -> group.n() >= settings.minRows()).toList();
        Group privileged = groups.stream()
                .reduce((best, next) -> next.n() > best.n() ? next : best)
                .orElse(new Group("", 0, 0, 0, 0, 0, 0));
        Disparities disparities = Disparities.of(judged);
        return new Fairness(
                groups,
                judged,
                disparities,
                privileged.name(),
                groups.stream().map(group -> Versus.of(group, privileged)).toList(),
                criteria(judged, disparities, settings));
    }

    private static List<Criterion> criteria(List<Group> judged, Disparities all, FairnessSettings settings) {
        List<Group> positive = enough(judged, Rate.TPR, settings);
        List<Group> negative = enough(judged, Rate.FPR, settings);
        double tpr = Rate.difference(positive, Rate.TPR::of);
        double fpr = Rate.difference(negative, Rate.FPR::of);
        boolean byTpr = !(fpr > tpr);
        List<Criterion> criteria = new ArrayList<>();
        criteria.add(
                criterion("disparate_impact", all.demographicParityRatio(), true, judged, Rate.SELECTION, settings));
        criteria.add(criterion(
                "demographic_parity_difference",
                all.demographicParityDifference(),
                false,
                judged,
                Rate.SELECTION,
                settings));
        criteria.add(criterion(
                "equalized_odds_difference",
                byTpr ? tpr : fpr,
                false,
                byTpr ? positive : negative,
                byTpr ? Rate.TPR : Rate.FPR,
                settings));
        criteria.add(criterion("equal_opportunity_difference", tpr, false, positive, Rate.TPR, settings));
        List<Group> labelled = enough(judged, Rate.ACCURACY, settings);
        criteria.add(criterion(
                "accuracy_difference",
                Rate.difference(labelled, Rate.ACCURACY::of),
                false,
                labelled,
                Rate.ACCURACY,
                settings));
        return criteria;
    }

    /** The groups in which enough rows tell the rate. */
    private static List<Group> enough(List<Group> groups, Rate rate, FairnessSettings settings) {
        return groups.stream()
                .filter(group -> rate.rows(group) >= settings.minRows())
                .toList();
    }

    private static Criterion criterion(
            String metric, double value, boolean ratio, List<Group> groups, Rate rate, FairnessSettings settings) {
        double threshold = ratio ? settings.ratio() : settings.difference();
        if (groups.size() < 2) {
            return new Criterion(metric, Double.NaN, threshold, Verdict.INSUFFICIENT, Double.NaN, "", "");
        }
        Comparator<Group> order = Comparator.comparingDouble(rate::of);
        double p = rate.p(groups);
        boolean beyond = ratio ? value < threshold : value > threshold;
        return new Criterion(
                metric,
                value,
                threshold,
                !beyond ? Verdict.FAIR : p <= settings.alpha() ? Verdict.UNFAIR : Verdict.WARN,
                p,
                groups.stream().min(order).map(Group::name).orElse(""),
                groups.stream().max(order).map(Group::name).orElse(""));
    }

    /** The worst of what the criteria say. */
    public Verdict verdict() {
        return ErrorGaps.worst(criteria);
    }
}

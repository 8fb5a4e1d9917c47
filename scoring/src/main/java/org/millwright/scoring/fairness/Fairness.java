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
 * <p>A gap beyond its limit counts only where chance hardly explains that it is, as of {@link ErrorGaps}: each pair of groups is
 * tested against the limit itself, by the score test of {@link RatesApart}.
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
        List<Group> labelled = enough(judged, Rate.ACCURACY, settings);
        var selected = new Compared(judged, Rate.SELECTION);
        var accepted = new Compared(positive, Rate.TPR);
        return List.of(
                criterion("disparate_impact", all.demographicParityRatio(), true, List.of(selected), settings),
                difference("demographic_parity_difference", settings, selected),
                odds(accepted, new Compared(negative, Rate.FPR), settings),
                difference("equal_opportunity_difference", settings, accepted),
                difference("accuracy_difference", settings, new Compared(labelled, Rate.ACCURACY)));
    }

    /** Groups with enough rows for a rate. */
    private record Compared(List<Group> groups, Rate rate) {
        double difference() {
            return Rate.difference(groups, rate::of);
        }
    }

    /** The groups in which enough rows tell the rate. */
    private static List<Group> enough(List<Group> groups, Rate rate, FairnessSettings settings) {
        return groups.stream()
                .filter(group -> rate.rows(group) >= settings.minRows())
                .toList();
    }

    private static Criterion difference(String metric, FairnessSettings settings, Compared rate) {
        return criterion(metric, rate.difference(), false, List.of(rate), settings);
    }

    private static Criterion odds(Compared tpr, Compared fpr, FairnessSettings settings) {
        boolean byFpr = fpr.difference() > tpr.difference();
        List<Compared> wider = byFpr ? List.of(fpr, tpr) : List.of(tpr, fpr);
        return criterion("equalized_odds_difference", wider.get(0).difference(), false, wider, settings);
    }

    /** @param rates all that the value is of, the one with the widest gap first */
    private static Criterion criterion(
            String metric, double value, boolean ratio, List<Compared> rates, FairnessSettings settings) {
        double threshold = ratio ? settings.ratio() : settings.difference();
        List<Group> groups = rates.get(0).groups();
        if (groups.size() < 2) {
            return new Criterion(metric, Double.NaN, threshold, Verdict.INSUFFICIENT, Double.NaN, "", "");
        }
        Comparator<Group> order = Comparator.comparingDouble(rates.get(0).rate()::of);
        boolean beyond = ratio ? value < threshold : value > threshold;
        double p = p(rates, threshold, ratio);
        double half = beyond ? p(rates, ratio ? (1 + threshold) / 2 : threshold / 2, ratio) : 1;
        return new Criterion(
                metric,
                value,
                threshold,
                Verdict.of(beyond, p, half, settings.alpha()),
                p,
                groups.stream().min(order).map(Group::name).orElse(""),
                groups.stream().max(order).map(Group::name).orElse(""));
    }

    private static double p(List<Compared> rates, double limit, boolean ratio) {
        return rates.stream()
                .map(each -> each.rate().pairs(each.groups(), limit, ratio))
                .reduce(Pairs.NONE, Pairs::and)
                .p();
    }

    /** The worst of what the criteria say. */
    public Verdict verdict() {
        return ErrorGaps.worst(criteria);
    }
}

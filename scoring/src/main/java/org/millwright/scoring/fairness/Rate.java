package org.millwright.scoring.fairness;

import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/** A share of a group's rows that should not depend on the group. */
enum Rate {
    SELECTION(Group::selected, Group::n),
    TPR(Group::tp, group -> group.tp() + group.fn()),
    FPR(Group::fp, group -> group.fp() + group.tn()),
    ACCURACY(group -> group.tp() + group.tn(), Group::labelled);

    private final ToLongFunction<Group> part;
    private final ToLongFunction<Group> whole;

    Rate(ToLongFunction<Group> part, ToLongFunction<Group> whole) {
        this.part = part;
        this.whole = whole;
    }

    /** NaN without rows. */
    double of(Group group) {
        return (double) part.applyAsLong(group) / whole.applyAsLong(group);
    }

    boolean isKnown(Group group) {
        return whole.applyAsLong(group) > 0;
    }

    long rows(Group group) {
        return whole.applyAsLong(group);
    }

    /**
     * The pairs of groups, tested against a limit; of very many groups the largest ones.
     *
     * @param ratio whether it is one of ratios, not of differences
     */
    Pairs pairs(List<Group> groups, double limit, boolean ratio) {
        List<Group> compared = groups.stream()
                .sorted(Comparator.comparingLong(this::rows).reversed())
                .limit(ErrorGaps.MOST_COMPARED)
                .toList();
        return Pairs.of(compared, this::of, (low, high) -> {
            var apart = new RatesApart(part.applyAsLong(low), rows(low), part.applyAsLong(high), rows(high));
            return ratio ? apart.belowRatio(limit) : apart.beyondDifference(limit);
        });
    }

    /** Largest minus smallest rate. */
    static double difference(List<Group> groups, ToDoubleFunction<Group> rate) {
        return groups.isEmpty()
                ? Double.NaN
                : groups.stream().mapToDouble(rate).max().orElse(Double.NaN)
                        - groups.stream().mapToDouble(rate).min().orElse(Double.NaN);
    }

    /** Smallest divided by largest rate; NaN when all are 0. */
    static double ratio(List<Group> groups, ToDoubleFunction<Group> rate) {
        return groups.isEmpty()
                ? Double.NaN
                : groups.stream().mapToDouble(rate).min().orElse(Double.NaN)
                        / groups.stream().mapToDouble(rate).max().orElse(Double.NaN);
    }
}

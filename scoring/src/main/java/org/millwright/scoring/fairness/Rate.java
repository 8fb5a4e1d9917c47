package org.millwright.scoring.fairness;

import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import org.millwright.scoring.profile.ChiSquare;

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

    /** The probability that groups which are treated alike differ as much. */
    double p(List<Group> groups) {
        long[] in = groups.stream().mapToLong(part).toArray();
        long[] out = groups.stream()
                .mapToLong(group -> whole.applyAsLong(group) - part.applyAsLong(group))
                .toArray();
        return ChiSquare.of(in, out).p();
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

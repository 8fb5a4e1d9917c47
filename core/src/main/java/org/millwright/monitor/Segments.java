package org.millwright.monitor;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * How the rows of a window are split, as agreed.
 *
 * @param columns whose values are kept with single predictions
 * @param groups columns whose values, together, make groups: of one column each, and the intersections
 * @param fairness of these, those in which decisions are compared
 */
record Segments(List<String> columns, List<List<String>> groups, List<List<String>> fairness) {
    /** Columns whose values are kept; further ones are left out. */
    static final int MOST_COLUMNS = 8;

    static final Segments NONE = new Segments(List.of(), List.of(), List.of());

    Segments {
        columns = List.copyOf(columns);
        groups = List.copyOf(groups);
        fairness = List.copyOf(fairness);
    }

    /**
     * Of the columns that clauses name together.
     *
     * @param performance columns of each clause on a segment
     * @param fairness columns of each clause on fairness
     */
    static Segments of(List<List<String>> performance, List<List<String>> fairness) {
        Set<String> columns = new LinkedHashSet<>();
        Stream.concat(performance.stream(), fairness.stream()).forEach(columns::addAll);
        List<String> kept = columns.stream().limit(MOST_COLUMNS).toList();
        List<List<String>> judged =
                fairness.stream().distinct().filter(kept::containsAll).toList();
        Set<List<String>> groups = new LinkedHashSet<>();
        kept.forEach(column -> groups.add(List.of(column)));
        Stream.concat(performance.stream(), judged.stream())
                .filter(by -> !by.isEmpty() && kept.containsAll(by))
                .forEach(groups::add);
        return new Segments(kept, List.copyOf(groups), judged);
    }

    boolean isEmpty() {
        return columns.isEmpty();
    }
}

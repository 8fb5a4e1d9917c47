package org.millwright.outcome;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.millwright.project.Agreement;

/**
 * How the rows of a window are split, as agreed.
 *
 * @param columns whose values are kept with single predictions
 * @param groups columns whose values, together, make groups: of one column each, and the intersections
 * @param fairness of these, those in which decisions are compared
 */
public record Segments(List<String> columns, List<List<String>> groups, List<List<String>> fairness) {
    /** Columns whose values are kept; further ones are left out. */
    public static final int MOST_COLUMNS = 8;

    /** Closed windows whose segments keep their profiles. */
    public static final int KEPT_WINDOWS = 40;

    public static final Segments NONE = new Segments(List.of(), List.of(), List.of());

    public Segments {
        columns = List.copyOf(columns);
        groups = List.copyOf(groups);
        fairness = List.copyOf(fairness);
    }

    /** By the columns that the clauses on segments and on fairness name. */
    public static Segments of(Agreement agreement) {
        List<List<String>> performance = agreement.performance().stream()
                .map(clause -> List.copyOf(clause.segment().keySet()))
                .toList();
        List<List<String>> decisions = agreement.fairness().stream()
                .map(Agreement.Fairness::by)
                .distinct()
                .toList();
        Set<String> columns = new LinkedHashSet<>();
        Stream.concat(performance.stream(), decisions.stream()).forEach(columns::addAll);
        List<String> kept = columns.stream().limit(MOST_COLUMNS).toList();
        Set<List<String>> groups = new LinkedHashSet<>();
        kept.forEach(column -> groups.add(List.of(column)));
        Stream.concat(performance.stream(), decisions.stream())
                .filter(by -> !by.isEmpty() && kept.containsAll(by))
                .forEach(groups::add);
        return new Segments(
                kept,
                List.copyOf(groups),
                decisions.stream().filter(kept::containsAll).toList());
    }

    public boolean isEmpty() {
        return columns.isEmpty();
    }
}

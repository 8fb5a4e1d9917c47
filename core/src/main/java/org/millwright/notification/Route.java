package org.millwright.notification;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.millwright.alert.Alert;
import org.millwright.alert.Clause;
import org.millwright.kernel.Problem;

/**
 * Which alerts a channel is told of; an empty list leaves nothing out.
 *
 * @param severity the least that is told
 * @param owners users whom the agreement names to investigate
 */
public record Route(
        List<String> projects,
        List<String> deployments,
        List<String> clauses,
        Optional<Severity> severity,
        List<String> owners) {
    /** Every alert. */
    public static final Route ALL = new Route(List.of(), List.of(), List.of(), Optional.empty(), List.of());

    private static final int MOST = 100;
    private static final int LONGEST = 128;

    public Route {
        projects = List.copyOf(projects);
        deployments = List.copyOf(deployments);
        clauses = List.copyOf(clauses);
        owners = List.copyOf(owners);
        for (List<String> names : List.of(projects, deployments, clauses, owners)) {
            if (names.size() > MOST || names.stream().anyMatch(name -> name.isBlank() || name.length() > LONGEST)) {
                throw new Problem.Invalid("A channel's rule takes at most " + MOST + " names of at most " + LONGEST
                        + " characters, none blank");
            }
        }
        clauses.forEach(Route::requireClause);
    }

    static void requireClause(String text) {
        List<String> known =
                Arrays.stream(Clause.Kind.values()).map(Clause.Kind::text).toList();
        if (!known.contains(text)) {
            throw new Problem.Invalid("clause: '" + text + "' (expected: one of " + String.join(", ", known) + ")");
        }
    }

    boolean takes(Alert alert) {
        return has(projects, alert.project())
                && has(deployments, alert.deployment())
                && has(clauses, alert.clause().kind().text())
                && has(owners, alert.assignee())
                && severity.filter(least -> Severity.of(alert).compareTo(least) < 0)
                        .isEmpty();
    }

    private static boolean has(List<String> names, String name) {
        return names.isEmpty() || names.contains(name);
    }
}

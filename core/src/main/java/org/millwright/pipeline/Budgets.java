package org.millwright.pipeline;

import java.time.Clock;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Optional;
import org.millwright.kernel.Database;
import org.millwright.kernel.Problem;
import org.millwright.project.ProjectFile;
import org.millwright.project.ProjectPlan;

/** What a project's steps took this calendar month (UTC), against what its file lets them. Steps that work go on. */
final class Budgets {
    private final Database database;
    private final RunStore store;
    private final Clock clock;

    Budgets(Database database, RunStore store, Clock clock) {
        this.database = database;
        this.store = store;
        this.clock = clock;
    }

    /** Seconds that steps of the project worked since the month began; those of reused steps count nothing. */
    long used(String project) {
        long begin = YearMonth.from(clock.instant().atZone(ZoneOffset.UTC))
                .atDay(1)
                .atStartOfDay(ZoneOffset.UTC)
                .toInstant()
                .toEpochMilli();
        return database.read(() -> store.worked(project, begin, clock.millis())) / 1_000;
    }

    /** Refuses to begin anything more in a project that has used up its month. */
    void require(ProjectFile project) {
        Optional<ProjectPlan.Budget> budget = project.plan().budget();
        if (budget.isEmpty()) {
            return;
        }
        long used = used(project.name());
        if (used >= budget.get().computeSeconds()) {
            throw new Problem.Refused(
                    "Project " + project.name() + " has used " + used + " of its "
                            + budget.get().computeSeconds() + " compute-seconds of this month",
                    "Wait for the next month, or ask for a larger budget in " + ProjectFile.FILE
                            + ": mw project request");
        }
    }
}

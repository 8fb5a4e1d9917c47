package org.millwright.reproduction;

import java.time.Clock;
import java.time.Duration;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.millwright.kernel.Database;
import org.millwright.pipeline.RunStatus;
import org.millwright.project.ProjectFile;
import org.millwright.project.ProjectPlan;

/**
 * Whose turn it is: what people asked for first, then what the server does by itself, while no pipeline run works and the
 * project has something left of its month.
 */
final class Turns {
    /** After that, one that the server does by itself is no longer put behind pipeline runs. */
    static final Duration PATIENCE = Duration.ofDays(1);

    private final Database database;
    private final ReproductionStore store;
    private final Recording.Rooms rooms;
    private final Clock clock;

    Turns(Database database, ReproductionStore store, Recording.Rooms rooms, Clock clock) {
        this.database = database;
        this.store = store;
        this.rooms = rooms;
        this.clock = clock;
    }

    Optional<Reproduction> next() {
        List<Reproduction> open = database.read(store::open);
        return open.stream()
                .filter(one -> !one.occasion().isByItself())
                .findFirst()
                .or(() -> open.stream().filter(one -> waitsFor(one).isEmpty()).findFirst());
    }

    /** What has to be over before it begins, beside those before it; empty when nothing has. */
    Optional<String> waitsFor(Reproduction open) {
        if (!open.occasion().isByItself()) {
            return Optional.empty();
        }
        boolean patient = clock.millis() - open.askedAt() < PATIENCE.toMillis();
        if (patient && rooms.runs().counts().getOrDefault(RunStatus.RUNNING, 0) > 0) {
            return Optional.of("until no pipeline run works");
        }
        return overBudget(open.project()).map(over -> "for the next month: " + over);
    }

    /** That the project's month is used up: by runs, and by reproductions, which take nothing from runs. */
    Optional<String> overBudget(String project) {
        Optional<Long> budget = rooms.projects()
                .file(project)
                .map(ProjectFile::plan)
                .flatMap(ProjectPlan::budget)
                .map(ProjectPlan.Budget::computeSeconds);
        if (budget.isEmpty()) {
            return Optional.empty();
        }
        long used = rooms.runs().computeSeconds(project) + worked(project);
        return used < budget.get()
                ? Optional.empty()
                : Optional.of("Project " + project + " has used " + used + " of its " + budget.get()
                        + " compute-seconds of this month");
    }

    /** Seconds that its reproductions worked since the month began. */
    private long worked(String project) {
        long month = YearMonth.from(clock.instant().atZone(ZoneOffset.UTC))
                .atDay(1)
                .atStartOfDay(ZoneOffset.UTC)
                .toInstant()
                .toEpochMilli();
        return database.read(() -> store.worked(project, month, clock.millis())) / 1_000;
    }
}

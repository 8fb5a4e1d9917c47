package org.millwright.pipeline;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.millwright.identity.Access;
import org.millwright.identity.Actor;
import org.millwright.identity.Permission;
import org.millwright.kernel.Database;

/** Reads several runs at once, of projects that the actor may read. */
public final class RecentRuns {
    private static final int TOGETHER = 200;

    private final Database database;
    private final Access access;
    private final RunStore store;

    public RecentRuns(Database database, Access access) {
        this.database = database;
        this.access = access;
        this.store = new RunStore(database);
    }

    /** Those that work at this moment, newest first. */
    public List<PipelineRun> working(Actor by) {
        return readable(by, database.read(() -> store.withStatus(RunStatus.RUNNING)))
                .reversed();
    }

    /** The newest runs that any of these people started, newest first. */
    public List<PipelineRun> startedBy(Actor by, Collection<String> people, int limit) {
        return readable(by, database.read(() -> store.startedBy(people, limit)));
    }

    /** The newest runs of a project, newest first. */
    public List<PipelineRun> of(Actor by, String project, int limit) {
        access.require(by, Permission.READ, project);
        return database.read(() -> store.list(Optional.of(project), Optional.empty(), limit));
    }

    /** The newest attempt of each step of the runs, in the order of the pipeline; a run without steps is left out. */
    public Map<String, List<StepAttempt>> steps(List<PipelineRun> runs) {
        List<String> ids = runs.stream().limit(TOGETHER).map(PipelineRun::id).toList();
        return database.read(() -> store.newest(ids));
    }

    private List<PipelineRun> readable(Actor by, List<PipelineRun> runs) {
        var readable = new ArrayList<PipelineRun>();
        for (PipelineRun run : runs) {
            if (access.allows(by, Permission.READ, Optional.of(run.project()))) {
                readable.add(run);
            }
        }
        return readable;
    }
}

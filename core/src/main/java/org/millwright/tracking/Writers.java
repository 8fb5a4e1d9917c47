package org.millwright.tracking;

import java.util.Optional;
import org.millwright.identity.Access;
import org.millwright.identity.Actor;
import org.millwright.identity.Permission;
import org.millwright.kernel.Problem;

/** Who may write which run: people by their roles, a step's token its own run and those it made. */
final class Writers {
    private final Access access;
    private final RunStore runs;

    Writers(Access access, RunStore runs) {
        this.access = access;
        this.runs = runs;
    }

    /** The run, when the actor may write it; inside a transaction. */
    RunStore.Head requireWritable(Actor by, String runId) {
        RunStore.Head run = require(runId);
        requireRun(by, run);
        return run;
    }

    /** The run, when it is not deleted and the actor may write it; inside a transaction. */
    RunStore.Head requireActive(Actor by, String runId) {
        RunStore.Head run = requireWritable(by, runId);
        if (run.deleted()) {
            throw new Problem.Invalid("The run " + runId + " must be in the 'active' state. Current state is deleted.");
        }
        return run;
    }

    /** The run of that id, 404 in MLflow's words. */
    RunStore.Head require(String runId) {
        Names.requireRunId(runId);
        return runs.find(runId)
                .orElseThrow(() -> new Problem.NotFound("Run with id=" + Names.shortened(runId) + " not found"));
    }

    /** Refuses whoever may not track in the installation, nor in the project. */
    void requireTracking(Actor by, Optional<String> project) {
        if (access.allows(by, Permission.TRACK, Optional.empty())) {
            return;
        }
        if (project.isPresent()) {
            access.require(by, Permission.TRACK, project.get());
        } else {
            access.require(by, Permission.TRACK);
        }
    }

    /** Refuses a step's token what is not beneath its run. */
    void requireNoStep(Actor by, String what) {
        if (by.run().isPresent()) {
            throw new Problem.Denied(
                    "This token may write only run " + by.run().get() + ", not " + what,
                    "Log to the run of the step, or use a token of a person.");
        }
    }

    private void requireRun(Actor by, RunStore.Head run) {
        boolean made = by.run().isPresent() && by.run().equals(run.madeBy());
        if (!made) {
            access.requireRun(by, run.id());
        }
        if (!access.allows(by, Permission.TRACK, Optional.empty())) {
            requireTracking(by, runs.tag(run, Run.PROJECT_TAG));
        }
    }
}

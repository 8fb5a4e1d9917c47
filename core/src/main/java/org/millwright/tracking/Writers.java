package org.millwright.tracking;

import java.util.Optional;
import org.millwright.identity.Access;
import org.millwright.identity.Actor;
import org.millwright.identity.GovernedAction;
import org.millwright.identity.Level;
import org.millwright.identity.Permission;
import org.millwright.identity.Resource;
import org.millwright.kernel.Json;
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
        return requireWritable(by, runId, Level.EDIT);
    }

    /** The run, when the actor may do that much with it; inside a transaction. */
    RunStore.Head requireWritable(Actor by, String runId, Level needed) {
        RunStore.Head run = require(runId);
        requireRun(by, run, needed);
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

    /** Whether a run has that id: clients may name runs of other servers as a model's source. */
    boolean knows(String runId) {
        return runs.find(runId).isPresent();
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

    private void requireRun(Actor by, RunStore.Head run, Level asked) {
        boolean made = by.run().isPresent() && by.run().equals(run.madeBy());
        if (!made) {
            access.requireRun(by, run.id());
        }
        boolean tracks = access.allows(by, Permission.TRACK, Optional.empty());
        Resource experiment = Resource.experiment(run.experimentId());
        Level needed = experiment.isShared() && asked == Level.MANAGE ? Level.EDIT : asked;
        if (tracks && access.grants().level(by, experiment).allows(needed)) {
            return;
        }
        Optional<String> project = runs.tag(run, Run.PROJECT_TAG);
        if (!tracks) {
            requireTracking(by, project);
        }
        if (project.isEmpty()) {
            access.grants().require(by, experiment, needed);
        }
    }

    /** Refuses whoever may not log to an experiment; what a project's room makes needs the project's roles only. */
    void requireLogging(Actor by, long experimentId, Optional<String> project) {
        requireTracking(by, project);
        if (project.isEmpty()) {
            access.grants().require(by, Resource.experiment(experimentId), Level.EDIT);
        }
    }

    /** Refuses whoever may not do that much with an experiment. */
    void requireLevel(Actor by, String experimentId, Level needed) {
        access.grants().require(by, Resource.experiment(experimentId), needed);
    }

    /** Refuses to delete what versions of models came from where policies say so; outside transactions. */
    void requireGate(Actor by, String ref) {
        access.requireGate(
                by, new GovernedAction(GovernedAction.Kind.DELETE, ref, "", Optional.empty(), Json.object()));
    }
}

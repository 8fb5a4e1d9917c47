package org.millwright.serving;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.millwright.identity.Actor;
import org.millwright.identity.GovernedAction;
import org.millwright.kernel.Database;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.project.OnStop;
import org.millwright.project.RolloutPlan;

/** The steps of versions to and from production, one change each; who may take them was asked before. */
final class Moves {
    private final Database database;
    private final DeploymentStore store;
    private final Changes changes;
    private final Clearance clearance;
    private final ServingGates gates;
    private final Terms terms;
    private final Clock clock;

    Moves(
            Database database,
            DeploymentStore store,
            Changes changes,
            Clearance clearance,
            ServingGates gates,
            Terms terms,
            Clock clock) {
        this.database = database;
        this.store = store;
        this.changes = changes;
        this.clearance = clearance;
        this.gates = gates;
        this.terms = terms;
        this.clock = clock;
    }

    /** A version goes on trial, or begins its trial again. */
    Deployment begun(Actor by, String action, Deployment before, String version, RolloutPlan plan) {
        var trial = new Rollout.Trial(version, Trials.fitting(plan, before), 0, clock.millis());
        gates.require(by, GovernedAction.Kind.TRAFFIC, before, version, trial.percent());
        requireCleared(before, version);
        Deployment after = before.with(before.production(), before.previous(), trial, clock.millis());
        return changes.apply(by, action, after, Map.of(version, Trials.stage(trial)), "", Trials.step(trial));
    }

    /** A step was passed: the next one, or production. */
    Deployment forward(Actor by, Deployment before, Rollout.Trial trial, Trials.Look look) {
        gates.require(
                by, ServingGates.next(by, trial), before, trial.version(), trial.isLast() ? 100 : trial.percent());
        requireCleared(before, trial.version());
        if (trial.isLast()) {
            return promoted(by, before, trial, look);
        }
        Rollout.Trial next = trial.next(clock.millis());
        Deployment after = before.with(before.production(), before.previous(), next, clock.millis());
        ObjectNode details = Trials.step(next);
        details.set("passed", look.toJson());
        return changes.apply(
                by, "deployment.step-passed", after, Map.of(trial.version(), Trials.stage(next)), "", details);
    }

    private Deployment promoted(Actor by, Deployment before, Rollout.Trial trial, Trials.Look look) {
        var stages = new HashMap<String, DeployedVersion.Stage>();
        before.previous().ifPresent(version -> stages.put(version, DeployedVersion.Stage.RETIRED));
        before.production().ifPresent(version -> stages.put(version, DeployedVersion.Stage.PREVIOUS));
        stages.put(trial.version(), DeployedVersion.Stage.PRODUCTION);
        Deployment after =
                before.with(Optional.of(trial.version()), before.production(), new Rollout.None(), clock.millis());
        ObjectNode details = look.toJson().put("percent", trial.percent());
        before.production().ifPresent(version -> details.put("replaced", version));
        return changes.apply(by, "deployment.promoted", after, stages, "", details);
    }

    /** The version before is in production again. */
    Deployment returned(Actor by, Deployment before, String previous, String reason) {
        String current = before.production().orElseThrow();
        Deployment after = before.with(Optional.of(previous), Optional.empty(), before.rollout(), clock.millis());
        return changes.apply(
                by,
                "deployment.rolled-back",
                after,
                Map.of(current, DeployedVersion.Stage.REFUSED, previous, DeployedVersion.Stage.PRODUCTION),
                reason,
                Json.object().put("from", current));
    }

    /** Takes the version in production out of use as the project declared. */
    Deployment stopped(Actor by, Deployment before, String reason) {
        String version = before.production()
                .orElseThrow(() -> new Problem.Conflict(
                        "Nothing is in production at " + before.name(), "mw deployment show " + before.name()));
        return switch (terms.onStop(before.project())) {
            case OnStop.Previous previous ->
                before.previous().isPresent()
                        ? returned(by, before, before.previous().get(), reason)
                        : halted(by, before, OptionalDouble.empty(), reason);
            case OnStop.Constant constant -> halted(by, before, OptionalDouble.of(constant.value()), reason);
            case OnStop.Refuse refuse -> halted(by, before, OptionalDouble.empty(), reason);
            case OnStop.AlertOnly alert -> {
                database.write(() -> {
                    changes.note(
                            by,
                            "deployment.stop-noted",
                            before,
                            version,
                            Json.object().put("reason", reason));
                });
                yield before;
            }
        };
    }

    private Deployment halted(Actor by, Deployment before, OptionalDouble constant, String reason) {
        long now = clock.millis();
        Deployment after = before.with(Optional.of(new Halt(constant, reason, by.id(), now)), now);
        ObjectNode details = Json.object();
        constant.ifPresent(value -> details.put("constant", value));
        return changes.apply(by, "deployment.stopped", after, Map.of(), reason, details);
    }

    /** What was staged or on trial is taken back. */
    Deployment abandoned(Actor by, Deployment before, String candidate, String reason, ObjectNode details) {
        Deployment after = before.with(before.production(), before.previous(), new Rollout.None(), clock.millis());
        return changes.apply(
                by,
                "deployment.canary-abandoned",
                after,
                Map.of(candidate, DeployedVersion.Stage.REFUSED),
                reason,
                details);
    }

    /** Refuses a version whose release is not approved, or not any more. */
    void requireCleared(Deployment deployment, String version) {
        DeployedVersion known = database.read(() -> store.require(deployment.name(), version));
        clearance.require(deployment.model(), version, known.bundle());
    }

    /** Nobody returns to the version before any more. */
    Deployment previousWithdrawn(Deployment before, String version, String reason) {
        Deployment after = before.with(before.production(), Optional.empty(), before.rollout(), clock.millis());
        var stages = Map.of(version, DeployedVersion.Stage.REFUSED);
        return changes.apply(Actor.SYSTEM, "deployment.previous-withdrawn", after, stages, reason, Json.object());
    }
}

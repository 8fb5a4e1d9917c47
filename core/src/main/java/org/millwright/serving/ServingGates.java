package org.millwright.serving;

import java.util.Optional;
import org.millwright.identity.Access;
import org.millwright.identity.Actor;
import org.millwright.identity.GovernedAction;
import org.millwright.identity.GovernedAction.Kind;
import org.millwright.kernel.Json;

/** Asks whether policies let versions go where they shall; ways back are never asked about. */
record ServingGates(Access access) {
    void require(Actor by, Kind kind, Target target) {
        require(by, kind, target.modelRef(), target.deployment(), target.project(), 0);
    }

    void require(Actor by, Kind kind, Deployment deployment, String version, int percent) {
        String subject = "model:" + deployment.model() + "/" + version;
        require(by, kind, subject, deployment.name(), deployment.project(), percent);
    }

    private void require(Actor by, Kind kind, String subject, String target, String project, int percent) {
        access.requireGate(
                by,
                new GovernedAction(
                        kind,
                        subject,
                        target,
                        Optional.of(project),
                        Json.object().put("percent", percent)));
    }

    /** What it is to take the next step of a trial. */
    static Kind next(Actor by, Rollout.Trial trial) {
        if (!trial.isLast()) {
            return Kind.TRAFFIC;
        }
        return by.kind() == Actor.Kind.SYSTEM ? Kind.AUTO_PROMOTE : Kind.PROMOTE;
    }
}

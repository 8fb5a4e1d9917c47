package org.millwright.factory;

import java.util.Optional;
import org.millwright.alert.Clause;
import org.millwright.identity.Actor;
import org.millwright.ledger.Entry;
import org.millwright.serving.Deployment;
import org.millwright.serving.Deployments;

/** From a figure so bad that the agreement says stop, to a version that no longer answers. */
public final class Stopping {
    private final Deployments deployments;

    public Stopping(Deployments deployments) {
        this.deployments = deployments;
    }

    /** Names the reactions of this file. */
    public void register(Outbox outbox) {
        outbox.on("alert.raised", this::raised);
    }

    /** The version that broke it, as long as it is the one in production; what then answers is the project's on-stop. */
    private void raised(Entry entry) {
        if (Clause.of(entry.details().path("clause").asText()).kind() != Clause.Kind.STOP) {
            return;
        }
        String version = entry.details().path("version").asText();
        entry.about("deployment:")
                .flatMap(deployments::find)
                .filter(found -> found.production().equals(Optional.of(version))
                        && found.halt().isEmpty())
                .map(Deployment::name)
                .ifPresent(name -> deployments.stop(
                        Actor.SYSTEM,
                        name,
                        "agreed: " + entry.details().path("message").asText()));
    }
}

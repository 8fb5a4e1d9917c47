package org.millwright.factory;

import java.util.Optional;
import org.millwright.alert.Alerts;
import org.millwright.alert.Clause;
import org.millwright.identity.Actor;
import org.millwright.ledger.Entry;
import org.millwright.project.Projects;
import org.millwright.serving.Deployment;
import org.millwright.serving.Deployments;

/** From a version whose roll-out took itself back to whoever is to know, until another one is in production. */
public final class TakenBack {
    private final Deployments deployments;
    private final Projects projects;
    private final Alerts alerts;

    public TakenBack(Deployments deployments, Projects projects, Alerts alerts) {
        this.deployments = deployments;
        this.projects = projects;
        this.alerts = alerts;
    }

    /** Names the reactions of this file. */
    public void register(Outbox outbox) {
        outbox.on("deployment.canary-abandoned", this::abandoned)
                .on(
                        "deployment.promoted",
                        entry -> deployment(entry)
                                .ifPresent(found -> alerts.doubtEnds(
                                        Clause.ROLLOUT,
                                        found.name(),
                                        "version "
                                                + entry.details()
                                                        .path("version")
                                                        .asText() + " is in production")));
    }

    /** Whoever took a version back by hand, or revoked its certificate, knows; only a verdict has evidence and no person. */
    private void abandoned(Entry entry) {
        if (!entry.actor().equals(Actor.SYSTEM.id()) || !entry.details().has("evidence")) {
            return;
        }
        String version = entry.details().path("version").asText();
        deployment(entry)
                .ifPresent(found -> alerts.doubt(
                        Clause.ROLLOUT,
                        new Alerts.Target(found.name(), found.project(), found.model(), version),
                        found.model() + "/" + version + " took itself back from its roll-out: "
                                + entry.details().path("reason").asText()
                                + found.production()
                                        .map(now -> ". Version " + now + " serves on")
                                        .orElse(". Nothing is in production"),
                        projects.investigator(found.project())));
    }

    private Optional<Deployment> deployment(Entry entry) {
        return entry.about("deployment:").flatMap(deployments::find);
    }
}

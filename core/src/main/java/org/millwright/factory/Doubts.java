package org.millwright.factory;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.millwright.alert.Alerts;
import org.millwright.alert.Clause;
import org.millwright.ledger.Entry;
import org.millwright.lineage.Revoked;
import org.millwright.lineage.RevokedAssets;
import org.millwright.project.Projects;
import org.millwright.reproduction.Verdict;
import org.millwright.serving.Deployment;
import org.millwright.serving.Deployments;

/** From what was found out about a version's origin to those who answer for it where it serves; nothing is stopped. */
public final class Doubts {
    private final Deployments deployments;
    private final RevokedAssets revoked;
    private final Function<String, Optional<Verdict>> verdicts;
    private final Projects projects;
    private final Alerts alerts;

    /** @param verdicts the newest verdict about a version, by its reference */
    public Doubts(
            Deployments deployments,
            RevokedAssets revoked,
            Function<String, Optional<Verdict>> verdicts,
            Projects projects,
            Alerts alerts) {
        this.deployments = deployments;
        this.revoked = revoked;
        this.verdicts = verdicts;
        this.projects = projects;
        this.alerts = alerts;
    }

    /** Names the reactions of this file. */
    public void register(Outbox outbox) {
        outbox.on("asset.revoked", entry -> deployments.list().forEach(this::origin))
                .on("model.reproduced", this::reproduced)
                .on("deployment.promoted", this::moved)
                .on("deployment.rolled-back", this::moved);
    }

    private void moved(Entry entry) {
        entry.about("deployment:").flatMap(deployments::find).ifPresent(deployment -> {
            origin(deployment);
            again(deployment);
        });
    }

    private void origin(Deployment deployment) {
        List<Revoked> above = subject(deployment).map(revoked::above).orElse(List.of());
        if (above.isEmpty()) {
            alerts.doubtEnds(Clause.REVOCATION, deployment.name(), "what serves comes from nothing that was revoked");
            return;
        }
        Revoked first = above.getFirst();
        alerts.doubt(
                Clause.REVOCATION,
                target(deployment),
                subject(deployment).orElseThrow() + " comes from " + first.subject() + ", which was revoked: "
                        + first.reason() + (above.size() > 1 ? " (and " + (above.size() - 1) + " more)" : "")
                        + ". It serves on; release a version without it",
                projects.investigator(deployment.project()));
    }

    private void reproduced(Entry entry) {
        deployments.list().stream()
                .filter(deployment -> subject(deployment).equals(Optional.of(entry.subject())))
                .forEach(deployment -> {
                    Verdict was = Verdict.valueOf(entry.details().path("before").asText(Verdict.CANNOT_RERUN.name()));
                    Verdict now =
                            Verdict.valueOf(entry.details().path("verdict").asText());
                    if (was.reproduces() && now.isWorseThan(was)) {
                        alerts.doubt(
                                Clause.REPRODUCTION,
                                target(deployment),
                                entry.subject()
                                        + (now.reproduces()
                                                ? " predicts otherwise when it is made again, though within the tolerance"
                                                : " cannot be made again any more")
                                        + " (" + now + ", before " + was + "): "
                                        + entry.details().path("reason").asText(),
                                projects.investigator(deployment.project()));
                    } else if (now.reproduces()) {
                        again(deployment);
                    }
                });
    }

    /** Ends the alert when what serves now was made again, or never was tried. */
    private void again(Deployment deployment) {
        boolean good =
                subject(deployment).flatMap(verdicts).map(Verdict::reproduces).orElse(true);
        if (good) {
            alerts.doubtEnds(
                    Clause.REPRODUCTION, deployment.name(), "what serves can be made again, as far as is known");
        }
    }

    private static Optional<String> subject(Deployment deployment) {
        return deployment.answering().map(version -> "model:" + deployment.model() + "/" + version);
    }

    private static Alerts.Target target(Deployment deployment) {
        return new Alerts.Target(
                deployment.name(),
                deployment.project(),
                deployment.model(),
                deployment.answering().orElseThrow());
    }
}

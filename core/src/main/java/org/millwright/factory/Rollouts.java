package org.millwright.factory;

import java.util.Optional;
import org.millwright.approval.Release;
import org.millwright.approval.Releases;
import org.millwright.identity.Actor;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Entry;
import org.millwright.project.ProjectFile;
import org.millwright.project.Projects;
import org.millwright.project.RolloutPlan;
import org.millwright.registry.ModelVersion;
import org.millwright.registry.Models;
import org.millwright.registry.Versions;
import org.millwright.serving.Deployment;
import org.millwright.serving.Deployments;
import org.millwright.serving.Rollout;
import org.millwright.serving.Target;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** From an approved release to production: staging, canary, and what becomes of them. */
public final class Rollouts {
    /** The alias that points to what is in production. */
    public static final String CHAMPION = "champion";

    private static final Logger LOG = LoggerFactory.getLogger(Rollouts.class);

    private final Releases releases;
    private final Deployments deployments;
    private final Models models;
    private final Versions versions;
    private final Projects projects;

    public Rollouts(Releases releases, Deployments deployments, Models models, Versions versions, Projects projects) {
        this.releases = releases;
        this.deployments = deployments;
        this.models = models;
        this.versions = versions;
        this.projects = projects;
    }

    /** Names the reactions of this file. */
    public void register(Outbox outbox) {
        outbox.on("release.approved", this::rollOut)
                .on("project.approved", this::renewed)
                .on("certificate.revoked", this::revoked)
                .on("deployment.canary-started", this::begun)
                .on("deployment.promoted", entry -> arrived(entry, Release.State.PRODUCTION))
                .on("deployment.rolled-back", entry -> arrived(entry, Release.State.ROLLED_BACK))
                .on("deployment.canary-abandoned", entry -> arrived(entry, Release.State.ROLLED_BACK));
    }

    /** Stages the version and lets it answer its share; what refuses it ends the release. */
    private void rollOut(Entry entry) {
        Release release = releases.get(id(entry.subject(), "release:").orElseThrow());
        if (release.state() != Release.State.APPROVED && release.state() != Release.State.STAGED) {
            return;
        }
        if (!releases.confirm(release.id())) {
            return;
        }
        try {
            stage(release);
        } catch (Problem.Refused | Problem.Conflict | Problem.Denied e) {
            releases.move(Actor.SYSTEM, release.id(), Release.State.FAILED, String.valueOf(e.getMessage()));
        }
    }

    private void stage(Release release) {
        ProjectFile project = projects.requireActive(release.project());
        ModelVersion version = versions.get(Actor.SYSTEM, release.model(), release.version());
        String archive = version.bundle()
                .orElseThrow(() -> new Problem.Refused(version.subject() + " has no bundle", ""))
                .archive();
        String number = Long.toString(release.version());
        var target = new Target(
                release.deployment(),
                release.project(),
                release.model(),
                number,
                archive,
                project.release().smokeRows());
        Deployment staged = deployments.stage(Actor.SYSTEM, target);
        if (staged.production().equals(Optional.of(number))) {
            releases.move(Actor.SYSTEM, release.id(), Release.State.PRODUCTION, "was in production already");
            return;
        }
        releases.move(Actor.SYSTEM, release.id(), Release.State.STAGED, "passed its smoke test");
        Optional<RolloutPlan> plan = project.release().rollout();
        boolean waits =
                staged.rollout() instanceof Rollout.Staged now && now.planned().isEmpty();
        Deployment begun =
                waits && plan.isPresent() ? deployments.begin(Actor.SYSTEM, release.deployment(), plan.get()) : staged;
        if (begun.rollout() instanceof Rollout.Trial) {
            releases.move(Actor.SYSTEM, release.id(), Release.State.CANARY, told(begun));
        }
    }

    private void renewed(Entry entry) {
        id(entry.subject(), "project:").ifPresent(deployments::renewTerms);
    }

    private void revoked(Entry entry) {
        id(entry.subject(), "model:").ifPresent(version -> {
            int slash = version.lastIndexOf('/');
            deployments.withdraw(
                    version.substring(0, slash),
                    version.substring(slash + 1),
                    "its certificate was revoked: "
                            + entry.details().path("reason").asText());
        });
    }

    /** A person began what was staged, or its time came: its release follows. */
    private void begun(Entry entry) {
        Deployment deployment =
                deployments.get(id(entry.subject(), "deployment:").orElseThrow());
        String version = entry.details().path("version").asText();
        releases.cleared(deployment.model(), Long.parseLong(version), deployment.name())
                .filter(release -> release.state() == Release.State.STAGED
                        && deployment.candidate().equals(Optional.of(version)))
                .ifPresent(
                        release -> releases.move(Actor.SYSTEM, release.id(), Release.State.CANARY, told(deployment)));
    }

    private static String told(Deployment deployment) {
        if (!(deployment.rollout() instanceof Rollout.Trial trial)) {
            return "";
        }
        return trial.isShadow()
                ? "is shown " + trial.current().percent() + " % of the requests"
                : (deployment.production().isPresent() ? trial.percent() : 100) + " % of the requests";
    }

    /** A deployment settled: its release and the model's alias follow. */
    private void arrived(Entry entry, Release.State state) {
        String name = id(entry.subject(), "deployment:").orElseThrow();
        Deployment deployment = deployments.get(name);
        String left = entry.details()
                .path("from")
                .asText(entry.details().path("version").asText());
        String version = state == Release.State.PRODUCTION
                ? entry.details().path("version").asText()
                : left;
        settle(deployment, version, state, entry.details().path("reason").asText());
        String replaced = entry.details().path("replaced").asText();
        if (!replaced.isEmpty()) {
            settle(deployment, replaced, Release.State.REPLACED, "version " + version + " took over");
        }
        if (state == Release.State.ROLLED_BACK) {
            deployment
                    .production()
                    .ifPresent(
                            now -> settle(deployment, now, Release.State.PRODUCTION, "version " + version + " left"));
        }
        deployment.production().ifPresent(now -> point(deployment.model(), Long.parseLong(now)));
    }

    private void settle(Deployment deployment, String version, Release.State state, String note) {
        releases.cleared(deployment.model(), Long.parseLong(version), deployment.name())
                .filter(release -> release.state() != state)
                .ifPresent(release -> releases.move(Actor.SYSTEM, release.id(), state, note));
    }

    private void point(String model, long version) {
        boolean there = models.findByAlias(Actor.SYSTEM, model, CHAMPION)
                .filter(found -> found.version() == version)
                .isPresent();
        if (!there) {
            try {
                models.setAlias(Actor.SYSTEM, model, CHAMPION, version);
            } catch (Problem.Refused e) {
                LOG.warn("The alias {} of {} stays: {}", CHAMPION, model, e.getMessage());
            }
        }
    }

    private static Optional<String> id(String subject, String prefix) {
        return subject.startsWith(prefix) ? Optional.of(subject.substring(prefix.length())) : Optional.empty();
    }
}

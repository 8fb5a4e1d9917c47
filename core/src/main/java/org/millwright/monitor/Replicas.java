package org.millwright.monitor;

import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.millwright.identity.Access;
import org.millwright.identity.Actor;
import org.millwright.identity.Permission;
import org.millwright.intake.Profiled;
import org.millwright.intake.Report;
import org.millwright.kernel.Problem;
import org.millwright.registry.ModelVersion;
import org.millwright.registry.Models;
import org.millwright.registry.RegisteredModel;
import org.millwright.registry.Versions;
import org.millwright.scoring.remote.Recorder;
import org.millwright.serving.Deployment;
import org.millwright.serving.Deployments;
import org.millwright.window.References;

/**
 * Takes what scorers in applications profiled into the windows of a deployment.
 *
 * <p>The deployment need not answer here: one that nobody deployed has a model's name, and is watched for that model.
 */
public final class Replicas {
    private final Monitor monitor;
    private final Deployments deployments;
    private final Models models;
    private final Versions versions;
    private final References references;
    private final Access access;
    private final Clock clock;

    public Replicas(
            Monitor monitor,
            Deployments deployments,
            Models models,
            Versions versions,
            References references,
            Access access,
            Clock clock) {
        this.monitor = monitor;
        this.deployments = deployments;
        this.models = models;
        this.versions = versions;
        this.references = references;
        this.access = access;
        this.clock = clock;
    }

    /** Columns whose values, together, make the segments that have profiles of their own: what a scorer splits its rows by. */
    public List<List<String>> segments(Actor by, String deployment) {
        Watching watching = watching(by, deployment);
        access.require(by, Permission.SCORE, watching.project());
        return monitor.measures().segments(watching.project()).groups();
    }

    /** Adds the report to the deployment's window; returns false when it is in it already. */
    public boolean receive(Actor by, String deployment, Report report) {
        Watching watching = watching(by, deployment);
        access.require(by, Permission.SCORE, watching.project());
        if (report.day() > clock.millis() + Recorder.DAY) {
            throw new Problem.Invalid("Field 'day' is " + Instant.ofEpochMilli(report.day())
                    + ", which has not come yet (expected: a day of this server's clock)");
        }
        requireVersion(by, watching.model(), report.version());
        List<List<String>> groups =
                monitor.measures().segments(watching.project()).groups();
        return monitor.merge(
                deployment, watching.project(), watching.model(), Profiled.of(report, deployment, references, groups));
    }

    /** Adds what this process profiled itself, by the version's own reference: there is nothing to read or to check. */
    void add(String deployment, String replica, long sequence, String version, Recorder.Part part) {
        Watching watching = watching(Actor.SYSTEM, deployment);
        Map<String, Profiled.Part> parts = new LinkedHashMap<>();
        part.segments()
                .forEach((name, segment) -> parts.put(name, new Profiled.Part(segment.rows(), segment.profile())));
        var report = new Report(
                replica, sequence, version, part.day(), part.rows(), part.last(), 0, Optional.empty(), List.of());
        monitor.merge(deployment, watching.project(), watching.model(), new Profiled(report, part.profile(), parts));
    }

    private record Watching(String project, String model) {}

    private Watching watching(Actor by, String name) {
        Optional<Deployment> deployed = deployments.find(name);
        if (deployed.isPresent()) {
            return new Watching(deployed.get().project(), deployed.get().model());
        }
        RegisteredModel model = models.get(by, name);
        return model.project()
                .map(project -> new Watching(project, name))
                .orElseThrow(() -> new Problem.NotFound(
                        "No deployment named " + name + ", and no project governs a model of that name",
                        "mw deployment list"));
    }

    private void requireVersion(Actor by, String model, String number) {
        Optional<ModelVersion> version = versions.find(by, model, Long.parseLong(number));
        if (version.flatMap(ModelVersion::bundle).isEmpty()) {
            throw new Problem.NotFound("Model " + model + " has no version " + number + " with a bundle");
        }
    }
}

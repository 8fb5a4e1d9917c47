package org.millwright.app;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.millwright.identity.Actor;
import org.millwright.monitor.signal.Served;
import org.millwright.registry.ModelVersion;
import org.millwright.registry.Versions;
import org.millwright.serving.Counts;
import org.millwright.serving.Deployment;
import org.millwright.serving.Deployments;
import org.millwright.serving.Scorer;
import org.millwright.serving.Traffic;

/** What serving and the registry know of a deployment at the moment, for those who judge it. */
final class Serving implements Function<String, Served> {
    private final Deployments deployments;
    private final Versions versions;
    private final Scorer scorer;

    Serving(Deployments deployments, Versions versions, Scorer scorer) {
        this.deployments = deployments;
        this.versions = versions;
        this.scorer = scorer;
    }

    @Override
    public Served apply(String name) {
        Optional<Deployment> deployment = deployments.find(name);
        Optional<String> production = deployment.flatMap(Deployment::production);
        long registered = production
                .flatMap(version ->
                        versions.find(Actor.SYSTEM, deployment.orElseThrow().model(), Long.parseLong(version)))
                .map(ModelVersion::createdAt)
                .orElse(0L);
        Counts hour = Counts.together(production
                .map(version -> scorer.traffic(name).get(version))
                .map(traffic ->
                        traffic.lastHour().stream().map(Traffic.Slot::counts).toList())
                .orElse(List.of()));
        return new Served(
                production,
                deployment.flatMap(Deployment::halt).isPresent(),
                registered,
                hour.answered() + hour.failed(),
                hour.latency(0.99),
                hour.failedShare(),
                hour.refused());
    }
}

package org.millwright.app;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.millwright.identity.Actor;
import org.millwright.insight.Rates;
import org.millwright.registry.ModelVersion;
import org.millwright.registry.Versions;
import org.millwright.serving.Counts;
import org.millwright.serving.Deployment;
import org.millwright.serving.Deployments;
import org.millwright.serving.Scorer;
import org.millwright.serving.Traffic;
import org.millwright.verdict.Served;

/** What serving and the registry know of a deployment at the moment, for those who judge it. */
final class Serving implements Function<String, Served> {
    private final Deployments deployments;
    private final Versions versions;
    private final Scorer scorer;
    private final Rates rates;
    private final Clock clock;

    Serving(Deployments deployments, Versions versions, Scorer scorer, Rates rates, Clock clock) {
        this.deployments = deployments;
        this.versions = versions;
        this.scorer = scorer;
        this.rates = rates;
        this.clock = clock;
    }

    @Override
    public Served apply(String name) {
        Optional<Deployment> deployment = deployments.find(name);
        Optional<String> production = deployment.flatMap(Deployment::answering);
        long registered = production
                .flatMap(version ->
                        versions.find(Actor.SYSTEM, deployment.orElseThrow().model(), Long.parseLong(version)))
                .map(ModelVersion::createdAt)
                .orElse(0L);
        List<Traffic.Slot> slots = production
                .map(version -> scorer.traffic(name).get(version))
                .map(Traffic::lastHour)
                .orElse(List.of());
        Counts hour = Counts.together(slots.stream().map(Traffic.Slot::counts).toList());
        return new Served(
                production,
                deployment.flatMap(Deployment::halt).isPresent(),
                registered,
                hour.answered() + hour.failed(),
                hour.latency(0.99),
                hour.failedShare(),
                hour.refused(),
                load(slots, hour));
    }

    /** Over the time since the first of these requests, which is an hour at most. */
    private Optional<Served.Load> load(List<Traffic.Slot> slots, Counts hour) {
        if (hour.rows() == 0) {
            return Optional.empty();
        }
        long first = slots.stream().mapToLong(Traffic.Slot::start).min().orElseThrow();
        double seconds = Math.max(Traffic.SLOT, clock.millis() - first) / 1e3;
        double price = seconds / 3600 * rates.servingHour() + hour.rows() / 1e6 * rates.millionPredictions();
        return Optional.of(new Served.Load(
                hour.histogram().seconds() / seconds,
                Runtime.getRuntime().availableProcessors(),
                1_000 * price / hour.rows(),
                rates.currency()));
    }
}

package org.millwright.serving;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.ConcurrentHashMap;
import org.millwright.identity.Actor;
import org.millwright.kernel.Database;
import org.millwright.ledger.Ledger;

/** Carries changes of deployments out: the rows and the ledger in one transaction, then the routes. */
final class Changes {
    private final Database database;
    private final Ledger ledger;
    private final Clock clock;
    private final Bundles bundles;
    private final Scorer scorer;
    private final Terms terms;
    private final DeploymentStore store;
    private final Map<String, Baseline> baselines = new ConcurrentHashMap<>();
    private final Map<String, String> faults = new ConcurrentHashMap<>();

    Changes(
            Database database,
            Ledger ledger,
            Clock clock,
            Bundles bundles,
            Scorer scorer,
            Terms terms,
            DeploymentStore store) {
        this.terms = terms;
        this.database = database;
        this.ledger = ledger;
        this.clock = clock;
        this.bundles = bundles;
        this.scorer = scorer;
        this.store = store;
    }

    /** What had been counted when a step began; after a restart that is nothing. */
    private record Baseline(long since, Map<String, Counts.Snapshot> counts) {}

    /**
     * A change that needs no new version loaded, unless one was lost.
     *
     * @param stages where the change leaves each version
     * @param reason why versions were refused; "" when none was
     */
    Deployment apply(
            Actor by,
            String action,
            Deployment after,
            Map<String, DeployedVersion.Stage> stages,
            String reason,
            ObjectNode details) {
        long now = clock.millis();
        Map<String, Live> missing = load(after);
        database.write(() -> {
            store.save(after);
            stages.forEach((version, stage) -> {
                DeployedVersion known = store.require(after.name(), version);
                boolean left = stage == DeployedVersion.Stage.REFUSED;
                store.save(known.at(stage, left ? reason : "", now));
            });
            String subject = after.candidate()
                    .or(() -> stages.entrySet().stream()
                            .filter(entry -> entry.getValue() == DeployedVersion.Stage.REFUSED)
                            .map(Map.Entry::getKey)
                            .findFirst())
                    .or(after::production)
                    .orElseThrow();
            if (!reason.isEmpty()) {
                details.put("reason", reason);
            }
            note(by, action, after, subject, details);
        });
        route(after, missing);
        return after;
    }

    /** A new version beside the others. */
    Deployment stage(Actor by, Deployment after, DeployedVersion version, Live live, ObjectNode details) {
        database.write(() -> {
            store.save(after);
            store.save(version);
            note(by, "deployment.staged", after, version.version(), details);
        });
        route(after, Map.of(version.version(), live));
        return after;
    }

    /** How the deployment is routed; a new one not at all. */
    private Route known(Deployment after) {
        return scorer.find(after.name()).orElseGet(() -> newRoute(after, Map.of()));
    }

    /** Routes a deployment for the first time, on the terms of its project. */
    Route newRoute(Deployment deployment, Map<String, Live> loaded) {
        scorer.sample(deployment.name(), terms.sampling(deployment.project()));
        return new Route(deployment, loaded, new Limiter(terms.limits(deployment.project())));
    }

    private Map<String, Live> load(Deployment after) {
        var missing = new HashMap<String, Live>();
        Route route = known(after);
        for (String version : Route.used(after)) {
            if (!route.versions().containsKey(version)) {
                missing.put(version, load(after.name(), version));
            }
        }
        return missing;
    }

    Live load(String deployment, String version) {
        DeployedVersion known = database.read(() -> store.require(deployment, version));
        return new Live(version, bundles.load(known.bundle()), new Traffic(clock));
    }

    void note(Actor by, String action, Deployment deployment, String version, ObjectNode details) {
        var subjects = new LinkedHashSet<String>();
        subjects.add(deployment.ref());
        subjects.add("model:" + deployment.model() + "/" + version);
        deployment.production().ifPresent(now -> subjects.add("model:" + deployment.model() + "/" + now));
        deployment.previous().ifPresent(was -> subjects.add("model:" + deployment.model() + "/" + was));
        subjects.add("project:" + deployment.project());
        details.put("version", version);
        deployment.production().ifPresent(now -> details.put("production", now));
        ledger.append(by, action, List.copyOf(subjects), details);
    }

    /** What is wrong with deployments, by name; a change that succeeds ends it. */
    Map<String, String> faults() {
        return Map.copyOf(faults);
    }

    void fault(String deployment, String what) {
        faults.put(deployment, what);
    }

    private void route(Deployment after, Map<String, Live> loaded) {
        faults.remove(after.name());
        Route before = known(after);
        if (after.rollout() instanceof Rollout.Trial trial) {
            var counts = new HashMap<String, Counts.Snapshot>();
            scorer.traffic(after.name())
                    .forEach((version, traffic) ->
                            counts.put(version, traffic.total().snapshot()));
            baselines.put(after.name(), new Baseline(trial.since(), counts));
        } else {
            baselines.remove(after.name());
        }
        scorer.routes().put(before.change(after, loaded));
    }

    /** How many requests a version answered since the step of the trial began, without their times. */
    Evidence.Side counted(String deployment, Rollout.Trial trial, String version, Traffic traffic) {
        Counts.Snapshot before = before(deployment, trial, version);
        Counts now = traffic.total();
        return new Evidence.Side(
                now.answered() - before.answered(), now.failed() - before.failed(), OptionalDouble.empty());
    }

    /** What a version answered since the step of the trial began, or since the server started. */
    Evidence.Side since(Deployment deployment, Rollout.Trial trial, String version) {
        Traffic traffic = scorer.traffic(deployment.name()).get(version);
        if (traffic == null) {
            return Evidence.Side.NOTHING;
        }
        return traffic.total().since(before(deployment.name(), trial, version));
    }

    private Counts.Snapshot before(String deployment, Rollout.Trial trial, String version) {
        Baseline baseline = baselines.get(deployment);
        return baseline == null || baseline.since() != trial.since()
                ? Counts.Snapshot.NOTHING
                : baseline.counts().getOrDefault(version, Counts.Snapshot.NOTHING);
    }
}

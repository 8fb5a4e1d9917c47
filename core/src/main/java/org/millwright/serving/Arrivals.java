package org.millwright.serving;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.millwright.identity.Actor;
import org.millwright.kernel.Database;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Ledger;
import org.millwright.scoring.Signature;

/** How versions come to a deployment: checked, loaded and noted, beside what is there. */
final class Arrivals {
    private final Database database;
    private final Ledger ledger;
    private final DeploymentStore store;
    private final Staging staging;
    private final Scorer scorer;
    private final Changes changes;
    private final Validities validities;
    private final Clock clock;

    Arrivals(
            Database database,
            Ledger ledger,
            DeploymentStore store,
            Staging staging,
            Scorer scorer,
            Changes changes,
            Validities validities,
            Clock clock) {
        this.database = database;
        this.ledger = ledger;
        this.store = store;
        this.staging = staging;
        this.scorer = scorer;
        this.changes = changes;
        this.validities = validities;
        this.clock = clock;
    }

    /** @param known the deployment as it is, if it is there */
    Deployment stage(Actor by, Target target, Optional<Deployment> known) {
        if (known.isPresent() && isThere(known.get(), target)) {
            return known.get();
        }
        requireNotRefused(target);
        Staging.Outcome outcome = tryStaging(by, target);
        var live = new Live(target.version(), outcome.model(), new Traffic(clock));
        try {
            return staged(by, target, known, outcome, live);
        } catch (RuntimeException e) {
            live.retire();
            throw e;
        }
    }

    private Deployment staged(Actor by, Target target, Optional<Deployment> known, Staging.Outcome outcome, Live live) {
        long now = clock.millis();
        Deployment before = known.orElseGet(() -> new Deployment(
                target.deployment(),
                target.project(),
                target.model(),
                Optional.empty(),
                Optional.empty(),
                new Rollout.None(),
                Optional.empty(),
                now,
                now));
        Deployment after =
                before.with(before.production(), before.previous(), new Rollout.Staged(target.version()), now);
        var version = new DeployedVersion(
                target.deployment(),
                target.version(),
                target.bundle(),
                outcome.bundle().digest(),
                DeployedVersion.Stage.STAGED,
                "",
                (int) outcome.smoke().rows(),
                outcome.smoke().largest(),
                by.id(),
                now,
                now);
        var details = Json.object()
                .put("bundle", target.bundle())
                .put("digest", version.digest())
                .put("smokeRows", version.smokeRows())
                .put("smokeLargest", version.smokeLargest())
                .put("tolerance", outcome.smoke().tolerance());
        return changes.stage(by, after, version, live, details);
    }

    private static boolean isThere(Deployment known, Target target) {
        if (!known.model().equals(target.model()) || !known.project().equals(target.project())) {
            throw new Problem.Conflict(
                    "Deployment " + known.name() + " serves model " + known.model() + " of project " + known.project(),
                    "Choose another deployment name.");
        }
        Optional<String> version = Optional.of(target.version());
        if (known.candidate().equals(version) || known.production().equals(version)) {
            return true;
        }
        if (known.candidate().isPresent()) {
            throw new Problem.Conflict(
                    "Deployment " + known.name() + " already tries version "
                            + known.candidate().get(),
                    "Wait for it, or take it back: mw rollback " + known.name() + " --reason …");
        }
        return false;
    }

    private void requireNotRefused(Target target) {
        database.read(() -> store.version(target.deployment(), target.version()))
                .filter(version -> version.stage() == DeployedVersion.Stage.REFUSED)
                .ifPresent(version -> {
                    throw new Problem.Conflict(
                            "Version " + target.version() + " was taken back from " + target.deployment() + ": "
                                    + version.reason(),
                            "Register and release a new version.");
                });
    }

    private Staging.Outcome tryStaging(Actor by, Target target) {
        Optional<Signature> contract =
                scorer.find(target.deployment()).flatMap(Route::contract).map(Live::signature);
        try {
            validities.require(target.model(), target.version());
            return staging.run(target, contract);
        } catch (Problem.Refused e) {
            database.write(() -> {
                ledger.append(
                        by,
                        "deployment.staging-refused",
                        List.of(Deployment.ref(target.deployment()), target.modelRef()),
                        Json.object()
                                .put("version", target.version())
                                .put("bundle", target.bundle())
                                .put("reason", e.getMessage()));
            });
            throw e;
        }
    }
}

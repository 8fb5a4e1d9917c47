package org.millwright.serving;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.millwright.identity.Access;
import org.millwright.identity.Actor;
import org.millwright.identity.Permission;
import org.millwright.kernel.Database;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Ledger;
import org.millwright.scoring.Signature;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings versions into production and back: staging with a smoke test, a canary, promotion, rollback.
 *
 * <p>One change at a time; each is in the ledger before requests see it. A canary that answered enough requests without
 * failing is promoted by itself, one that fails is taken back by itself.
 */
public final class Deployments implements AutoCloseable {
    /** A canary that fails more than this share of its requests is taken back. */
    static final double MOST_FAILED = 0.01;

    private static final Logger LOG = LoggerFactory.getLogger(Deployments.class);

    private final Database database;
    private final Ledger ledger;
    private final Access access;
    private final Clock clock;
    private final Bundles bundles;
    private final Staging staging;
    private final Scorer scorer;
    private final Clearance clearance;
    private final DeploymentStore store;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, String> faults = new ConcurrentHashMap<>();

    public Deployments(
            Database database,
            Ledger ledger,
            Access access,
            Clock clock,
            Bundles bundles,
            Scorer scorer,
            Clearance clearance) {
        this.database = database;
        this.ledger = ledger;
        this.access = access;
        this.clock = clock;
        this.bundles = bundles;
        this.staging = new Staging(bundles);
        this.scorer = scorer;
        this.clearance = clearance;
        this.store = new DeploymentStore(database);
    }

    /** Loads and routes everything that was deployed; what does not load is told by {@link #faults}. */
    public void restore() {
        exclusively(() -> {
            for (Deployment deployment : list()) {
                Map<String, Live> loaded = new HashMap<>();
                for (String version : Route.used(deployment)) {
                    restore(deployment, version).ifPresent(live -> loaded.put(version, live));
                }
                scorer.put(new Route(deployment, loaded));
            }
            scorer.loaded();
            return true;
        });
    }

    private Optional<Live> restore(Deployment deployment, String version) {
        try {
            DeployedVersion known = database.read(() -> store.version(deployment.name(), version))
                    .orElseThrow();
            return Optional.of(new Live(version, bundles.load(known.bundle()), new Traffic(clock)));
        } catch (RuntimeException e) {
            LOG.error("{} version {} does not load", deployment.ref(), version, e);
            faults.put(deployment.name(), "version " + version + " does not load: " + e.getMessage());
            return Optional.empty();
        }
    }

    /** What is wrong with deployments, by name. */
    public Map<String, String> faults() {
        return Map.copyOf(faults);
    }

    /**
     * Loads an approved version beside production and lets it predict recorded rows; it then answers requests that name it.
     *
     * @throws Problem.Refused when the bundle is not as signed, breaks the callers' contract or fails the smoke test
     */
    public Deployment stage(Actor by, Target target) {
        access.require(by, Permission.DEPLOY, target.project());
        clearance.require(target.model(), target.version(), target.bundle());
        return exclusively(() -> {
            Optional<Deployment> known = find(target.deployment());
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
        });
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
        database.write(() -> {
            store.save(after);
            store.save(version);
            note(
                    by,
                    "deployment.staged",
                    after,
                    version,
                    Json.object()
                            .put("bundle", target.bundle())
                            .put("digest", version.digest())
                            .put("smokeRows", version.smokeRows())
                            .put("smokeLargest", version.smokeLargest())
                            .put("tolerance", outcome.smoke().tolerance()));
        });
        route(after, Map.of(target.version(), live));
        return after;
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

    /**
     * Lets the staged version answer a share of the requests.
     *
     * @param percent 1 to 100; all requests while nothing is in production
     * @param minRequests requests that it must answer before it is promoted, at least 1
     */
    public Deployment canary(Actor by, String name, int percent, int minRequests) {
        if (percent < 1 || percent > 100 || minRequests < 1) {
            throw new Problem.Invalid("A canary needs 1 to 100 percent and at least 1 request, got " + percent
                    + " percent and " + minRequests + " requests");
        }
        return exclusively(() -> {
            Deployment before = get(name);
            access.require(by, Permission.DEPLOY, before.project());
            if (before.rollout() instanceof Rollout.Canary) {
                return before;
            }
            if (!(before.rollout() instanceof Rollout.Staged staged)) {
                throw new Problem.Conflict(
                        "Deployment " + name + " has no staged version",
                        "mw release MODEL/VERSION --deployment " + name);
            }
            requireCleared(before, staged.version());
            var canary = new Rollout.Canary(staged.version(), percent, minRequests);
            Deployment after = before.with(before.production(), before.previous(), canary, clock.millis());
            var details = Json.object().put("percent", percent).put("minRequests", minRequests);
            return change(
                    by,
                    "deployment.canary-started",
                    after,
                    Map.of(staged.version(), DeployedVersion.Stage.CANARY),
                    "",
                    details);
        });
    }

    /** Puts the canary into production; refuses before it answered enough requests, or when too many failed. */
    public Deployment promote(Actor by, String name) {
        return exclusively(() -> {
            Deployment before = get(name);
            access.require(by, Permission.DEPLOY, before.project());
            if (!(before.rollout() instanceof Rollout.Canary canary)) {
                throw new Problem.Conflict("Deployment " + name + " has no canary", "mw deployment show " + name);
            }
            requireCleared(before, canary.version());
            Counts counts = counts(name, canary.version());
            if (counts.answered() < canary.minRequests() || counts.failedShare() > MOST_FAILED) {
                throw new Problem.Refused(
                        "Version " + canary.version() + " answered " + counts.answered() + " of " + canary.minRequests()
                                + " requests and failed " + counts.failed(),
                        "Wait for more traffic, or take it back: mw rollback " + name + " --reason …");
            }
            return promoted(by, before, canary, counts);
        });
    }

    private Deployment promoted(Actor by, Deployment before, Rollout.Canary canary, Counts counts) {
        var stages = new HashMap<String, DeployedVersion.Stage>();
        before.previous().ifPresent(version -> stages.put(version, DeployedVersion.Stage.RETIRED));
        before.production().ifPresent(version -> stages.put(version, DeployedVersion.Stage.PREVIOUS));
        stages.put(canary.version(), DeployedVersion.Stage.PRODUCTION);
        Deployment after =
                before.with(Optional.of(canary.version()), before.production(), new Rollout.None(), clock.millis());
        var details = Json.object()
                .put("answered", counts.answered())
                .put("failed", counts.failed())
                .put("percent", canary.percent());
        before.production().ifPresent(version -> details.put("replaced", version));
        return change(by, "deployment.promoted", after, stages, "", details);
    }

    /**
     * Undoes the last step: takes back a staged version or canary, else returns production to the previous version. What is
     * taken back cannot be deployed here again. Needs a reason, no approval.
     */
    public Deployment rollBack(Actor by, String name, String reason) {
        if (reason.isBlank()) {
            throw new Problem.Invalid("A rollback needs a reason", "mw rollback " + name + " --reason …");
        }
        return exclusively(() -> {
            Deployment before = get(name);
            access.require(by, Permission.ROLL_BACK, before.project());
            if (before.candidate().isPresent()) {
                return abandoned(by, before, before.candidate().get(), reason);
            }
            String current = before.production()
                    .orElseThrow(() -> new Problem.Conflict(
                            "Nothing is in production at " + name, "mw release MODEL/VERSION --deployment " + name));
            String previous = before.previous()
                    .orElseThrow(() -> new Problem.Conflict(
                            "Deployment " + name + " has no version before " + current, "mw deployment show " + name));
            Deployment after = before.with(Optional.of(previous), Optional.empty(), new Rollout.None(), clock.millis());
            return change(
                    by,
                    "deployment.rolled-back",
                    after,
                    Map.of(current, DeployedVersion.Stage.REFUSED, previous, DeployedVersion.Stage.PRODUCTION),
                    reason,
                    Json.object().put("from", current));
        });
    }

    private Deployment abandoned(Actor by, Deployment before, String candidate, String reason) {
        Counts counts = counts(before.name(), candidate);
        Deployment after = before.with(before.production(), before.previous(), new Rollout.None(), clock.millis());
        return change(
                by,
                "deployment.canary-abandoned",
                after,
                Map.of(candidate, DeployedVersion.Stage.REFUSED),
                reason,
                Json.object().put("answered", counts.answered()).put("failed", counts.failed()));
    }

    private void requireCleared(Deployment deployment, String version) {
        DeployedVersion known = version(deployment.name(), version);
        clearance.require(deployment.model(), version, known.bundle());
    }

    Counts counts(String name, String version) {
        Traffic traffic = scorer.traffic(name).get(version);
        return traffic == null ? new Counts() : traffic.total();
    }

    /** Saves, notes in the ledger and routes a change that needs no new version loaded. */
    private Deployment change(
            Actor by,
            String action,
            Deployment after,
            Map<String, DeployedVersion.Stage> stages,
            String reason,
            ObjectNode details) {
        long now = clock.millis();
        var missing = new HashMap<String, Live>();
        Route route = scorer.find(after.name()).orElse(new Route(after, Map.of()));
        for (String version : Route.used(after)) {
            if (!route.versions().containsKey(version)) {
                String bundle = version(after.name(), version).bundle();
                missing.put(version, new Live(version, bundles.load(bundle), new Traffic(clock)));
            }
        }
        database.write(() -> {
            store.save(after);
            stages.forEach((version, stage) -> {
                DeployedVersion known = store.version(after.name(), version).orElseThrow();
                boolean left = stage == DeployedVersion.Stage.REFUSED;
                DeployedVersion moved = known.at(stage, left ? reason : "", now);
                store.save(moved);
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
            note(by, action, after, store.version(after.name(), subject).orElseThrow(), details);
        });
        route(after, missing);
        return after;
    }

    private void note(Actor by, String action, Deployment deployment, DeployedVersion version, ObjectNode details) {
        var subjects = new LinkedHashSet<String>();
        subjects.add(deployment.ref());
        subjects.add("model:" + deployment.model() + "/" + version.version());
        deployment.production().ifPresent(now -> subjects.add("model:" + deployment.model() + "/" + now));
        deployment.previous().ifPresent(was -> subjects.add("model:" + deployment.model() + "/" + was));
        subjects.add("project:" + deployment.project());
        details.put("version", version.version());
        deployment.production().ifPresent(now -> details.put("production", now));
        ledger.append(by, action, List.copyOf(subjects), details);
    }

    private void route(Deployment after, Map<String, Live> loaded) {
        faults.remove(after.name());
        Route before = scorer.find(after.name()).orElse(new Route(after, Map.of()));
        scorer.put(before.change(after, loaded));
    }

    public Deployment get(String name) {
        return find(name).orElseThrow(() -> new Problem.NotFound("No deployment named " + name, "mw deployment list"));
    }

    public Optional<Deployment> find(String name) {
        return database.read(() -> store.find(name));
    }

    public List<Deployment> list() {
        return database.read(store::all);
    }

    /** Every version that was ever deployed there, newest first. */
    public List<DeployedVersion> versions(String name) {
        return database.read(() -> store.versions(name));
    }

    public DeployedVersion version(String name, String version) {
        return database.read(() -> store.version(name, version))
                .orElseThrow(() -> new Problem.NotFound("Version " + version + " was never deployed at " + name));
    }

    /** Stops to answer; models are freed when their last request is answered. */
    @Override
    public void close() {
        exclusively(() -> {
            scorer.clear();
            return true;
        });
    }

    private <T> T exclusively(Supplier<T> change) {
        lock.lock();
        try {
            return change.get();
        } finally {
            lock.unlock();
        }
    }
}

package org.millwright.serving;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
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
import org.millwright.project.OnStop;
import org.millwright.project.RolloutPlan;
import org.millwright.scoring.Signature;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings versions into production and back: staging with a smoke test, the steps of a trial, promotion, rollback.
 *
 * <p>One change at a time; each is in the ledger before requests see it. A version that shows what a step asks for goes on
 * by itself, one that does not is taken back by itself.
 */
public final class Deployments implements AutoCloseable {
    private static final String STARTED = "deployment.canary-started";
    private static final Logger LOG = LoggerFactory.getLogger(Deployments.class);

    private final Database database;
    private final Ledger ledger;
    private final Access access;
    private final Clock clock;
    private final Staging staging;
    private final Scorer scorer;
    private final Clearance clearance;
    private final Terms terms;
    private final DeploymentStore store;
    private final Changes changes;
    private final Trials trials;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, String> faults = new ConcurrentHashMap<>();

    /** @param terms what projects declared of how their deployments answer */
    public Deployments(
            Database database,
            Ledger ledger,
            Access access,
            Clock clock,
            Bundles bundles,
            Scorer scorer,
            Clearance clearance,
            Terms terms) {
        this.database = database;
        this.ledger = ledger;
        this.access = access;
        this.clock = clock;
        this.staging = new Staging(bundles);
        this.scorer = scorer;
        this.clearance = clearance;
        this.terms = terms;
        this.store = new DeploymentStore(database);
        this.changes = new Changes(database, ledger, clock, bundles, scorer, terms, store);
        this.trials = new Trials(changes, clock);
    }

    /** Who compares versions by predictions and outcomes; until then roll-outs that ask for it wait. */
    public void compareBy(Comparisons comparisons) {
        trials.compareBy(comparisons);
    }

    /** Loads and routes everything that was deployed; what does not load is told by {@link #faults}. */
    public void restore() {
        exclusively(() -> {
            for (Deployment deployment : list()) {
                Map<String, Live> loaded = new HashMap<>();
                for (String version : Route.used(deployment)) {
                    restore(deployment, version).ifPresent(live -> loaded.put(version, live));
                }
                scorer.put(changes.newRoute(deployment, loaded));
            }
            scorer.loaded();
            return true;
        });
    }

    /** The project's file changed: its deployments are held to what it says now. */
    public void renewTerms(String project) {
        scorer.renew(project, terms.limits(project), terms.sampling(project));
    }

    private Optional<Live> restore(Deployment deployment, String version) {
        try {
            return Optional.of(changes.load(deployment.name(), version));
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
        faults.remove(after.name());
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

    /** Lets the staged version answer a share of the requests until it answered enough: a trial of one step. */
    public Deployment canary(Actor by, String name, int percent, int minRequests) {
        return begin(by, name, RolloutPlan.canary(percent, minRequests));
    }

    /**
     * Tries the staged version as planned; with nothing in production it answers all requests, in one step. A version that is
     * on trial already begins again with the plan, unless it is the same one.
     */
    public Deployment begin(Actor by, String name, RolloutPlan plan) {
        return exclusively(() -> {
            Deployment before = get(name);
            access.require(by, Permission.DEPLOY, before.project());
            if (before.rollout() instanceof Rollout.Trial trial) {
                return trial.plan().equals(Trials.fitting(plan, before))
                        ? before
                        : begun(by, "deployment.plan-changed", before, trial.version(), plan);
            }
            return begun(by, STARTED, before, requireStaged(before), plan);
        });
    }

    /**
     * Tries the staged version as planned from that time on.
     *
     * @param at milliseconds since 1970 UTC
     */
    public Deployment schedule(Actor by, String name, RolloutPlan plan, long at) {
        return exclusively(() -> {
            Deployment before = get(name);
            access.require(by, Permission.DEPLOY, before.project());
            String version = requireStaged(before);
            var staged = new Rollout.Staged(version, Optional.of(new Rollout.Planned(plan, at)));
            Deployment after = before.with(before.production(), before.previous(), staged, clock.millis());
            ObjectNode details = Json.object().put("at", at).set("plan", Json.tree(plan));
            return change(by, "deployment.trial-planned", after, Map.of(), "", details);
        });
    }

    private Deployment begun(Actor by, String action, Deployment before, String version, RolloutPlan plan) {
        requireCleared(before, version);
        var trial = new Rollout.Trial(version, Trials.fitting(plan, before), 0, clock.millis());
        Deployment after = before.with(before.production(), before.previous(), trial, clock.millis());
        return change(by, action, after, Map.of(version, Trials.stage(trial)), "", Trials.step(trial));
    }

    private static String requireStaged(Deployment deployment) {
        if (deployment.rollout() instanceof Rollout.Staged staged) {
            return staged.version();
        }
        throw new Problem.Conflict(
                "Deployment " + deployment.name() + " has no staged version",
                "mw release MODEL/VERSION --deployment " + deployment.name());
    }

    /** Whether a look at the trial could change something: asked at every request, so without the database. */
    boolean isWorthJudging(String name, Rollout.Trial trial) {
        return scorer.find(name)
                .flatMap(route -> Optional.ofNullable(route.versions().get(trial.version())))
                .filter(live -> trials.isWorthJudging(live.traffic(), name, trial))
                .isPresent();
    }

    /** Moves a trial on or takes it back, if it shows enough for that; begins what was planned for a time that has come. */
    public void judge(String name) {
        exclusively(() -> {
            Deployment before = get(name);
            switch (before.rollout()) {
                case Rollout.None none -> {}
                case Rollout.Staged staged ->
                    staged.planned()
                            .filter(planned -> planned.at() <= clock.millis())
                            .ifPresent(
                                    planned -> begun(Actor.SYSTEM, STARTED, before, staged.version(), planned.plan()));
                case Rollout.Trial trial -> judge(before, trial);
            }
            return true;
        });
    }

    private void judge(Deployment before, Rollout.Trial trial) {
        Trials.Look look = trials.look(before, trial);
        if (look.hasFailed()) {
            abandoned(Actor.SYSTEM, before, trial.version(), look.failures(), look.toJson());
        } else if (look.hasPassed() && !trial.current().byHand()) {
            forward(Actor.SYSTEM, before, trial, look);
        }
    }

    /** What is known of a version on trial, and what its step's checks say of that. */
    public record Standing(Evidence evidence, List<Finding> findings) {}

    /** How the trial under way stands, if there is one. */
    public Optional<Standing> standing(Deployment deployment) {
        if (!(deployment.rollout() instanceof Rollout.Trial trial)) {
            return Optional.empty();
        }
        Trials.Look look = trials.show(deployment, trial);
        return Optional.of(new Standing(look.evidence(), look.findings()));
    }

    /** Puts the version on trial one step forward, after the last into production; refuses what has not passed. */
    public Deployment promote(Actor by, String name) {
        return exclusively(() -> {
            Deployment before = get(name);
            access.require(by, Permission.DEPLOY, before.project());
            if (!(before.rollout() instanceof Rollout.Trial trial)) {
                throw new Problem.Conflict("Deployment " + name + " has no canary", "mw deployment show " + name);
            }
            Trials.Look look = trials.look(before, trial);
            if (!look.hasPassed()) {
                throw new Problem.Refused(
                        "Version " + trial.version() + " stays where it is: " + look.open(),
                        "Wait for more traffic, or take it back: mw rollback " + name + " --reason …");
            }
            return forward(by, before, trial, look);
        });
    }

    private Deployment forward(Actor by, Deployment before, Rollout.Trial trial, Trials.Look look) {
        requireCleared(before, trial.version());
        if (trial.isLast()) {
            return promoted(by, before, trial, look);
        }
        Rollout.Trial next = trial.next(clock.millis());
        Deployment after = before.with(before.production(), before.previous(), next, clock.millis());
        ObjectNode details = Trials.step(next);
        details.set("passed", look.toJson());
        return change(by, "deployment.step-passed", after, Map.of(trial.version(), Trials.stage(next)), "", details);
    }

    private Deployment promoted(Actor by, Deployment before, Rollout.Trial trial, Trials.Look look) {
        var stages = new HashMap<String, DeployedVersion.Stage>();
        before.previous().ifPresent(version -> stages.put(version, DeployedVersion.Stage.RETIRED));
        before.production().ifPresent(version -> stages.put(version, DeployedVersion.Stage.PREVIOUS));
        stages.put(trial.version(), DeployedVersion.Stage.PRODUCTION);
        Deployment after =
                before.with(Optional.of(trial.version()), before.production(), new Rollout.None(), clock.millis());
        ObjectNode details = look.toJson().put("percent", trial.percent());
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
                ObjectNode shown = before.rollout() instanceof Rollout.Trial trial
                        ? trials.look(before, trial).toJson()
                        : Json.object();
                return abandoned(by, before, before.candidate().get(), reason, shown);
            }
            String current = before.production()
                    .orElseThrow(() -> new Problem.Conflict(
                            "Nothing is in production at " + name, "mw release MODEL/VERSION --deployment " + name));
            String previous = before.previous()
                    .orElseThrow(() -> new Problem.Conflict(
                            "Deployment " + name + " has no version before " + current, "mw deployment show " + name));
            return returned(by, before, previous, reason);
        });
    }

    private Deployment returned(Actor by, Deployment before, String previous, String reason) {
        String current = before.production().orElseThrow();
        Deployment after = before.with(Optional.of(previous), Optional.empty(), new Rollout.None(), clock.millis());
        return change(
                by,
                "deployment.rolled-back",
                after,
                Map.of(current, DeployedVersion.Stage.REFUSED, previous, DeployedVersion.Stage.PRODUCTION),
                reason,
                Json.object().put("from", current));
    }

    /**
     * Takes the version in production out of use as the project declared: the version before answers, or a constant, or
     * nobody. Needs a reason, no approval.
     */
    public Deployment stop(Actor by, String name, String reason) {
        requireReason(reason, "mw deployment stop " + name + " --reason …");
        return exclusively(() -> {
            Deployment before = get(name);
            access.require(by, Permission.ROLL_BACK, before.project());
            return stopped(by, before, reason);
        });
    }

    private Deployment stopped(Actor by, Deployment before, String reason) {
        String version = before.production()
                .orElseThrow(() -> new Problem.Conflict(
                        "Nothing is in production at " + before.name(), "mw deployment show " + before.name()));
        return switch (terms.onStop(before.project())) {
            case OnStop.Previous previous ->
                before.previous().isPresent()
                        ? returned(by, before, before.previous().get(), reason)
                        : halted(by, before, OptionalDouble.empty(), reason);
            case OnStop.Constant constant -> halted(by, before, OptionalDouble.of(constant.value()), reason);
            case OnStop.Refuse refuse -> halted(by, before, OptionalDouble.empty(), reason);
            case OnStop.AlertOnly alert -> {
                database.write(() -> {
                    changes.note(
                            by,
                            "deployment.stop-noted",
                            before,
                            version,
                            Json.object().put("reason", reason));
                });
                yield before;
            }
        };
    }

    private Deployment halted(Actor by, Deployment before, OptionalDouble constant, String reason) {
        long now = clock.millis();
        Deployment after = before.with(Optional.of(new Halt(constant, reason, by.id(), now)), now);
        ObjectNode details = Json.object();
        constant.ifPresent(value -> details.put("constant", value));
        return change(by, "deployment.stopped", after, Map.of(), reason, details);
    }

    /** Lets the version in production answer again, if it still may. */
    public Deployment resume(Actor by, String name, String reason) {
        requireReason(reason, "mw deployment resume " + name + " --reason …");
        return exclusively(() -> {
            Deployment before = get(name);
            access.require(by, Permission.DEPLOY, before.project());
            if (before.halt().isEmpty()) {
                return before;
            }
            requireCleared(before, before.production().orElseThrow());
            Deployment after = before.with(Optional.empty(), clock.millis());
            return change(by, "deployment.resumed", after, Map.of(), reason, Json.object());
        });
    }

    /** A version must not be used any more, wherever it is: on trial it is taken back, in production it is stopped. */
    public void withdraw(String model, String version, String reason) {
        exclusively(() -> {
            for (Deployment deployment : list()) {
                if (deployment.model().equals(model)) {
                    withdraw(deployment, Optional.of(version), reason);
                }
            }
            return true;
        });
    }

    private void withdraw(Deployment found, Optional<String> version, String reason) {
        Deployment deployment = found;
        if (deployment.candidate().equals(version)) {
            deployment = abandoned(Actor.SYSTEM, deployment, version.orElseThrow(), reason, Json.object());
        }
        if (deployment.previous().equals(version)) {
            Deployment after =
                    deployment.with(deployment.production(), Optional.empty(), deployment.rollout(), clock.millis());
            var stages = Map.of(version.orElseThrow(), DeployedVersion.Stage.REFUSED);
            deployment = change(Actor.SYSTEM, "deployment.previous-withdrawn", after, stages, reason, Json.object());
        }
        if (deployment.production().equals(version) && deployment.halt().isEmpty()) {
            stopped(Actor.SYSTEM, deployment, reason);
        }
    }

    private static void requireReason(String reason, String example) {
        if (reason.isBlank()) {
            throw new Problem.Invalid("A reason is missing", example);
        }
    }

    private Deployment abandoned(Actor by, Deployment before, String candidate, String reason, ObjectNode details) {
        Deployment after = before.with(before.production(), before.previous(), new Rollout.None(), clock.millis());
        return change(
                by,
                "deployment.canary-abandoned",
                after,
                Map.of(candidate, DeployedVersion.Stage.REFUSED),
                reason,
                details);
    }

    private void requireCleared(Deployment deployment, String version) {
        DeployedVersion known = version(deployment.name(), version);
        clearance.require(deployment.model(), version, known.bundle());
    }

    private Deployment change(
            Actor by,
            String action,
            Deployment after,
            Map<String, DeployedVersion.Stage> stages,
            String reason,
            ObjectNode details) {
        Deployment changed = changes.apply(by, action, after, stages, reason, details);
        faults.remove(after.name());
        return changed;
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

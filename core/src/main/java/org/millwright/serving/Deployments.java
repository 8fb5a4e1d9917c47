package org.millwright.serving;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.millwright.identity.Access;
import org.millwright.identity.Actor;
import org.millwright.identity.GovernedAction;
import org.millwright.identity.Permission;
import org.millwright.kernel.Database;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Ledger;
import org.millwright.project.RolloutPlan;
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
    private final Scorer scorer;
    private final Clearance clearance;
    private final Terms terms;
    private final DeploymentStore store;
    private final Changes changes;
    private final Trials trials;
    private final Arrivals arrivals;
    private final Moves moves;
    private final ServingGates gates;
    private final Validities validities;
    private final ReentrantLock lock = new ReentrantLock();

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
        this.scorer = scorer;
        this.clearance = clearance;
        this.terms = terms;
        this.store = new DeploymentStore(database);
        this.changes = new Changes(database, ledger, clock, bundles, scorer, terms, store);
        this.trials = new Trials(changes, clock);
        this.validities = new Validities(clearance, clock);
        this.arrivals = new Arrivals(database, ledger, store, new Staging(bundles), scorer, changes, validities, clock);
        this.gates = new ServingGates(access);
        this.moves = new Moves(database, store, changes, clearance, gates, terms, clock);
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
                scorer.routes().put(changes.newRoute(deployment, loaded));
            }
            scorer.routes().loaded();
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
            changes.fault(deployment.name(), "version " + version + " does not load: " + e.getMessage());
            return Optional.empty();
        }
    }

    /** What is wrong with deployments, by name. */
    public Map<String, String> faults() {
        return changes.faults();
    }

    /**
     * Loads an approved version beside production and lets it predict recorded rows; it then answers requests that name it.
     *
     * @throws Problem.Refused when the bundle is not as signed, breaks the callers' contract or fails the smoke test
     */
    public Deployment stage(Actor by, Target target) {
        access.require(by, Permission.DEPLOY, target.project());
        gates.require(by, GovernedAction.Kind.DEPLOY, target);
        clearance.require(target.model(), target.version(), target.bundle());
        return exclusively(() -> arrivals.stage(by, target, find(target.deployment())));
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
                        : moves.begun(by, "deployment.plan-changed", before, trial.version(), plan);
            }
            String version = requireStaged(before);
            validities.require(before.model(), version);
            return moves.begun(by, STARTED, before, version, plan);
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
            gates.require(by, GovernedAction.Kind.TRAFFIC, before, version, 0);
            validities.require(before.model(), version);
            var staged = new Rollout.Staged(version, Optional.of(new Rollout.Planned(plan, at)));
            Deployment after = before.with(before.production(), before.previous(), staged, clock.millis());
            ObjectNode details = Json.object().put("at", at).set("plan", Json.tree(plan));
            return changes.apply(by, "deployment.trial-planned", after, Map.of(), "", details);
        });
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
                            .ifPresent(planned -> begin(before, staged, planned.plan()));
                case Rollout.Trial trial -> judge(before, trial);
            }
            return true;
        });
    }

    /** What was planned begins, or is given up with its reason: the version stays staged. */
    private void begin(Deployment before, Rollout.Staged staged, RolloutPlan plan) {
        try {
            validities.require(before.model(), staged.version());
            moves.begun(Actor.SYSTEM, STARTED, before, staged.version(), plan);
        } catch (Problem.Refused e) {
            var waiting = new Rollout.Staged(staged.version());
            Deployment after = before.with(before.production(), before.previous(), waiting, clock.millis());
            ObjectNode details = Json.object().put("reason", e.getMessage());
            changes.apply(Actor.SYSTEM, "deployment.trial-not-begun", after, Map.of(), "", details);
        }
    }

    private void judge(Deployment before, Rollout.Trial trial) {
        Trials.Look look = trials.look(before, trial);
        if (look.hasFailed()) {
            moves.abandoned(Actor.SYSTEM, before, trial.version(), look.failures(), look.toJson());
        } else if (look.hasPassed() && !trial.current().byHand()) {
            moves.forward(Actor.SYSTEM, before, trial, look);
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
            return moves.forward(by, before, trial, look);
        });
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
                return moves.abandoned(by, before, before.candidate().get(), reason, shown);
            }
            String current = before.production()
                    .orElseThrow(() -> new Problem.Conflict(
                            "Nothing is in production at " + name, "mw release MODEL/VERSION --deployment " + name));
            String previous = before.previous()
                    .orElseThrow(() -> new Problem.Conflict(
                            "Deployment " + name + " has no version before " + current, "mw deployment show " + name));
            return moves.returned(by, before, previous, reason);
        });
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
            return moves.stopped(by, before, reason);
        });
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
            String resumed = before.production().orElseThrow();
            gates.require(by, GovernedAction.Kind.TRAFFIC, before, resumed, 100);
            moves.requireCleared(before, resumed);
            Deployment after = before.with(Optional.empty(), clock.millis());
            return changes.apply(by, "deployment.resumed", after, Map.of(), reason, Json.object());
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
            deployment = moves.abandoned(Actor.SYSTEM, deployment, version.orElseThrow(), reason, Json.object());
        }
        if (deployment.previous().equals(version)) {
            deployment = moves.previousWithdrawn(deployment, version.orElseThrow(), reason);
        }
        if (deployment.production().equals(version) && deployment.halt().isEmpty()) {
            moves.stopped(Actor.SYSTEM, deployment, reason);
        }
    }

    private static void requireReason(String reason, String example) {
        if (reason.isBlank()) {
            throw new Problem.Invalid("A reason is missing", example);
        }
    }

    /** Until when the version in production may be deployed anew; it goes on to serve after that. */
    public Optional<Instant> validUntil(Deployment deployment) {
        return deployment.production().flatMap(version -> validities.shown(deployment.model(), version));
    }

    /** The stage of its project that a deployment belongs to. */
    public String stage(Deployment deployment) {
        return terms.stage(deployment.project(), deployment.name());
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
        return database.read(() -> store.require(name, version));
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

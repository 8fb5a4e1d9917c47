package org.millwright.serving;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.millwright.kernel.Json;
import org.millwright.project.RolloutPlan;

/** What versions on trial show. */
final class Trials {
    private static final long PAUSE_NANOS = 200_000_000L;

    private final Changes changes;
    private final Clock clock;
    private final Map<String, Long> looked = new ConcurrentHashMap<>();
    private volatile Comparisons comparisons = (deployment, candidate, production, since, measure) -> Optional.empty();

    Trials(Changes changes, Clock clock) {
        this.changes = changes;
        this.clock = clock;
    }

    void compareBy(Comparisons given) {
        comparisons = given;
    }

    /** What was seen of a trial at a moment, and what its step's checks say of that. */
    record Look(Evidence evidence, List<Finding> findings) {
        boolean hasPassed() {
            return findings.stream().allMatch(finding -> finding.state() == Finding.State.PASSED);
        }

        boolean hasFailed() {
            return findings.stream().anyMatch(finding -> finding.state() == Finding.State.FAILED);
        }

        String failures() {
            return texts(Finding.State.FAILED);
        }

        /** What has not passed. */
        String open() {
            return hasFailed() ? failures() : texts(Finding.State.WAITING);
        }

        private String texts(Finding.State state) {
            return findings.stream()
                    .filter(finding -> finding.state() == state)
                    .map(Finding::text)
                    .collect(Collectors.joining("; "));
        }

        ObjectNode toJson() {
            ObjectNode json = Json.object()
                    .put("answered", evidence.candidate().answered())
                    .put("failed", evidence.candidate().failed());
            json.set("evidence", Json.tree(evidence));
            json.set("findings", Json.tree(findings));
            return json;
        }
    }

    /** For a verdict: what no check asks for is not measured. */
    Look look(Deployment deployment, Rollout.Trial trial) {
        return look(deployment, trial, trial.plan().checks().compare());
    }

    /** For people: with all that can be compared. */
    Look show(Deployment deployment, Rollout.Trial trial) {
        return look(deployment, trial, true);
    }

    private Look look(Deployment deployment, Rollout.Trial trial, boolean compare) {
        Optional<Evidence.Comparison> comparison = compare
                ? deployment
                        .production()
                        .flatMap(production -> comparisons.compare(
                                deployment.name(),
                                trial.version(),
                                production,
                                trial.since(),
                                trial.plan()
                                        .checks()
                                        .metric()
                                        .map(RolloutPlan.Metric::measure)
                                        .orElse(RolloutPlan.Measure.MSE)))
                : Optional.empty();
        var evidence = new Evidence(
                changes.since(deployment, trial, trial.version()),
                deployment.production().map(version -> changes.since(deployment, trial, version)),
                clock.millis() - trial.since(),
                comparison);
        return new Look(evidence, Checking.findings(trial.plan(), trial.step(), evidence));
    }

    /** Whether a request of the version may have decided the step; after that only now and then. */
    boolean isWorthJudging(Traffic traffic, String name, Rollout.Trial trial) {
        Evidence.Side side = changes.counted(name, trial, trial.version(), traffic);
        boolean enough = side.answered() >= trial.current().minRequests()
                || side.failed() > 0
                        && side.all() >= Math.min(Checking.FEW, trial.current().minRequests());
        if (!enough) {
            return false;
        }
        long now = System.nanoTime();
        String key = name + "/" + trial.version() + "/" + trial.step();
        Long last = looked.get(key);
        if (last != null && now - last < PAUSE_NANOS) {
            return false;
        }
        looked.keySet().removeIf(old -> old.startsWith(name + "/") && !old.equals(key));
        looked.put(key, now);
        return true;
    }

    /** The plan for this deployment: nothing in production means nothing to compare with and no answers but the version's. */
    static RolloutPlan fitting(RolloutPlan plan, Deployment deployment) {
        if (deployment.production().isPresent()) {
            return plan;
        }
        int requests = plan.steps().stream()
                .filter(step -> step.mode() == RolloutPlan.Mode.LIVE)
                .mapToInt(RolloutPlan.Step::minRequests)
                .findFirst()
                .orElse(plan.steps().getFirst().minRequests());
        return new RolloutPlan(List.of(RolloutPlan.Step.live(100, requests)), plan.checks(), plan.stickyBy());
    }

    static DeployedVersion.Stage stage(Rollout.Trial trial) {
        return trial.isShadow() ? DeployedVersion.Stage.SHADOW : DeployedVersion.Stage.CANARY;
    }

    /** The step for the ledger. */
    static ObjectNode step(Rollout.Trial trial) {
        ObjectNode json = Json.object()
                .put("step", trial.step() + 1)
                .put("steps", trial.plan().steps().size())
                .put("percent", trial.percent())
                .put("minRequests", trial.current().minRequests());
        json.set("plan", Json.tree(trial.plan()));
        return json;
    }
}

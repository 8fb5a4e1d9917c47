package org.millwright.web.ui;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.millwright.alert.Alert;
import org.millwright.alert.Alerts;
import org.millwright.approval.Finding;
import org.millwright.approval.Findings;
import org.millwright.identity.Access;
import org.millwright.identity.Actor;
import org.millwright.identity.Permission;
import org.millwright.pipeline.PipelineRun;
import org.millwright.pipeline.RecentRuns;
import org.millwright.pipeline.StepAttempt;
import org.millwright.pipeline.StepStatus;
import org.millwright.serving.Deployment;
import org.millwright.serving.Deployments;
import org.millwright.serving.Scorer;

/** What an ML engineer looks after: endpoints, roll-outs on their way, alerts, runs that work, findings that are due. */
public final class ProductionDesk {
    private static final int MOST = 10;

    private final Deployments deployments;
    private final Scorer scorer;
    private final Alerts alerts;
    private final RecentRuns runs;
    private final Findings findings;
    private final Access access;

    public ProductionDesk(
            Deployments deployments, Scorer scorer, Alerts alerts, RecentRuns runs, Findings findings, Access access) {
        this.deployments = deployments;
        this.scorer = scorer;
        this.alerts = alerts;
        this.runs = runs;
        this.findings = findings;
        this.access = access;
    }

    /**
     * A deployment with who answers its requests.
     *
     * @param alerts open ones that somebody is notified of
     * @param fault why it does not answer; "" when it does
     */
    public record Endpoint(Deployment deployment, List<DeploymentPages.Share> shares, int alerts, String fault) {}

    /** A version on its way into production, and what it waits for. */
    public record RollOut(Deployment deployment, String lead, List<org.millwright.serving.Finding> waits) {}

    /** A run with what of it works now, and how far it is. */
    public record Working(PipelineRun run, String step, int done, int steps) {}

    /** What is there to see; of alerts and findings the most urgent few. */
    public record View(
            List<Endpoint> endpoints,
            List<RollOut> rollOuts,
            List<Alert> alerts,
            int open,
            List<Working> queue,
            List<Finding> findings,
            int due) {
        /** The state in a sentence. */
        public String lead() {
            if (endpoints.isEmpty()) {
                return "Nothing answers requests yet.";
            }
            long broken = endpoints.stream()
                    .filter(endpoint -> !endpoint.fault().isEmpty())
                    .count();
            return HomePages.count(endpoints.size(), "endpoint")
                    + (broken == 0 ? "" : ", " + broken + " of them not answering")
                    + "; "
                    + (open == 0 ? "no open alert" : HomePages.count(open, "open alert"))
                    + "; "
                    + (rollOuts.isEmpty() ? "no roll-out" : HomePages.count(rollOuts.size(), "roll-out"))
                    + " in progress; "
                    + (queue.isEmpty() ? "no run" : HomePages.count(queue.size(), "run"))
                    + " at work"
                    + (due == 0 ? "." : "; " + HomePages.count(due, "open finding") + ".");
        }
    }

    View view(Actor by, long now) {
        List<Alert> open = alerts.list(by, Optional.empty(), Optional.empty(), true).stream()
                .sorted(Comparator.comparing(Alert::quiet)
                        .thenComparing(alert -> alert.state() != Alert.State.OPEN)
                        .thenComparing(Alert::raisedAt, Comparator.reverseOrder()))
                .toList();
        var loud = new HashMap<String, Integer>();
        open.stream().filter(alert -> !alert.quiet()).forEach(alert -> loud.merge(alert.deployment(), 1, Integer::sum));
        List<Deployment> readable = deployments.list().stream()
                .filter(each -> access.allows(by, Permission.READ, Optional.of(each.project())))
                .toList();
        List<Finding> due = findings.list(by).stream()
                .filter(finding -> finding.isOpen(now))
                .sorted(Comparator.comparingLong(Finding::dueAt))
                .toList();
        return new View(
                endpoints(readable, loud),
                rollOuts(readable),
                open.stream().limit(MOST).toList(),
                open.size(),
                queue(by),
                due.stream().limit(MOST).toList(),
                due.size());
    }

    private List<Endpoint> endpoints(List<Deployment> readable, Map<String, Integer> loud) {
        Map<String, String> faults = deployments.faults();
        return readable.stream()
                .map(deployment -> new Endpoint(
                        deployment,
                        DeploymentPages.shares(deployment, scorer),
                        loud.getOrDefault(deployment.name(), 0),
                        faults.getOrDefault(
                                deployment.name(),
                                deployment
                                        .halt()
                                        .map(halt -> "stopped: " + halt.reason())
                                        .orElse(""))))
                .toList();
    }

    private List<RollOut> rollOuts(List<Deployment> readable) {
        var found = new ArrayList<RollOut>();
        for (Deployment deployment : readable) {
            Optional<Challenge> trial = Challenge.of(deployment, deployments, scorer);
            if (trial.isPresent()) {
                List<org.millwright.serving.Finding> waits = trial.get().findings().stream()
                        .filter(finding -> finding.state() != org.millwright.serving.Finding.State.PASSED)
                        .toList();
                found.add(new RollOut(deployment, trial.get().lead(), waits));
            } else if (deployment.candidate().isPresent()) {
                found.add(new RollOut(
                        deployment,
                        "Version " + deployment.candidate().get()
                                + " is staged and waits for its trial: mw deployment roll-out " + deployment.name()
                                + " --strategy canary",
                        List.of()));
            }
        }
        return found;
    }

    private List<Working> queue(Actor by) {
        List<PipelineRun> working = runs.working(by);
        Map<String, List<StepAttempt>> steps = runs.steps(working);
        return working.stream()
                .map(run -> working(run, steps.getOrDefault(run.id(), List.of())))
                .toList();
    }

    private static Working working(PipelineRun run, List<StepAttempt> steps) {
        String now = steps.stream()
                .filter(step -> step.status() == StepStatus.RUNNING)
                .map(StepAttempt::step)
                .reduce((one, other) -> one + ", " + other)
                .orElse("waits");
        int done = (int) steps.stream().filter(step -> step.status().isDone()).count();
        return new Working(run, now, done, steps.size());
    }
}

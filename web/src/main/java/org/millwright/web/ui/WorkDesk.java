package org.millwright.web.ui;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.millwright.gate.Gates;
import org.millwright.gate.Judgement;
import org.millwright.gate.Verdict;
import org.millwright.identity.Actor;
import org.millwright.identity.GovernedAction;
import org.millwright.identity.User;
import org.millwright.identity.Users;
import org.millwright.kernel.Problem;
import org.millwright.pipeline.LogLine;
import org.millwright.pipeline.PipelineRun;
import org.millwright.pipeline.PipelineRuns;
import org.millwright.pipeline.RecentRuns;
import org.millwright.pipeline.RunStatus;
import org.millwright.pipeline.StepAttempt;
import org.millwright.pipeline.StepStatus;
import org.millwright.policy.Policies;
import org.millwright.policy.Policy;
import org.millwright.policy.Requirement;
import org.millwright.project.ProjectFile;
import org.millwright.project.Projects;

/** What a data scientist works on: own runs against the champion, the log of what failed, what the gates will ask. */
public final class WorkDesk {
    private static final int RUNS = 6;
    private static final int LINES = 14;
    private static final int PROJECTS = 3;

    private final PipelineRuns pipelineRuns;
    private final RecentRuns recent;
    private final TrackedRuns tracked;
    private final Gates gates;
    private final Policies policies;
    private final Projects projects;
    private final Users users;

    public WorkDesk(
            PipelineRuns pipelineRuns,
            RecentRuns recent,
            TrackedRuns tracked,
            Gates gates,
            Policies policies,
            Projects projects,
            Users users) {
        this.pipelineRuns = pipelineRuns;
        this.recent = recent;
        this.tracked = tracked;
        this.gates = gates;
        this.policies = policies;
        this.projects = projects;
        this.users = users;
    }

    /**
     * A run of a pipeline or of a script.
     *
     * @param where project or experiment that it belongs to
     * @param figure the metric to speak of, with its value; "" when nothing was measured
     * @param champion what the version in production has; "" when there is none, or it was not measured
     * @param verdict 1 better than the champion, -1 worse, else 0
     * @param gate how many of a gate's rules passed; "" when none judged
     */
    public record Row(
            String href,
            String name,
            String where,
            String tone,
            String state,
            long at,
            String figure,
            String champion,
            int verdict,
            String gate) {}

    /**
     * What stopped the newest run that did not come to its end.
     *
     * @param reason why, with what to do where a gate said so
     */
    public record Failure(PipelineRun run, String step, String reason, List<LogLine> log) {}

    /** Something that must be true of a version before it goes further, and whether it was the last time. */
    public record Asked(String name, String check, String remedy, Optional<Verdict.Outcome> last) {}

    /** What a project's gates ask, by who asks. */
    public record Gate(String project, Map<String, List<Asked>> asked) {}

    /** What is there to see. */
    public record View(List<Row> runs, Optional<Failure> failure, List<Gate> gates, String fault) {
        /** The state in a sentence. */
        public String lead() {
            if (runs.isEmpty()) {
                return "You have no run yet.";
            }
            Row newest = runs.getFirst();
            String against = switch (newest.verdict()) {
                case 1 -> "better than the champion (" + newest.figure() + " against " + newest.champion() + ")";
                case -1 -> "worse than the champion (" + newest.figure() + " against " + newest.champion() + ")";
                default -> newest.figure().isEmpty() ? "without a measured metric" : newest.figure();
            };
            return "Your newest run, " + newest.name() + ", is " + newest.state() + ": " + against + "."
                    + failure.map(failed -> " Step " + failed.step() + " of "
                                    + failed.run().pipeline() + " stopped a run.")
                            .orElse("");
        }
    }

    View view(Actor by) {
        Set<String> people = people(by);
        List<PipelineRun> own = recent.startedBy(by, people, RUNS);
        Map<String, List<StepAttempt>> steps = recent.steps(own);
        var judged = new HashMap<String, Judgement>();
        own.forEach(run -> gates.about(run.ref()).stream()
                .reduce((older, newer) -> newer)
                .ifPresent(judgement -> judged.put(run.id(), judgement)));
        var rows = new ArrayList<Row>();
        own.forEach(run -> rows.add(row(run, Optional.ofNullable(judged.get(run.id())))));
        rows.addAll(tracked.of(by, people, RUNS));
        rows.sort(Comparator.comparingLong(Row::at).reversed());
        var fault = new StringBuilder();
        List<Policy> inForce = inForce(fault);
        return new View(
                rows.stream().limit(RUNS).toList(),
                failure(own, steps, judged),
                gates(by, own, judged, inForce),
                fault.toString());
    }

    /** The person's accounts and machine users: what those started is theirs. */
    private Set<String> people(Actor by) {
        var ids = new LinkedHashSet<String>();
        ids.add(by.id());
        users.accounts(by.id()).stream().map(User::id).forEach(ids::add);
        return ids;
    }

    private Row row(PipelineRun run, Optional<Judgement> judgement) {
        Optional<JsonNode> inputs = judgement.map(gates::inputs);
        Optional<Evaluation.Row> telling =
                inputs.stream().flatMap(seen -> Evaluation.rows(seen).stream()).findFirst();
        return new Row(
                Links.of(run.ref()),
                run.pipeline() + " " + Text.brief(run.id()),
                run.project(),
                Tones.of(run.status()),
                run.status().text(),
                run.createdAt(),
                telling.map(row -> row.metric() + " " + Text.number(row.value()))
                        .orElse(""),
                telling.filter(row -> !Double.isNaN(row.champion()))
                        .map(row -> Text.number(row.champion()))
                        .orElse(""),
                telling.map(Evaluation.Row::verdict).orElse(0),
                judgement
                        .map(seen ->
                                seen.verdicts().stream().filter(Verdict::passed).count() + " of "
                                        + seen.verdicts().size())
                        .orElse(""));
    }

    /** The newest run that failed, unless the same pipeline came to its end since. */
    private Optional<Failure> failure(
            List<PipelineRun> own, Map<String, List<StepAttempt>> steps, Map<String, Judgement> judged) {
        for (PipelineRun run : own) {
            boolean failed = run.status() == RunStatus.FAILED || run.status() == RunStatus.REFUSED;
            boolean newer = own.stream()
                    .takeWhile(other -> !other.id().equals(run.id()))
                    .anyMatch(other -> other.pipeline().equals(run.pipeline())
                            && other.project().equals(run.project()));
            if (failed && !newer) {
                return steps.getOrDefault(run.id(), List.of()).stream()
                        .filter(step -> step.status() == StepStatus.FAILED || step.status() == StepStatus.REFUSED)
                        .findFirst()
                        .map(step -> failure(run, step, judged));
            }
        }
        return Optional.empty();
    }

    private Failure failure(PipelineRun run, StepAttempt step, Map<String, Judgement> judged) {
        String reason = Optional.ofNullable(judged.get(run.id()))
                .filter(judgement -> step.status() == StepStatus.REFUSED)
                .map(Judgement::failures)
                .orElse("");
        return new Failure(
                run,
                step.step(),
                reason.isEmpty() ? step.error() : reason,
                pipelineRuns.tail(run.id(), step.step(), step.attempt(), LINES));
    }

    /** What is in force; a database that was altered is told, and does not take the page away. */
    private List<Policy> inForce(StringBuilder fault) {
        try {
            return policies.inForce();
        } catch (Problem.Refused e) {
            fault.append(e.getMessage());
            return List.of();
        }
    }

    private List<Gate> gates(Actor by, List<PipelineRun> own, Map<String, Judgement> judged, List<Policy> inForce) {
        var names = new LinkedHashSet<String>();
        own.forEach(run -> names.add(run.project()));
        names.addAll(users.projectsOf(by.id()));
        var found = new ArrayList<Gate>();
        for (String name : names) {
            Optional<ProjectFile> file = projects.file(name);
            if (found.size() < PROJECTS && file.isPresent()) {
                var asked = new LinkedHashMap<String, List<Asked>>();
                own.stream()
                        .filter(run -> run.project().equals(name))
                        .flatMap(run -> Optional.ofNullable(judged.get(run.id())).stream())
                        .findFirst()
                        .ifPresent(last -> asked.put("the pipeline", ofPipeline(last)));
                inForce.stream()
                        .filter(policy -> counts(policy, file.get()))
                        .forEach(policy -> asked.put("policy " + policy.name(), ofPolicy(policy)));
                found.add(new Gate(name, asked));
            }
        }
        return found;
    }

    private static boolean counts(Policy policy, ProjectFile file) {
        return java.util.Arrays.stream(GovernedAction.Kind.values())
                .anyMatch(action ->
                        policy.appliesTo().matches(action, "", file.riskTier().text(), false));
    }

    private static List<Asked> ofPipeline(Judgement last) {
        return last.verdicts().stream()
                .map(verdict -> new Asked(
                        verdict.rule().name(),
                        verdict.rule().check(),
                        verdict.rule().fix(),
                        Optional.of(verdict.outcome())))
                .toList();
    }

    private static List<Asked> ofPolicy(Policy policy) {
        return policy.requirements().stream().map(WorkDesk::asked).toList();
    }

    private static Asked asked(Requirement requirement) {
        return new Asked(requirement.name(), requirement.check(), requirement.remedy(), Optional.empty());
    }
}

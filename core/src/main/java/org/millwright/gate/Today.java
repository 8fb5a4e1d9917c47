package org.millwright.gate;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.millwright.approval.Release;
import org.millwright.approval.Releases;
import org.millwright.identity.Actor;
import org.millwright.identity.GovernedAction;
import org.millwright.kernel.Problem;
import org.millwright.pipeline.Pipeline;
import org.millwright.pipeline.PipelineRun;
import org.millwright.policy.Policy;
import org.millwright.registry.ModelVersion;
import org.millwright.registry.Versions;

/**
 * Why what was approved would not pass today: its evidence and what stands against it, and what rules ask by now that they
 * did not ask then. It touches nothing that is deployed.
 */
public final class Today {
    private final Releases releases;
    private final Versions versions;
    private final Gates gates;
    private final PolicyGate gate;
    private final Function<String, Optional<PipelineRun>> runs;
    private final BiFunction<String, String, Optional<Pipeline>> pipelines;

    /**
     * @param runs finds a run of a pipeline by its id
     * @param pipelines the newest text of a project's pipeline, by the names of both
     */
    public Today(
            Releases releases,
            Versions versions,
            Gates gates,
            PolicyGate gate,
            Function<String, Optional<PipelineRun>> runs,
            BiFunction<String, String, Optional<Pipeline>> pipelines) {
        this.releases = releases;
        this.versions = versions;
        this.gates = gates;
        this.gate = gate;
        this.runs = runs;
        this.pipelines = pipelines;
    }

    /** Each reason in a sentence; none for a release that was not approved, or did not last. */
    public List<String> of(Release release) {
        if (!Releases.isCleared(release)) {
            return List.of();
        }
        var reasons = new ArrayList<>(releases.today(release));
        rules(release, reasons);
        policies(release, reasons);
        return reasons;
    }

    /** Rules of the pipeline's gate that are not those that judged it, on what they saw then. */
    private void rules(Release release, List<String> reasons) {
        Optional<PipelineRun> made = versions.find(Actor.SYSTEM, release.model(), release.version())
                .flatMap(ModelVersion::runLink)
                .filter(ref -> ref.startsWith("run:"))
                .flatMap(ref -> runs.apply(ref.substring("run:".length())));
        Optional<Judgement> judged = made.map(PipelineRun::ref).flatMap(this::judged);
        Optional<Pipeline> now = made.flatMap(run -> pipelines.apply(run.project(), run.pipeline()));
        if (judged.isEmpty() || now.isEmpty()) {
            return;
        }
        Set<String> then = judged.get().verdicts().stream()
                .map(verdict -> verdict.rule().check())
                .collect(Collectors.toSet());
        JsonNode inputs = gates.inputs(judged.get());
        GateStep.rules(now.get(), made.get().parameters()).stream()
                .filter(rule -> !then.contains(rule.check()))
                .map(rule -> Rules.judge(rule, inputs))
                .filter(verdict -> !verdict.passed())
                .forEach(verdict -> reasons.add("The pipeline's gate asks another thing by now: "
                        + verdict.rule().name() + " (" + verdict.rule().check() + ")"
                        + (verdict.detail().isEmpty()
                                ? " does not hold"
                                : " could not be decided, as " + verdict.detail())));
    }

    private Optional<Judgement> judged(String run) {
        List<Judgement> judgements = gates.about(run);
        return judgements.isEmpty() ? Optional.empty() : Optional.of(judgements.getLast());
    }

    /** Policies in force that are not those that let it be deployed, on what the record holds now. */
    private void policies(Release release, List<String> reasons) {
        GovernedAction deploy = release.deploy();
        try {
            List<Policy> since = gate.since(deploy);
            if (since.isEmpty()) {
                return;
            }
            var seen = Policy.language().facts(gate.inputs(Actor.SYSTEM, deploy));
            for (Policy policy : since) {
                policy.judge(seen).stream()
                        .filter(finding -> !finding.outcome().passed())
                        .forEach(finding -> reasons.add("Policy " + policy.name() + " is another one by now and asks: "
                                + finding.requirement().name() + " ("
                                + finding.requirement().check() + ")"));
            }
        } catch (Problem.Refused e) {
            reasons.add(String.valueOf(e.getMessage()));
        }
    }
}

package org.millwright.pipeline;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.millwright.identity.Actor;
import org.millwright.kernel.Json;
import org.millwright.ledger.Ledger;
import org.millwright.lineage.Edges;
import org.millwright.pipeline.RunMachine.Command;

/** How far runs are: the states that {@link RunMachine} moves, stored and told to the ledger within the caller's transaction. */
final class RunProgress {
    private static final int LONGEST_ERROR = 2000;

    private final RunStore store;
    private final Ledger ledger;
    private final Edges edges;
    private final Clock clock;

    RunProgress(RunStore store, Ledger ledger, Edges edges, Clock clock) {
        this.store = store;
        this.ledger = ledger;
        this.edges = edges;
        this.clock = clock;
    }

    /** The run as it is stored. */
    RunState state(PipelineRun run, Pipeline pipeline) {
        var newest = store.newest(run.id());
        var lost = new HashMap<String, Integer>();
        store.attempts(run.id()).stream()
                .filter(attempt -> attempt.status() == StepStatus.LOST)
                .forEach(attempt -> lost.merge(attempt.step(), 1, Integer::sum));
        var steps = new LinkedHashMap<String, RunState.StepState>();
        pipeline.steps().forEach(step -> {
            StepAttempt attempt = newest.get(step.id());
            steps.put(
                    step.id(),
                    new RunState.StepState(
                            attempt == null ? StepStatus.WAITING : attempt.status(),
                            attempt == null ? 1 : attempt.attempt(),
                            lost.getOrDefault(step.id(), 0)));
        });
        return new RunState(pipeline.graph(), run.status(), steps);
    }

    /** Stores what changed of the steps. */
    void save(PipelineRun run, Pipeline pipeline, Optional<RunState> before, RunState after) {
        int position = 0;
        for (Step step : pipeline.steps()) {
            RunState.StepState now = after.step(step.id());
            boolean same = before.map(old -> old.step(step.id()).equals(now)).orElse(false);
            if (!same) {
                store.setStep(run, position, step.id(), now.attempt(), step.kind(), now.status());
                if (now.status() == StepStatus.RUNNING) {
                    store.setStarted(run.id(), step.id(), now.attempt(), clock.millis());
                }
            }
            position++;
        }
    }

    /** Stores the run's end, if the decision is that; returns what is to do after the transaction. */
    List<Command> finish(PipelineRun run, RunMachine.Decision decision) {
        for (Command command : decision.commands()) {
            if (command instanceof Command.Finish finish) {
                String error = store.newest(run.id()).values().stream()
                        .filter(attempt ->
                                !attempt.error().isEmpty() && !attempt.status().isDone())
                        .map(attempt -> attempt.step() + ": " + attempt.error())
                        .findFirst()
                        .orElse("");
                store.setStatus(run.id(), finish.status(), error, clock.millis());
                ledger.append(
                        Actor.SYSTEM,
                        "pipeline-run.ended",
                        run.subjects(),
                        Json.object().put("status", finish.status().text()).put("error", cut(error)));
            }
        }
        return decision.commands();
    }

    /** Stores how an attempt ended, and what it read and made. */
    void ended(StepContext context, StepExecutor.Ending ending) {
        PipelineRun run = context.run();
        String step = context.step().id();
        int attempt = context.attempt();
        ObjectNode details = Json.object().put("step", step).put("attempt", attempt);
        switch (ending) {
            case StepExecutor.Ending.Made made -> {
                store.setOutputs(run.id(), step, attempt, made.outputs(), made.summary(), null);
                details.put("status", "succeeded").set("outputs", digests(made.outputs()));
                edges.record(run.id(), read(context), Assets.made(made.outputs()));
                edges.record(run.id(), Assets.scored(made.outputs()), Assets.made(made.outputs()));
            }
            case StepExecutor.Ending.Reused reused -> {
                StepAttempt from = reused.from();
                store.setOutputs(run.id(), step, attempt, from.outputs(), from.summary(), from.ref());
                edges.record(run.id(), read(context), Assets.made(from.outputs()));
                edges.record(run.id(), Assets.scored(from.outputs()), Assets.made(from.outputs()));
                details.put("status", "reused").put("from", from.ref()).set("outputs", digests(from.outputs()));
            }
            case StepExecutor.Ending.Broke broke ->
                details.put("status", broke.refused() ? "refused" : "failed").put("error", cut(broke.error()));
        }
        String error = ending instanceof StepExecutor.Ending.Broke broke ? broke.error() : "";
        store.setEnded(run.id(), step, attempt, clock.millis(), error);
        ledger.append(context.actor(), "pipeline-run.step-ended", run.ref(), details);
    }

    /** What went in: the environment too, where the step's key names one. */
    private List<String> read(StepContext context) {
        var refs = new ArrayList<>(Assets.read(context));
        Optional.ofNullable(store.newest(context.run().id()).get(context.step().id()))
                .map(attempt -> attempt.keyParts().get("environment"))
                .ifPresent(id -> refs.add("environment:" + id));
        return refs;
    }

    private static ObjectNode digests(List<Output> outputs) {
        ObjectNode digests = Json.object();
        outputs.forEach(output -> digests.put(output.name(), output.digest()));
        return digests;
    }

    private static String cut(String text) {
        return text.length() > LONGEST_ERROR ? text.substring(0, LONGEST_ERROR) + "…" : text;
    }
}

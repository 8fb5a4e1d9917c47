package org.millwright.pipeline;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Where a run stands: a value that only {@link RunMachine} moves on. */
public record RunState(Graph graph, RunStatus status, Map<String, StepState> steps) {
    public RunState {
        steps = Collections.unmodifiableMap(new LinkedHashMap<>(steps));
        if (!steps.keySet().equals(graph.steps())) {
            throw new IllegalArgumentException("steps " + steps.keySet() + " are not those of the graph");
        }
    }

    /** Where a step stands: its newest attempt, from 1, and how many attempts were lost with the server. */
    public record StepState(StepStatus status, int attempt, int lost) {}

    /** A run that has not begun. */
    public static RunState fresh(Graph graph) {
        var steps = new LinkedHashMap<String, StepState>();
        graph.steps().forEach(step -> steps.put(step, new StepState(StepStatus.WAITING, 1, 0)));
        return new RunState(graph, RunStatus.RUNNING, steps);
    }

    public StepState step(String id) {
        StepState state = steps.get(id);
        if (state == null) {
            throw new IllegalArgumentException("no step " + id);
        }
        return state;
    }

    RunState with(String step, StepState state) {
        var changed = new LinkedHashMap<>(steps);
        changed.put(step, state);
        return new RunState(graph, status, changed);
    }

    RunState with(RunStatus changed) {
        return new RunState(graph, changed, steps);
    }

    boolean any(StepStatus wanted) {
        return steps.values().stream().anyMatch(step -> step.status() == wanted);
    }
}

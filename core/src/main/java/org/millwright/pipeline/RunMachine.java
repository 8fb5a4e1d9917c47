package org.millwright.pipeline;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.millwright.pipeline.RunState.StepState;

/**
 * The pure reducer of runs: a state and what happened give the next state and what to do.
 *
 * <p>What arrives late or twice (another attempt, a step that no longer runs, a run that ended) changes nothing.
 */
public final class RunMachine {
    /** Attempts of one step that may be lost with the server before the step counts as failed. */
    static final int MAX_LOST = 3;

    private RunMachine() {}

    /** What happened. */
    public sealed interface Event {
        /** The run was asked for. */
        record Begun() implements Event {}

        record Succeeded(String step, int attempt, boolean reused) implements Event {}

        /** @param refused whether a check said no, rather than something broke */
        record Failed(String step, int attempt, boolean refused) implements Event {}

        /** The server came back and the attempt was not there any more. */
        record Lost(String step, int attempt) implements Event {}

        record Cancelled() implements Event {}

        /** The run goes on where it stopped, or again from a step. */
        record Resumed(Optional<String> from) implements Event {}
    }

    /** What to do. */
    public sealed interface Command {
        record Start(String step, int attempt) implements Command {}

        record Stop(String step, int attempt) implements Command {}

        record Finish(RunStatus status) implements Command {}
    }

    /** The next state and what to do about it. */
    public record Decision(RunState state, List<Command> commands) {
        public Decision {
            commands = List.copyOf(commands);
        }
    }

    public static Decision apply(RunState state, Event event) {
        var commands = new ArrayList<Command>();
        RunState next = switch (event) {
            case Event.Begun e -> state;
            case Event.Succeeded e ->
                ended(state, e.step(), e.attempt(), e.reused() ? StepStatus.REUSED : StepStatus.SUCCEEDED);
            case Event.Failed e ->
                ended(state, e.step(), e.attempt(), e.refused() ? StepStatus.REFUSED : StepStatus.FAILED);
            case Event.Lost e -> lost(state, e);
            case Event.Cancelled e -> cancelled(state, commands);
            case Event.Resumed e -> resumed(state, e.from());
        };
        if (next.status().ended()) {
            return new Decision(next, commands);
        }
        return advance(next, commands);
    }

    private static boolean isCurrent(RunState state, String step, int attempt) {
        if (!state.steps().containsKey(step) || state.status().ended()) {
            return false;
        }
        StepState current = state.step(step);
        return current.status() == StepStatus.RUNNING && current.attempt() == attempt;
    }

    private static RunState ended(RunState state, String step, int attempt, StepStatus status) {
        if (!isCurrent(state, step, attempt)) {
            return state;
        }
        return state.with(step, new StepState(status, attempt, state.step(step).lost()));
    }

    private static RunState lost(RunState state, Event.Lost event) {
        if (!isCurrent(state, event.step(), event.attempt())) {
            return state;
        }
        int lost = state.step(event.step()).lost() + 1;
        if (lost > MAX_LOST) {
            return state.with(event.step(), new StepState(StepStatus.FAILED, event.attempt(), lost));
        }
        return state.with(event.step(), new StepState(StepStatus.WAITING, event.attempt() + 1, lost));
    }

    private static RunState cancelled(RunState state, List<Command> commands) {
        if (state.status().ended()) {
            return state;
        }
        RunState next = state;
        for (var entry : state.steps().entrySet()) {
            StepState step = entry.getValue();
            if (step.status() == StepStatus.RUNNING) {
                commands.add(new Command.Stop(entry.getKey(), step.attempt()));
                next = next.with(entry.getKey(), new StepState(StepStatus.CANCELLED, step.attempt(), step.lost()));
            }
        }
        commands.add(new Command.Finish(RunStatus.CANCELLED));
        return next.with(RunStatus.CANCELLED);
    }

    private static RunState resumed(RunState state, Optional<String> from) {
        if (!state.status().ended()) {
            return state;
        }
        Set<String> again = from.map(state.graph()::downstream).orElse(Set.of());
        RunState next = state.with(RunStatus.RUNNING);
        for (var entry : state.steps().entrySet()) {
            StepState step = entry.getValue();
            boolean redo = !step.status().isDone() || again.contains(entry.getKey());
            if (redo && step.status() != StepStatus.WAITING) {
                next = next.with(entry.getKey(), new StepState(StepStatus.WAITING, step.attempt() + 1, 0));
            }
        }
        return next;
    }

    /** Starts what is ready unless something failed; finishes when nothing runs and nothing can start. */
    private static Decision advance(RunState state, List<Command> commands) {
        RunState next = state;
        boolean failed = state.any(StepStatus.FAILED) || state.any(StepStatus.REFUSED);
        if (!failed) {
            for (var entry : state.steps().entrySet()) {
                StepState step = entry.getValue();
                boolean ready = step.status() == StepStatus.WAITING
                        && state.graph().needs().getOrDefault(entry.getKey(), List.of()).stream()
                                .allMatch(need -> state.step(need).status().isDone());
                if (ready) {
                    commands.add(new Command.Start(entry.getKey(), step.attempt()));
                    next = next.with(entry.getKey(), new StepState(StepStatus.RUNNING, step.attempt(), step.lost()));
                }
            }
        }
        if (next.any(StepStatus.RUNNING)) {
            return new Decision(next, commands);
        }
        RunStatus end =
                state.any(StepStatus.FAILED) ? RunStatus.FAILED : failed ? RunStatus.REFUSED : RunStatus.SUCCEEDED;
        commands.add(new Command.Finish(end));
        return new Decision(next.with(end), commands);
    }
}

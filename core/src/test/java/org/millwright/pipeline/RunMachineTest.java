package org.millwright.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.millwright.pipeline.RunMachine.Command;
import org.millwright.pipeline.RunMachine.Event;

final class RunMachineTest {
    private static final Graph CHAIN =
            graph("a", List.of(), "b", List.of("a"), "c", List.of("a"), "d", List.of("b", "c"));

    @Test
    void startsWhatIsReadyAndEndsWhenAllIsDone() {
        var begun = RunMachine.apply(RunState.fresh(CHAIN), new Event.Begun());
        assertThat(begun.commands()).containsExactly(new Command.Start("a", 1));

        var afterA = RunMachine.apply(begun.state(), new Event.Succeeded("a", 1, false));
        assertThat(afterA.commands()).containsExactly(new Command.Start("b", 1), new Command.Start("c", 1));

        var afterB = RunMachine.apply(afterA.state(), new Event.Succeeded("b", 1, true));
        assertThat(afterB.commands()).isEmpty();
        var afterC = RunMachine.apply(afterB.state(), new Event.Succeeded("c", 1, false));
        var afterD = RunMachine.apply(afterC.state(), new Event.Succeeded("d", 1, false));
        assertThat(afterD.commands()).containsExactly(new Command.Finish(RunStatus.SUCCEEDED));
        assertThat(afterD.state().status()).isEqualTo(RunStatus.SUCCEEDED);
    }

    @Test
    void aFailureLetsRunningStepsEndAndStartsNothingMore() {
        RunState state =
                RunMachine.apply(RunState.fresh(CHAIN), new Event.Begun()).state();
        state = RunMachine.apply(state, new Event.Succeeded("a", 1, false)).state();
        var failed = RunMachine.apply(state, new Event.Failed("b", 1, false));
        assertThat(failed.commands()).isEmpty();
        var drained = RunMachine.apply(failed.state(), new Event.Succeeded("c", 1, false));
        assertThat(drained.commands()).containsExactly(new Command.Finish(RunStatus.FAILED));

        var resumed = RunMachine.apply(drained.state(), new Event.Resumed(Optional.empty()));
        assertThat(resumed.commands()).containsExactly(new Command.Start("b", 2));
    }

    @Test
    void lostAttemptsAreTriedAgainAFewTimes() {
        RunState state =
                RunMachine.apply(RunState.fresh(CHAIN), new Event.Begun()).state();
        for (int attempt = 1; attempt <= RunMachine.MAX_LOST; attempt++) {
            var lost = RunMachine.apply(state, new Event.Lost("a", attempt));
            assertThat(lost.commands()).containsExactly(new Command.Start("a", attempt + 1));
            state = lost.state();
        }
        var given = RunMachine.apply(state, new Event.Lost("a", RunMachine.MAX_LOST + 1));
        assertThat(given.commands()).containsExactly(new Command.Finish(RunStatus.FAILED));
    }

    @Test
    void resumeFromAStepRepeatsItAndWhatFollows() {
        RunState state =
                RunMachine.apply(RunState.fresh(CHAIN), new Event.Begun()).state();
        for (String step : List.of("a", "b", "c", "d")) {
            state = RunMachine.apply(state, new Event.Succeeded(step, 1, false)).state();
        }
        var resumed = RunMachine.apply(state, new Event.Resumed(Optional.of("b")));
        assertThat(resumed.commands()).containsExactly(new Command.Start("b", 2));
        assertThat(resumed.state().step("c").status()).isEqualTo(StepStatus.SUCCEEDED);
        assertThat(resumed.state().step("d").status()).isEqualTo(StepStatus.WAITING);
    }

    /** Any graph, any order of events, many of them stale: what must hold always holds. */
    @Property(tries = 500)
    void keepsItsPromisesUnderAnyEvents(@ForAll long seed, @ForAll @IntRange(min = 1, max = 8) int size) {
        var random = new Random(seed);
        RunState state = RunMachine.apply(RunState.fresh(random(random, size)), new Event.Begun())
                .state();
        for (int i = 0; i < 200; i++) {
            Event event = event(random, state);
            var decision = RunMachine.apply(state, event);
            check(state, event, decision);
            assertThat(RunMachine.apply(decision.state(), repeat(event)).state())
                    .as("the same event again changes nothing")
                    .isEqualTo(decision.state());
            state = decision.state();
        }
        assertThat(settle(state).status())
                .isIn(RunStatus.SUCCEEDED, RunStatus.FAILED, RunStatus.REFUSED, RunStatus.CANCELLED);
    }

    private static void check(RunState before, Event event, RunMachine.Decision decision) {
        RunState after = decision.state();
        for (Command command : decision.commands()) {
            if (command instanceof Command.Start start) {
                assertThat(after.step(start.step()).status()).isEqualTo(StepStatus.RUNNING);
                assertThat(after.step(start.step()).attempt()).isEqualTo(start.attempt());
                assertThat(after.graph().needs().get(start.step()))
                        .allMatch(need -> after.step(need).status().isDone());
            }
        }
        after.steps().forEach((step, now) -> {
            assertThat(now.attempt()).isGreaterThanOrEqualTo(before.step(step).attempt());
            if (!(event instanceof Event.Resumed) && before.step(step).status().isDone()) {
                assertThat(now).as("done stays done").isEqualTo(before.step(step));
            }
        });
        assertThat(after.status().ended()).isEqualTo(!after.any(StepStatus.RUNNING));
        if (after.status() == RunStatus.SUCCEEDED) {
            assertThat(after.steps().values()).allMatch(step -> step.status().isDone());
        }
    }

    private static Event repeat(Event event) {
        return event instanceof Event.Resumed ? new Event.Begun() : event;
    }

    private static RunState settle(RunState state) {
        RunState now = state;
        while (!now.status().ended()) {
            for (var entry : List.copyOf(now.steps().entrySet())) {
                if (entry.getValue().status() == StepStatus.RUNNING) {
                    now = RunMachine.apply(
                                    now,
                                    new Event.Succeeded(
                                            entry.getKey(), entry.getValue().attempt(), false))
                            .state();
                }
            }
        }
        return now;
    }

    private static Event event(Random random, RunState state) {
        var steps = new ArrayList<>(state.steps().keySet());
        String step = steps.get(random.nextInt(steps.size()));
        int attempt = Math.max(1, state.step(step).attempt() - (random.nextInt(4) == 0 ? 1 : 0));
        return switch (random.nextInt(12)) {
            case 0 -> new Event.Failed(step, attempt, random.nextBoolean());
            case 1 -> new Event.Lost(step, attempt);
            case 2 -> random.nextInt(5) == 0 ? new Event.Cancelled() : new Event.Begun();
            case 3 -> new Event.Resumed(random.nextBoolean() ? Optional.of(step) : Optional.empty());
            default -> new Event.Succeeded(step, attempt, random.nextBoolean());
        };
    }

    private static Graph random(Random random, int size) {
        var needs = new LinkedHashMap<String, List<String>>();
        for (int i = 0; i < size; i++) {
            var of = new ArrayList<String>();
            for (int j = 0; j < i; j++) {
                if (random.nextInt(3) == 0) {
                    of.add("s" + j);
                }
            }
            needs.put("s" + i, of);
        }
        return new Graph(needs);
    }

    private static Graph graph(Object... pairs) {
        var needs = new LinkedHashMap<String, List<String>>();
        for (int i = 0; i < pairs.length; i += 2) {
            var of = new ArrayList<String>();
            ((List<?>) pairs[i + 1]).forEach(need -> of.add((String) need));
            needs.put((String) pairs[i], of);
        }
        return new Graph(needs);
    }
}

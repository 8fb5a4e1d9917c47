package org.millwright.serving;

import java.util.Optional;
import org.millwright.project.RolloutPlan;

/** What is under way beside a deployment's production version. */
public sealed interface Rollout {
    /** Nothing. */
    record None() implements Rollout {}

    /**
     * A version passed its smoke test and answers only requests that name it.
     *
     * @param planned what begins by itself, and when
     */
    record Staged(String version, Optional<Planned> planned) implements Rollout {
        Staged(String version) {
            this(version, Optional.empty());
        }
    }

    /** @param at milliseconds since 1970 UTC */
    record Planned(RolloutPlan plan, long at) {}

    /**
     * A version is tried in the steps of a plan.
     *
     * @param step position of the plan's step that is under way, from 0
     * @param since when the step began, in milliseconds since 1970 UTC
     */
    record Trial(String version, RolloutPlan plan, int step, long since) implements Rollout {
        public RolloutPlan.Step current() {
            return plan.steps().get(step);
        }

        public boolean isLast() {
            return step == plan.steps().size() - 1;
        }

        public boolean isShadow() {
            return current().mode() == RolloutPlan.Mode.SHADOW;
        }

        /** Share of the requests that it answers, in percent. */
        public int percent() {
            return isShadow() ? 0 : current().percent();
        }

        Trial next(long now) {
            return new Trial(version, plan, step + 1, now);
        }
    }
}

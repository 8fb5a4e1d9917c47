package org.millwright.policy;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.millwright.identity.GovernedAction;

/**
 * What a policy is about.
 *
 * @param everywhere false for a policy that counts only in stages that name it
 * @param stages of projects; empty for all, and for actions that have none
 * @param riskTiers of projects, with "none" for models that no project governs; empty for all
 */
public record AppliesTo(
        boolean everywhere, Set<GovernedAction.Kind> actions, List<String> stages, List<String> riskTiers) {
    /** The tier of a model that no project governs. */
    public static final String NO_TIER = "none";

    public AppliesTo {
        actions = EnumSet.copyOf(actions);
        stages = List.copyOf(stages);
        riskTiers = List.copyOf(riskTiers);
    }

    /** Whether it counts for an action in a stage, "" for none, of a project of that tier. */
    public boolean matches(GovernedAction.Kind action, String stage, String riskTier, boolean named) {
        return actions.contains(action)
                && (named || everywhere && (stages.isEmpty() || stages.contains(stage)))
                && (riskTiers.isEmpty() || riskTiers.contains(riskTier));
    }
}

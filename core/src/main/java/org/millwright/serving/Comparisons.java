package org.millwright.serving;

import java.util.Optional;
import org.millwright.project.RolloutPlan;

/** Compares two versions of a deployment by what they predicted and what came of it. */
@FunctionalInterface
public interface Comparisons {
    /**
     * Empty when nothing is known of one of them.
     *
     * @param since milliseconds since 1970 UTC from which predictions count
     */
    Optional<Evidence.Comparison> compare(
            String deployment, String candidate, String production, long since, RolloutPlan.Measure measure);
}

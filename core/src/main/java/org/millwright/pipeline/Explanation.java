package org.millwright.pipeline;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.millwright.kernel.Problem;

/**
 * Why a step ran, or why it did not.
 *
 * @param nearest the earlier attempt of this step that was keyed most alike
 * @param differences between the two, the first of them first
 */
public record Explanation(StepAttempt attempt, Optional<StepAttempt> nearest, List<CacheKey.Difference> differences) {
    private static final int NEIGHBOURS = 50;

    static Explanation of(RunStore store, PipelineRun run, String step) {
        StepAttempt attempt = store.newest(run.id()).get(step);
        if (attempt == null || attempt.cacheKey().isEmpty()) {
            throw new Problem.Conflict("Step " + step + " has not started", "mw run show " + run.id());
        }
        long before = attempt.startedAt().orElse(run.createdAt());
        Optional<StepAttempt> nearest = store.keyed(run.project(), step, attempt.kind(), before, NEIGHBOURS).stream()
                .filter(other -> !other.runId().equals(run.id()))
                .min(Comparator.comparing(other -> CacheKey.distance(other.keyParts(), attempt.keyParts())));
        List<CacheKey.Difference> differences = nearest.map(
                        other -> CacheKey.differences(other.keyParts(), attempt.keyParts()))
                .orElse(List.of());
        return new Explanation(attempt, nearest, differences);
    }
}

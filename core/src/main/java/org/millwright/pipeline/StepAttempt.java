package org.millwright.pipeline;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One attempt of a step of a run.
 *
 * @param position of the step in its pipeline, from 0
 * @param trackingRun the MLflow run that the step logs to
 * @param keyParts what the cache key is made of, by name
 * @param reusedFrom the attempt whose outputs were taken: {@code run/step/attempt}
 * @param error what went wrong, "" when nothing did
 * @param summary one line about what came out
 */
public record StepAttempt(
        String runId,
        String step,
        int attempt,
        int position,
        String kind,
        StepStatus status,
        Optional<String> trackingRun,
        Optional<String> cacheKey,
        Map<String, String> keyParts,
        Optional<String> reusedFrom,
        Optional<Long> startedAt,
        Optional<Long> endedAt,
        String error,
        String summary,
        List<Output> outputs) {

    public Optional<Output> output(String name) {
        return outputs.stream().filter(output -> output.name().equals(name)).findFirst();
    }

    public String ref() {
        return runId + "/" + step + "/" + attempt;
    }
}

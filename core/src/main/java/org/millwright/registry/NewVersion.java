package org.millwright.registry;

import java.util.Map;
import java.util.Optional;

/**
 * What a version is registered with.
 *
 * @param source {@code models:/m-…}, {@code runs:/RUN/path}, {@code models:/NAME/VERSION}, or an artifact URI beneath the
 *     run or logged model, or a place elsewhere that this server never opens
 */
public record NewVersion(
        String source,
        Optional<String> runId,
        Optional<String> modelId,
        Optional<String> runLink,
        Optional<String> description,
        Map<String, String> tags) {
    /** A version of what a run logged as a model. */
    public static NewVersion ofModel(String modelId, Optional<String> runId) {
        return new NewVersion(
                "models:/" + modelId, runId, Optional.of(modelId), Optional.empty(), Optional.empty(), Map.of());
    }
}

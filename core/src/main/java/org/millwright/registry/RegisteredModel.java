package org.millwright.registry;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A name under which versions of a model are kept.
 *
 * @param project the project that governs it, if any
 * @param createdAt milliseconds since the epoch, as updatedAt
 * @param latest the highest version of each stage that has any
 * @param aliases version by alias
 */
public record RegisteredModel(
        String name,
        Optional<String> description,
        Optional<String> project,
        long createdAt,
        long updatedAt,
        Map<String, String> tags,
        Map<String, Long> aliases,
        List<ModelVersion> latest) {

    /** Tag of the models that are prompts, which searches leave out. */
    static final String PROMPT_TAG = "mlflow.prompt.is_prompt";

    boolean isPrompt() {
        return "true".equalsIgnoreCase(tags.get(PROMPT_TAG));
    }
}

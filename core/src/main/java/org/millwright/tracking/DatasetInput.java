package org.millwright.tracking;

import java.util.Map;
import java.util.Optional;

/** Data that a run read, as its client described it; name and digest identify it within the experiment. */
public record DatasetInput(
        String name,
        String digest,
        String sourceType,
        String source,
        Optional<String> schema,
        Optional<String> profile,
        Map<String, String> tags) {}

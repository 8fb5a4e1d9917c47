package org.millwright.tracking;

import java.util.Map;

/**
 * A named set of runs.
 *
 * @param id a decimal number, 0 for "Default"
 * @param artifactLocation where clients keep the artifacts of its runs, normally {@code mlflow-artifacts:/ID}
 * @param createdAt milliseconds since the epoch, as updatedAt
 */
public record Experiment(
        String id,
        String name,
        String artifactLocation,
        boolean deleted,
        long createdAt,
        long updatedAt,
        Map<String, String> tags) {
    /** The id of the experiment that is always there. */
    public static final String DEFAULT = "0";
}

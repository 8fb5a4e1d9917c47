package org.millwright.tracking;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One execution that logged something.
 *
 * @param userId who the client says it is; the ledger knows who it was
 * @param startTime milliseconds since the epoch, as endTime
 * @param madeBy run whose step token created this one, and may therefore write it
 * @param metrics the latest value of each key
 */
public record Run(
        String id,
        String experimentId,
        String name,
        String userId,
        RunStatus status,
        long startTime,
        Optional<Long> endTime,
        String artifactUri,
        boolean deleted,
        Optional<String> madeBy,
        List<Metric> metrics,
        Map<String, String> params,
        Map<String, String> tags,
        List<DatasetInput> inputs,
        List<String> inputModels,
        List<ModelOutput> outputs) {

    /** Tag with the run's name. */
    public static final String NAME_TAG = "mlflow.runName";

    /** Tag with the project that a run belongs to. */
    public static final String PROJECT_TAG = "millwright.project";

    /** Tag with the pipeline step that a run belongs to. */
    public static final String STEP_TAG = "millwright.step";

    /** A logged model that a run produced, at a step of its training. */
    public record ModelOutput(String modelId, long step) {}

    public Optional<String> project() {
        return Optional.ofNullable(tags.get(PROJECT_TAG));
    }

    /** The latest value of a metric. */
    public Optional<Double> metric(String key) {
        return metrics.stream()
                .filter(metric -> metric.key().equals(key))
                .map(Metric::value)
                .findFirst();
    }
}

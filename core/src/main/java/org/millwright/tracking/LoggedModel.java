package org.millwright.tracking;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A model that a run wrote, before anybody registered it.
 *
 * @param status a status name of MLflow such as LOGGED_MODEL_READY
 * @param createdAt milliseconds since the epoch, as updatedAt
 */
public record LoggedModel(
        String id,
        String experimentId,
        String name,
        String type,
        Status status,
        Optional<String> sourceRunId,
        String artifactUri,
        boolean deleted,
        long createdAt,
        long updatedAt,
        Map<String, String> params,
        Map<String, String> tags,
        List<Value> metrics) {

    /** How far the upload is; numbers as in MLflow's protocol. */
    public enum Status {
        LOGGED_MODEL_STATUS_UNSPECIFIED,
        LOGGED_MODEL_PENDING,
        LOGGED_MODEL_READY,
        LOGGED_MODEL_UPLOAD_FAILED;

        public static Optional<Status> of(String text) {
            for (Status status : values()) {
                if (status.name().equals(text)
                        || Integer.toString(status.ordinal()).equals(text)) {
                    return Optional.of(status);
                }
            }
            return Optional.empty();
        }
    }

    /** A metric of the model and the run that measured it. */
    public record Value(Metric metric, String runId) {}
}

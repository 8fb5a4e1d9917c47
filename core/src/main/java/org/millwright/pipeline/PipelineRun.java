package org.millwright.pipeline;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.millwright.project.Project;

/**
 * One run of a pipeline.
 *
 * @param projectFile digest of the project file in force when it began
 * @param fresh whether outputs of earlier steps may not be reused
 * @param cause what started it: "" for a person, else a reference such as {@code alert:…}
 * @param error what went wrong, "" when nothing did
 * @param startedBy id of the actor it works for
 * @param createdAt milliseconds since the epoch
 */
public record PipelineRun(
        String id,
        String project,
        String pipeline,
        Map<String, String> parameters,
        String sourceId,
        String projectFile,
        boolean fresh,
        String cause,
        RunStatus status,
        String error,
        String startedBy,
        long createdAt,
        Optional<Long> endedAt) {

    public PipelineRun {
        parameters = java.util.Collections.unmodifiableMap(new TreeMap<>(parameters));
    }

    public static String ref(String id) {
        return "run:" + id;
    }

    public String ref() {
        return ref(id);
    }

    /** What its ledger entries are about, when the cause hears of them too. */
    List<String> subjects() {
        String project = Project.ref(this.project);
        return cause.isEmpty() ? List.of(ref(), project) : List.of(ref(), project, cause);
    }
}

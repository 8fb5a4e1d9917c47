package org.millwright.reproduction;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.millwright.kernel.Json;
import org.millwright.pipeline.Output;
import org.millwright.pipeline.OutputType;
import org.millwright.pipeline.Trees;

/** What an output consists of: digests by path, without what only names the run that made it. */
record Content(Map<String, String> digests) {
    private static final String MLMODEL = "MLmodel";
    /** What MLflow writes into a model's description about the run, not about the model. */
    private static final String OF_THE_RUN =
            "(artifact_path|model_id|model_uuid|run_id|utc_time_created|model_size_bytes):.*";

    static Content of(Trees trees, Output output) {
        var digests = new TreeMap<String, String>();
        if (!output.type().isPath() && output.type() != OutputType.MLFLOW_MODEL) {
            digests.put("", output.digest());
            return new Content(digests);
        }
        trees.list(output.digest())
                .forEach(file -> digests.put(
                        file.path(), file.path().equals(MLMODEL) ? described(trees, file.sha256()) : file.sha256()));
        return new Content(digests);
    }

    private static String described(Trees trees, String sha256) {
        String text = new String(trees.artifacts().bytes(sha256), StandardCharsets.UTF_8);
        String kept = text.lines().filter(line -> !line.matches(OF_THE_RUN)).collect(Collectors.joining("\n"));
        return Json.sha256(kept.getBytes(StandardCharsets.UTF_8));
    }

    /** The paths that differ or are in one only. */
    List<String> differences(Content other) {
        var paths = new TreeSet<>(digests.keySet());
        paths.addAll(other.digests.keySet());
        paths.removeIf(path -> digests.containsKey(path) && digests.get(path).equals(other.digests.get(path)));
        return List.copyOf(paths);
    }
}

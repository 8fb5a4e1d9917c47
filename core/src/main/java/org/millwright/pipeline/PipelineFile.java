package org.millwright.pipeline;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.millwright.kernel.Problem;
import org.millwright.kernel.Yaml;

/** A project's {@code pipeline.yaml}. */
public record PipelineFile(Map<String, Pipeline> pipelines) {
    public static final String FILE = "pipeline.yaml";

    public PipelineFile {
        pipelines = Collections.unmodifiableMap(new LinkedHashMap<>(pipelines));
    }

    /**
     * Reads the file's text; one {@link Problem.Invalid} names every mistake with its line.
     *
     * @param files names of the project's files, which steps may refer to
     */
    public static PipelineFile parse(String text, StepKinds kinds, Set<String> files) {
        return parse(text, kinds, files, name -> Optional.empty());
    }

    /**
     * The same, with the mistakes of files that steps name.
     *
     * @param texts the text of a file of the project
     */
    static PipelineFile parse(
            String text, StepKinds kinds, Set<String> files, Function<String, Optional<String>> texts) {
        return new PipelineReader(text, kinds, files, texts).read();
    }

    public Pipeline get(String name) {
        return Optional.ofNullable(pipelines.get(name))
                .orElseThrow(() -> new Problem.NotFound(
                        FILE + " has no pipeline '" + name + "'"
                                + Yaml.nearest(name, pipelines.keySet())
                                        .map(near -> "; did you mean '" + near + "'?")
                                        .orElse(""),
                        "It has: " + String.join(", ", List.copyOf(pipelines.keySet()))));
    }
}

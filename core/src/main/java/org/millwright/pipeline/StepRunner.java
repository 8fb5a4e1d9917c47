package org.millwright.pipeline;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.millwright.kernel.Yaml;

/** Does the work of one kind of step. An attempt may be repeated after a crash: doing it twice must do it once. */
public interface StepRunner {
    StepKind kind();

    /** Notes mistakes of the entry's own keys, beyond their form, at their lines. */
    default void check(Yaml.Value entry) {}

    /**
     * Checks files of the project that the entry names; {@link org.millwright.kernel.Problem.Invalid} tells their mistakes.
     *
     * @param text the text of a file, if there is one of that name
     */
    default void check(Yaml.Value entry, Function<String, Optional<String>> text) {}

    /** Loads what the work needs, such as a native library, while earlier steps run; once a process, on a thread of its own. */
    default void prepare() {}

    /** Outputs that the entry names in keys of its own. */
    default Map<String, OutputType> outputs(Yaml.Value entry) {
        return Map.of();
    }

    /** What the result depends on beside the step's definition, code, parameters and inputs; by name. */
    default Map<String, String> alsoKeyedBy(StepContext context) {
        return Map.of();
    }

    /**
     * Does the work. A {@link org.millwright.kernel.Problem.Refused} means that a check said no; anything else thrown means
     * that the step broke.
     */
    Result run(StepContext context) throws Exception;

    /** Tidies up after an attempt that was lost with the server, given the MLflow run that it logged to. */
    default void lost(String trackingRun) {}

    /**
     * What came out.
     *
     * @param summary one line for people
     */
    record Result(List<Output> outputs, String summary) {
        public Result {
            outputs = List.copyOf(outputs);
        }
    }
}

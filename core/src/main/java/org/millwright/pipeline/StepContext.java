package org.millwright.pipeline;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.millwright.identity.Actor;
import org.millwright.kernel.Problem;
import org.millwright.project.ProjectFile;

/**
 * Everything that the work of one attempt of a step needs.
 *
 * @param actor for whom the run works
 * @param project the project file in force when the run began
 * @param parameters of the pipeline
 * @param inputs outputs of other steps by the name this step gives them
 * @param upstream outputs of all steps before this one, by step and name
 * @param folder of this attempt; its content may be thrown away after it
 * @param trackingRun takes note of the MLflow run that the step logs to
 */
public record StepContext(
        PipelineRun run,
        Actor actor,
        ProjectFile project,
        Source source,
        Step step,
        int attempt,
        Map<String, String> parameters,
        Map<String, Output> inputs,
        Map<String, Map<String, Output>> upstream,
        Path folder,
        StepLog log,
        Consumer<String> trackingRun,
        Cancellation cancellation) {

    /** The step's reference in lineage and ledger. */
    public String ref() {
        return "run:" + run.id() + "/" + step.id();
    }

    public Output input(String name) {
        return Optional.ofNullable(inputs.get(name))
                .orElseThrow(() -> new Problem.Invalid("Step " + step.id() + " has no input '" + name + "'"));
    }

    /** The newest output of a type among all steps before this one, the nearest step first. */
    public Optional<Output> nearest(OutputType type) {
        return upstream.values().stream()
                .flatMap(outputs -> outputs.values().stream())
                .filter(output -> output.type() == type)
                .reduce((first, second) -> second);
    }

    /** The output that a step of some kind made, when the kind's outputs have that name. */
    public Optional<Output> nearest(String outputName) {
        return upstream.values().stream()
                .flatMap(outputs -> outputs.values().stream())
                .filter(output -> output.name().equals(outputName))
                .reduce((first, second) -> second);
    }

    /** What the step's code sees by name. */
    public Map<String, String> visible() {
        var visible = new LinkedHashMap<String, String>();
        step.parameters().forEach((name, text) -> visible.put(name, Placeholders.expand(text, parameters)));
        return visible;
    }

    /** The step's settings with {@code ${parameter}} replaced by its value. */
    public ObjectNode settings() {
        return step.settings(parameters);
    }

    /** The step's arguments with parameters and the given paths of inputs and outputs put in. */
    public java.util.List<String> arguments(Map<String, Path> inputPaths, Map<String, Path> outputPaths) {
        var values = new LinkedHashMap<>(parameters);
        inputPaths.forEach((name, path) -> values.put("inputs." + name, path.toString()));
        outputPaths.forEach((name, path) -> values.put("outputs." + name, path.toString()));
        return step.run().stream()
                .map(argument -> Placeholders.expand(argument, values))
                .toList();
    }
}

package org.millwright.pipeline.steps;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.millwright.kernel.Problem;
import org.millwright.pipeline.Output;
import org.millwright.pipeline.OutputType;
import org.millwright.pipeline.StepContext;
import org.millwright.scoring.bundle.ModelFormat;

/**
 * What the steps before found out about a model.
 *
 * @param model as the training step logged it
 * @param portable the model in the form that the hand-off checked
 * @param edges every edge row with what became of it
 * @param data digests of the dataset versions that the run used, by their reference
 * @param tolerance of the hand-off check, in units of the label
 */
record Evidence(
        Output model,
        Output evaluation,
        Output handOff,
        Output portable,
        Output recorded,
        Output edges,
        Optional<Output> gate,
        Map<String, String> data,
        double tolerance) {

    /** Takes together what a version needs; {@link Problem.Invalid} names the step that is missing. */
    static Evidence of(StepContext context) {
        Output evaluation = need(context.nearest("evaluation"), "evaluate");
        Output handOff = need(context.nearest("report"), "handoff");
        Output model = context.nearest(OutputType.MLFLOW_MODEL)
                .orElseThrow(() -> new Problem.Invalid(
                        "No step before logs a model", "Add a python step with an output of type mlflow-model."));
        boolean same = model.digest().equals(evaluation.info().path("model").asText())
                && model.digest().equals(handOff.info().path("model").asText());
        if (!same) {
            throw new Problem.Invalid(
                    "The model to register is not the one that was evaluated and handed off",
                    "Let train, evaluate and handoff of the pipeline refer to the same model.");
        }
        var data = new LinkedHashMap<String, String>();
        context.upstream()
                .values()
                .forEach(outputs -> outputs.values().stream()
                        .filter(output -> output.type() == OutputType.DATASET)
                        .forEach(output -> output.info()
                                .path("versions")
                                .forEach(version -> data.put(
                                        version.path("ref").asText(),
                                        version.path("sha256").asText()))));
        return new Evidence(
                model,
                evaluation,
                handOff,
                need(context.nearest("portable"), "handoff"),
                need(context.nearest("recorded"), "handoff"),
                need(context.nearest(HandOffStep.EDGES), "handoff"),
                context.nearest("verdict"),
                data,
                context.project().handOff().tolerance());
    }

    private static Output need(Optional<Output> output, String kind) {
        return output.orElseThrow(() -> new Problem.Invalid(
                "No step of kind " + kind + " comes before", "Add one to the pipeline: a version needs its evidence."));
    }

    /** The form in which the model crosses to Java. */
    ModelFormat format() {
        return ModelFormat.of(portable.info().path("runtime").asText());
    }

    /** Why a Python worker has to serve it, when one has to. */
    Optional<String> worker() {
        return Optional.of(portable.info().path("why").asText()).filter(why -> !why.isEmpty());
    }

    String modelId() {
        return model.info().path("model").asText();
    }

    String trackingRun() {
        return model.info().path("run").asText();
    }

    /** Digest of the rows that the model was evaluated and handed off on. */
    String holdout() {
        return evaluation.info().path("data").asText();
    }

    /** Digest of the rows that the model was trained on. */
    String training() {
        return evaluation.info().path("reference").asText();
    }
}

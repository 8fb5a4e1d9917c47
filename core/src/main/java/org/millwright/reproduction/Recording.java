package org.millwright.reproduction;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.millwright.artifact.Artifacts;
import org.millwright.environment.Lock;
import org.millwright.kernel.Problem;
import org.millwright.pipeline.Output;
import org.millwright.pipeline.OutputType;
import org.millwright.pipeline.Pipeline;
import org.millwright.pipeline.PipelineRun;
import org.millwright.pipeline.PipelineRuns;
import org.millwright.pipeline.Source;
import org.millwright.pipeline.Sources;
import org.millwright.pipeline.Step;
import org.millwright.pipeline.StepAttempt;
import org.millwright.pipeline.Trees;
import org.millwright.project.ProjectFile;
import org.millwright.project.Projects;
import org.millwright.registry.ModelVersion;

/**
 * What is recorded of how a version was made.
 *
 * @param attempts the newest attempt of each step
 * @param again the steps that are done again, in an order in which each finds what it needs
 * @param handOff the last of them, whose outputs are the model as it crosses to Java
 * @param model the output that is the model as it was logged
 */
record Recording(
        ModelVersion version,
        PipelineRun run,
        ProjectFile file,
        Source source,
        Lock lock,
        Map<String, StepAttempt> attempts,
        List<Step> again,
        Step handOff,
        Output model) {
    private static final String HAND_OFF = "handoff";

    /** The rooms that recorded it. */
    record Rooms(PipelineRuns runs, Sources sources, Projects projects, Trees trees) {}

    /**
     * Finds everything, with every byte as its digest says.
     *
     * @param kinds those that are done again
     * @throws CannotRerun when something is missing
     */
    static Recording of(ModelVersion version, Rooms rooms, Set<String> kinds) {
        PipelineRun run = version.runLink()
                .filter(link -> link.startsWith("run:"))
                .flatMap(link -> rooms.runs().find(link.substring("run:".length())))
                .orElseThrow(() -> new CannotRerun(
                        Cause.NO_RECORD,
                        "It was registered by a client, not by a pipeline: nothing says how to make it again"));
        Source source = rooms.runs().source(run);
        requireCode(rooms, source);
        Pipeline pipeline = pipeline(rooms, run);
        ProjectFile file = rooms.projects().file(run.project(), run.projectFile());
        Map<String, StepAttempt> attempts = rooms.runs().newest(run.id());
        Step handOff = handOff(pipeline, attempts);
        List<Step> again = again(pipeline, handOff, kinds);
        requireData(rooms, again, attempts, kinds, pipeline);
        Output model = Optional.ofNullable(handOff.inputs().get("model"))
                .flatMap(logged -> Optional.ofNullable(attempts.get(logged.step()))
                        .flatMap(attempt -> attempt.output(logged.output())))
                .orElseThrow(() -> new CannotRerun(Cause.NO_RECORD, "Its run kept no logged model"));
        return new Recording(version, run, file, source, lock(rooms, source, file), attempts, again, handOff, model);
    }

    /** What a step handed on then, by name. */
    Map<String, Output> outputs(String step) {
        var outputs = new LinkedHashMap<String, Output>();
        Optional.ofNullable(attempts.get(step))
                .ifPresent(attempt -> attempt.outputs().forEach(output -> outputs.put(output.name(), output)));
        return outputs;
    }

    /** The model as it crosses to Java: one file, or the logged folder where only Python runs it. */
    boolean isPortable() {
        return !portable().info().path("runtime").asText().equals("python");
    }

    Output portable() {
        return Optional.ofNullable(outputs(handOff.id()).get("portable"))
                .orElseThrow(() -> new CannotRerun(Cause.NO_RECORD, "Its run kept no portable form"));
    }

    /** How long the steps took then, in milliseconds. */
    long took() {
        return again.stream()
                .map(step -> attempts.get(step.id()))
                .filter(attempt ->
                        attempt.startedAt().isPresent() && attempt.endedAt().isPresent())
                .mapToLong(
                        attempt -> attempt.endedAt().get() - attempt.startedAt().get())
                .sum();
    }

    private static Pipeline pipeline(Rooms rooms, PipelineRun run) {
        try {
            return rooms.runs().pipeline(run);
        } catch (Problem e) {
            throw new CannotRerun(
                    Cause.MILLWRIGHT, "Its pipeline.yaml, which was valid then, is not any more: " + e.getMessage());
        }
    }

    private static void requireCode(Rooms rooms, Source source) {
        if (!isKept(rooms.trees(), source.manifest())) {
            throw new CannotRerun(
                    Cause.CODE_MISSING,
                    "Files of its code (source " + source.id() + ", digest " + source.manifest()
                            + ") are not kept any more or were altered");
        }
    }

    private static boolean isKept(Trees trees, String manifest) {
        Artifacts artifacts = trees.artifacts();
        return artifacts.has(manifest)
                && artifacts.intact(manifest)
                && trees.list(manifest).stream()
                        .allMatch(entry -> artifacts.has(entry.sha256()) && artifacts.intact(entry.sha256()));
    }

    private static Lock lock(Rooms rooms, Source source, ProjectFile file) {
        try {
            return new Lock(rooms.sources().text(source, file.environment().lock()));
        } catch (Problem.NotFound | Problem.Invalid e) {
            throw new CannotRerun(
                    Cause.LOCK_MISSING,
                    "Its code has no usable lock " + file.environment().lock() + ": " + e.getMessage());
        }
    }

    /** The hand-off whose model was registered. */
    private static Step handOff(Pipeline pipeline, Map<String, StepAttempt> attempts) {
        return pipeline.steps().stream()
                .filter(step -> step.kind().equals(HAND_OFF))
                .filter(step -> Optional.ofNullable(attempts.get(step.id()))
                        .filter(attempt -> attempt.status().isDone())
                        .isPresent())
                .reduce((first, second) -> second)
                .orElseThrow(() ->
                        new CannotRerun(Cause.NO_RECORD, "Its run has no hand-off: no portable form to compare with"));
    }

    /** Everything before the hand-off that is done again; what is taken as recorded hides what came before it. */
    private static List<Step> again(Pipeline pipeline, Step handOff, Set<String> kinds) {
        var wanted = new LinkedHashSet<String>();
        collect(pipeline, handOff, kinds, wanted);
        return wanted.stream().map(pipeline::step).toList();
    }

    private static void collect(Pipeline pipeline, Step step, Set<String> kinds, Set<String> wanted) {
        if (!kinds.contains(step.kind()) || wanted.contains(step.id())) {
            return;
        }
        step.needs().forEach(need -> collect(pipeline, pipeline.step(need), kinds, wanted));
        wanted.add(step.id());
    }

    /** What the steps read that are done again, as far as it is taken as recorded. */
    private static void requireData(
            Rooms rooms, List<Step> again, Map<String, StepAttempt> attempts, Set<String> kinds, Pipeline pipeline) {
        var missing = new ArrayList<String>();
        for (Step step : again) {
            for (Step.Reference input : step.inputs().values()) {
                if (!kinds.contains(pipeline.step(input.step()).kind())) {
                    Optional.ofNullable(attempts.get(input.step()))
                            .flatMap(attempt -> attempt.output(input.output()))
                            .ifPresentOrElse(
                                    output -> missing.addAll(missing(rooms, output)),
                                    () -> missing.add(input.toString()));
                }
            }
        }
        if (!missing.isEmpty()) {
            throw new CannotRerun(
                    Cause.DATA_COLLECTED,
                    "Data it was made from is not kept any more or was altered: "
                            + String.join(", ", missing.stream().distinct().toList()));
        }
    }

    private static List<String> missing(Rooms rooms, Output output) {
        Artifacts artifacts = rooms.trees().artifacts();
        if (output.type() != OutputType.DATASET) {
            boolean kept = output.type().isPath()
                    ? isKept(rooms.trees(), output.digest())
                    : artifacts.has(output.digest()) && artifacts.intact(output.digest());
            return kept ? List.of() : List.of(output.name());
        }
        var missing = new ArrayList<String>();
        output.info().path("versions").forEach(version -> {
            String sha256 = version.path("sha256").asText();
            if (!artifacts.has(sha256) || !artifacts.intact(sha256)) {
                missing.add(version.path("ref").asText());
            }
        });
        return missing;
    }
}

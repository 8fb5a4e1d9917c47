package org.millwright.reproduction;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.millwright.environment.Environment;
import org.millwright.identity.Actor;
import org.millwright.kernel.Problem;
import org.millwright.pipeline.Cancellation;
import org.millwright.pipeline.Output;
import org.millwright.pipeline.PipelineRun;
import org.millwright.pipeline.Step;
import org.millwright.pipeline.StepContext;
import org.millwright.pipeline.StepLog;
import org.millwright.pipeline.StepRunner;
import org.millwright.pipeline.Trees;
import org.millwright.project.ProjectFile;

/** Does recorded steps again, each with what the steps before it gave this time; nothing of it is a pipeline run's. */
final class Rerun {
    private final Recording recording;
    private final PipelineRun run;
    private final Actor actor;
    private final Environment environment;
    private final Map<String, StepRunner> runners;
    private final Path folder;
    private final Clock clock;
    private final Consumer<String> tracking;
    private final Cancellation cancellation;
    private final Map<String, Map<String, Output>> made = new LinkedHashMap<>();
    private final Map<String, Long> millis = new LinkedHashMap<>();
    private int attempts;

    Rerun(
            Reproduction reproduction,
            Recording recording,
            Actor actor,
            Environment environment,
            Map<String, StepRunner> runners,
            Path folder,
            Clock clock,
            Consumer<String> tracking,
            Cancellation cancellation) {
        this.recording = recording;
        this.run = as(reproduction, recording.run());
        this.actor = actor;
        this.environment = environment;
        this.runners = runners;
        this.folder = folder;
        this.clock = clock;
        this.tracking = tracking;
        this.cancellation = cancellation;
    }

    /** The recorded run under another id, so that nothing takes one for the other. */
    private static PipelineRun as(Reproduction reproduction, PipelineRun run) {
        return new PipelineRun(
                reproduction.id(),
                run.project(),
                run.pipeline(),
                run.parameters(),
                run.sourceId(),
                run.projectFile(),
                true,
                reproduction.ref(),
                run.status(),
                "",
                run.startedBy(),
                run.createdAt(),
                Optional.empty());
    }

    Environment environment() {
        return environment;
    }

    /** What the steps gave that were done again, by step and name. */
    Map<String, Map<String, Output>> made() {
        return made;
    }

    long millis(String step) {
        return millis.getOrDefault(step, 0L);
    }

    /** Does a step and keeps what it gives for those that follow. */
    void next(Step step) throws Exception {
        long began = clock.millis();
        made.put(step.id(), once(step, recording.file().environment().threads()));
        millis.put(step.id(), clock.millis() - began);
    }

    /** Does a step once more, for what it gives this time. */
    Map<String, Output> once(Step step, int threads) throws Exception {
        if (cancellation.isCancelled()) {
            throw new Problem.Unavailable("It was cancelled", "");
        }
        StepContext context = context(step, threads);
        try (StepLog log = context.log()) {
            var outputs = new LinkedHashMap<String, Output>();
            runner(step).run(context).outputs().forEach(output -> outputs.put(output.name(), output));
            log.say("done");
            return outputs;
        }
    }

    /** What the runner adds to what makes two steps the same, as it would be now. */
    Map<String, String> keyedBy(Step step) {
        StepContext context = context(step, recording.file().environment().threads());
        try (StepLog log = context.log()) {
            var parts = new LinkedHashMap<>(runner(step).alsoKeyedBy(context));
            parts.put(
                    "kind",
                    runner(step).kind().name() + " " + runner(step).kind().version());
            parts.remove("environment");
            log.say("compared");
            return parts;
        }
    }

    private StepRunner runner(Step step) {
        return Optional.ofNullable(runners.get(step.kind()))
                .orElseThrow(() -> new IllegalStateException("no runner of kind " + step.kind()));
    }

    /** As the pipeline would give it to the step. */
    StepContext context(Step step, int threads) {
        Path work = folder.resolve("steps").resolve(step.id()).resolve(Integer.toString(++attempts));
        var upstream = new LinkedHashMap<String, Map<String, Output>>();
        for (String before : recording.attempts().keySet()) {
            if (!before.equals(step.id())) {
                upstream.put(before, made.getOrDefault(before, recording.outputs(before)));
            }
        }
        var inputs = new LinkedHashMap<String, Output>();
        step.inputs()
                .forEach((name, reference) -> Optional.ofNullable(upstream.get(reference.step()))
                        .map(outputs -> outputs.get(reference.output()))
                        .ifPresent(output -> inputs.put(name, output)));
        return new StepContext(
                run,
                actor,
                with(recording.file(), threads),
                recording.source(),
                step,
                attempts,
                run.parameters(),
                inputs,
                upstream,
                work,
                new StepLog(work.resolve("log"), clock),
                tracking,
                cancellation);
    }

    private static ProjectFile with(ProjectFile file, int threads) {
        var spec = file.environment();
        return new ProjectFile(
                file.name(),
                file.purpose(),
                file.owner(),
                file.riskTier(),
                file.data(),
                file.members(),
                new ProjectFile.EnvironmentSpec(spec.python(), spec.requirements(), spec.lock(), threads),
                file.model(),
                file.handOff(),
                file.release(),
                file.plan(),
                file.stages(),
                file.digest());
    }

    /** Steps whose outputs differ from the recorded ones, in order, with the paths that differ. */
    Map<String, List<String>> differences(Trees trees) {
        var differences = new LinkedHashMap<String, List<String>>();
        made.forEach((step, outputs) -> differences.put(step, differences(trees, recording.outputs(step), outputs)));
        return differences;
    }

    static List<String> differences(Trees trees, Map<String, Output> before, Map<String, Output> now) {
        var paths = new ArrayList<String>();
        var names = new TreeSet<>(before.keySet());
        names.addAll(now.keySet());
        for (String name : names) {
            Output one = before.get(name);
            Output other = now.get(name);
            if (one == null || other == null) {
                paths.add(name);
            } else {
                Content.of(trees, one)
                        .differences(Content.of(trees, other))
                        .forEach(path -> paths.add(path.isEmpty() ? name : name + "/" + path));
            }
        }
        return List.copyOf(paths);
    }
}

package org.millwright.reproduction;

import static org.millwright.pipeline.StepKind.Form.ARGUMENTS;
import static org.millwright.pipeline.StepKind.Form.INPUTS;
import static org.millwright.pipeline.StepKind.Form.REFERENCE;
import static org.millwright.pipeline.StepKind.may;
import static org.millwright.pipeline.StepKind.need;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.millwright.artifact.Artifacts;
import org.millwright.kernel.Json;
import org.millwright.pipeline.Output;
import org.millwright.pipeline.OutputType;
import org.millwright.pipeline.StepContext;
import org.millwright.pipeline.StepKind;
import org.millwright.pipeline.StepRunner;
import org.millwright.pipeline.Trees;

/**
 * Steps that do what a test says.
 *
 * @param works what a step gives, by its id
 */
record ToldSteps(Map<String, Work> works, Artifacts artifacts, Trees trees) {
    /** The content of a step's output. */
    interface Work {
        byte[] make(StepContext context) throws Exception;
    }

    /** By kind. */
    Map<String, StepRunner> runners() {
        return Stream.of(
                        new StepKind(
                                "sql",
                                1,
                                List.of(need("run", ARGUMENTS)),
                                Map.of("rows", OutputType.JSON),
                                true,
                                false),
                        new StepKind(
                                "python",
                                1,
                                List.of(need("run", ARGUMENTS), may("inputs", INPUTS)),
                                Map.of("model", OutputType.JSON),
                                true,
                                false),
                        new StepKind(
                                "handoff",
                                1,
                                List.of(need("model", REFERENCE)),
                                Map.of("portable", OutputType.FILE),
                                true,
                                false))
                .collect(Collectors.toMap(StepKind::name, Runner::new));
    }

    private final class Runner implements StepRunner {
        private final StepKind kind;

        Runner(StepKind kind) {
            this.kind = kind;
        }

        @Override
        public StepKind kind() {
            return kind;
        }

        @Override
        public Result run(StepContext context) throws Exception {
            byte[] made = Objects.requireNonNull(works.get(context.step().id())).make(context);
            String name = kind.outputs().keySet().iterator().next();
            if (kind.outputs().get(name) == OutputType.JSON) {
                String sha256 = artifacts.put(made).sha256();
                return new Result(List.of(new Output(name, OutputType.JSON, sha256, Json.object())), "made");
            }
            Path file = Files.createDirectories(context.folder()).resolve("model.onnx");
            String tree = trees.put(Files.write(file, made));
            return new Result(
                    List.of(new Output(
                            name, OutputType.FILE, tree, Json.object().put("runtime", "onnx"))),
                    "made");
        }
    }
}

package org.millwright.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.artifact.Artifacts;
import org.millwright.kernel.Ids;
import org.millwright.kernel.Problem;

final class PipelineFileTest {
    static final String GOOD = """
            apiVersion: millwright/v1
            kind: Pipelines
            pipelines:
              main:
                parameters:
                  through: {type: month}
                  seed: {type: int, default: 7}
                steps:
                  - {id: one, kind: join, run: [one.py, "${through}"], code: [one.py]}
                  - {id: two, kind: join, run: [two.py, "${seed}"], code: [two.py], inputs: {first: one.text}}
                  - {id: three, kind: join, run: [two.py], code: [two.py], inputs: {first: one.text}}
                  - {id: last, kind: join, run: [one.py], code: [one.py]}
            """;
    static final Set<String> FILES = Set.of("one.py", "two.py", "pipeline.yaml", "millwright.yaml");

    @TempDir
    Path folder;

    private StepKinds kinds = new StepKinds(List.of());

    @BeforeEach
    void kinds() {
        kinds = new TestSteps(new Artifacts(folder, new Ids(Clock.systemUTC()))).kinds();
    }

    @Test
    void readsStepsAndTheirOrder() {
        Pipeline main = PipelineFile.parse(GOOD, kinds, FILES).get("main");

        assertThat(main.step("two").needs()).containsExactly("one");
        assertThat(main.step("last").needs())
                .as("refers to none, so waits for all before it")
                .containsExactly("one", "two", "three");
        assertThat(main.step("two").parameters()).containsExactly(Map.entry("seed", "${seed}"));
    }

    @Test
    void reportsAllMistakesAtOnceWithTheirLines() {
        String bad = GOOD.replace("kind: join, run: [one.py, \"${through}\"]", "kind: jion, run: [one.py]")
                .replace("run: [two.py, \"${seed}\"]", "run: [too.py, \"${sede}\"]")
                .replace("{id: three, kind: join,", "{id: three, kind: join, paramters: [], timeout: soon,")
                .replace("{id: last, kind: join,", "{id: last, kind: join, needs: [tree], ")
                .replace("default: 7", "default: seven");

        assertThatThrownBy(() -> PipelineFile.parse(bad, kinds, FILES))
                .isInstanceOf(Problem.Invalid.class)
                .hasMessageContaining(
                        "pipeline.yaml:7: pipelines.main.parameters.seed.default: expected a whole number, got 'seven'")
                .hasMessageContaining(
                        "pipeline.yaml:9: pipelines.main.steps[0].kind: unknown kind 'jion'; did you mean 'join'?")
                .hasMessageContaining(
                        "pipeline.yaml:10: pipelines.main.steps[1].run: the project has no file 'too.py'; did you mean 'two.py'?")
                .hasMessageContaining(
                        "pipeline.yaml:10: pipelines.main.steps[1].run[1]: unknown ${sede}; did you mean ${seed}?")
                .hasMessageContaining("pipeline.yaml:11: pipelines.main.steps[2].paramters: unknown key 'paramters'")
                .hasMessageContaining(
                        "pipeline.yaml:11: pipelines.main.steps[2].timeout: expected a duration such as 30m, got 'soon'")
                .hasMessageContaining("pipeline.yaml:12: pipelines.main.steps[3].needs: the pipeline has no step 'tree'"
                        .replace(".needs:", ".needs[0]:"));
    }

    @Test
    void namesTheStepsOfACycle() {
        String bad = GOOD.replace("{id: one, kind: join,", "{id: one, kind: join, needs: [three],");

        assertThatThrownBy(() -> PipelineFile.parse(bad, kinds, FILES))
                .hasMessageContaining("pipeline.yaml:9:")
                .hasMessageContaining("steps wait for each other: one → three → one");
    }

    @Test
    void unknownOutputAndUnknownParameterAreNamed() {
        assertThatThrownBy(() -> PipelineFile.parse(GOOD.replaceFirst("one.text", "one.txt"), kinds, FILES))
                .hasMessageContaining("step 'one' has no output 'txt'; did you mean 'text'?");

        Pipeline main = PipelineFile.parse(GOOD, kinds, FILES).get("main");
        assertThatThrownBy(() -> main.values(Map.of("sed", "1")))
                .hasMessageContaining("unknown parameter 'sed'; did you mean 'seed'?")
                .hasMessageContaining("parameter 'through' is missing (expected a month such as 2013-06)");
    }
}

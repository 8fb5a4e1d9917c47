package org.millwright.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.millwright.kernel.Problem;
import org.millwright.project.RolloutPlan.Checks;
import org.millwright.project.RolloutPlan.Measure;
import org.millwright.project.RolloutPlan.Metric;
import org.millwright.project.RolloutPlan.Mode;
import org.millwright.project.RolloutPlan.Step;

class RolloutReaderTest {
    private static RolloutPlan read(String text) {
        return RolloutReader.parse("rollout.yaml", text);
    }

    @Test
    void readsStepsAndChecks() {
        RolloutPlan plan = read("""
                steps:
                - {shadow: 100, min-requests: 500, give-up-after: 7d}
                - {traffic: 5, bake: 10m}
                - {traffic: 50, min-requests: 1000, by-hand: true}
                checks: {failed: 0.02, latency: 1.5, drift: 0.25, metric: {measure: mae, margin: 0.05, min-labels: 100}}
                sticky-by: customer
                """);
        assertThat(plan.steps())
                .containsExactly(
                        new Step(Mode.SHADOW, 100, 500, 0, 7 * 86_400_000L, false),
                        new Step(Mode.LIVE, 5, 200, 600_000, 0, false),
                        new Step(Mode.LIVE, 50, 1000, 0, 0, true));
        assertThat(plan.checks())
                .isEqualTo(new Checks(
                        0.02,
                        OptionalDouble.of(1.5),
                        OptionalDouble.of(0.25),
                        Optional.of(new Metric(Measure.MAE, 0.05, 100))));
        assertThat(plan.stickyBy()).contains("customer");
    }

    @Test
    void strategiesAreStepsInTheirUsualForm() {
        assertThat(read("strategy: canary").steps())
                .isEqualTo(RolloutPlan.canary(25, 200).steps());
        assertThat(read("{strategy: blue-green, bake: 1h}").steps())
                .containsExactly(new Step(Mode.LIVE, 100, 200, 3_600_000, 0, false));
        assertThat(read("strategy: shadow").steps()).containsExactly(new Step(Mode.SHADOW, 100, 200, 0, 0, false));
        assertThat(read("{strategy: ab, traffic: 30}").steps())
                .containsExactly(new Step(Mode.LIVE, 30, 200, 0, 0, true));
    }

    @Test
    void saysEverythingThatIsWrongWithItsLine() {
        assertThatThrownBy(() -> read("""
                strategy: canary
                steps:
                - {traffic: 5, shadow: 5}
                - {traffic: 0, bake: 10, min-requests: 0}
                - {traffic: 5, bake: 2h, give-up-after: 1h}
                traffic: 3
                checks: {failed: 2, latency: -1, drifft: 1, metric: {measure: rmse, margin: -1, min-labels: 1}}
                """))
                .isInstanceOf(Problem.Invalid.class)
                .hasMessageContainingAll(
                        "expected either 'strategy'",
                        "expected either 'traffic' (percent that it answers) or 'shadow'",
                        "expected 1 to 100 percent, got 0",
                        "a duration such as 10m",
                        "expected at least 1, got 0",
                        "expected longer than 'bake'",
                        "belongs into each of the 'steps'",
                        "expected a share from 0 to 1, got 2",
                        "expected a number above 0, got -1",
                        "drift",
                        "expected a number from 0 on, got -1",
                        "expected at least 2, got 1",
                        "rollout.yaml:7");
        assertThatThrownBy(() -> read("steps: []")).hasMessageContaining("expected 1 to 20 steps, got 0");
        assertThatThrownBy(() -> read("[]")).isInstanceOf(Problem.Invalid.class);
    }

    @Test
    void aProjectMayLeaveTheBeginningToAPerson() {
        String manual =
                ProjectFileTest.GOOD.replace("canary: {traffic: 25, min-requests: 200}", "rollout: {strategy: manual}");
        assertThat(ProjectFile.parse(manual).release().rollout()).isEmpty();
        assertThat(ProjectFile.parse(ProjectFileTest.GOOD).release().rollout()).contains(RolloutPlan.canary(25, 200));
        assertThatThrownBy(() -> ProjectFile.parse(
                        ProjectFileTest.GOOD.replace("canary: {", "rollout: {strategy: ab}, canary: {")))
                .hasMessageContaining("not both");
        assertThat(List.of(ProjectFile.parse(ProjectFileTest.GOOD.replace(
                                "canary: {traffic: 25, min-requests: 200}", "rollout: {strategy: blue-green}"))
                        .release()
                        .rollout()
                        .orElseThrow()
                        .steps()))
                .containsExactly(List.of(new Step(Mode.LIVE, 100, 200, 0, 0, false)));
    }

    @Test
    void readsWhatAStopDoes() {
        assertThat(onStop("previous")).isEqualTo(new OnStop.Previous());
        assertThat(onStop("{constant: 12.5}")).isEqualTo(new OnStop.Constant(12.5));
        assertThat(onStop("alert")).isEqualTo(new OnStop.AlertOnly());
        assertThat(ProjectFile.parse(ProjectFileTest.GOOD).release().onStop()).isEqualTo(new OnStop.Previous());
        assertThatThrownBy(() -> onStop("{constant: 1e999}")).hasMessageContaining("expected a");
        assertThatThrownBy(() -> onStop("halt")).hasMessageContaining("previous, refuse, alert or {constant: VALUE}");
    }

    private static OnStop onStop(String text) {
        String file = ProjectFileTest.GOOD.replace("smoke-rows: 100", "smoke-rows: 100, on-stop: " + text);
        return ProjectFile.parse(file).release().onStop();
    }
}

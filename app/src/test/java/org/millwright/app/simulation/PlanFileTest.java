package org.millwright.app.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.YearMonth;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.millwright.kernel.Problem;

/** A simulation in a file, and options that go before it. */
class PlanFileTest {
    private static final String FILE = """
            apiVersion: millwright/v1
            kind: Simulation
            from: 2013-03
            to: 2013-12
            label-delay: 14d
            rows: 500
            faults:
              - unit:distance:*1.609:2013-08
            training-data: {arr_delay: flights.arr_delay}
            pipelines: {train: learn}
            """;

    @Test
    void optionsGoBeforeTheFile() {
        var options = new PlanFile(Map.of("to", "2013-06", "step", "day"), List.of(), Map.of(), Map.of());

        Plan plan = options.or(PlanFile.parse("simulation.yaml", FILE)).plan();

        assertThat(plan.from()).isEqualTo(YearMonth.of(2013, 3));
        assertThat(plan.to()).isEqualTo(YearMonth.of(2013, 6));
        assertThat(plan.history()).isEqualTo(YearMonth.of(2012, 9));
        assertThat(plan.labelDelay()).isEqualTo(Duration.ofDays(14));
        assertThat(plan.step()).isEqualTo(Plan.Step.DAY);
        assertThat(plan.rows()).hasValue(500);
        assertThat(plan.faults()).hasSize(1);
        assertThat(plan.pipelines()).isEqualTo(new Plan.Pipelines("acquire", "learn", "replay"));
        assertThat(plan.control().faults()).isEmpty();
        assertThat(plan.control().seed()).isEqualTo(plan.seed());
    }

    @Test
    void allMistakesOfAFileAreSaidWithTheirLines() {
        assertThatThrownBy(() -> PlanFile.parse(
                        "simulation.yaml", FILE.replace("rows:", "row:").replace("train: learn", "tran: learn")))
                .isInstanceOf(Problem.Invalid.class)
                .hasMessageContaining("simulation.yaml:6: row: unknown key 'row'; did you mean 'rows'?")
                .hasMessageContaining("unknown key 'tran'; did you mean 'train'?");
        assertThatThrownBy(() -> new PlanFile(
                                Map.of("from", "2013-07", "to", "2013-06", "history", "2013-07"),
                                List.of(),
                                Map.of(),
                                Map.of())
                        .plan())
                .hasMessageContaining("history 2013-07, from 2013-07, to 2013-06 (expected: in this order");
    }

    @Test
    void stepsEndAtMidnightAndMonths() {
        long july = Stretch.begin("2013-07");

        assertThat(Plan.Step.DAY.after(july)).isEqualTo(Stretch.begin("2013-07-02"));
        assertThat(Plan.Step.WEEK.after(july)).isEqualTo(Stretch.begin("2013-07-08"));
        assertThat(Plan.Step.MONTH.after(july + 1)).isEqualTo(Stretch.begin("2013-08"));
    }
}

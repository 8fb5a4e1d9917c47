package org.millwright.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.millwright.kernel.Json;

final class RulesTest {
    private static final ObjectNode INPUTS = (ObjectNode) Json.parse("""
            {"metrics": {"rows": 27004, "rmse": 38.1, "skill": 0.09},
             "champion": null,
             "handoff": {"agrees": true, "largest": 6e-05},
             "slices": {"origin": [{"value": "EWR", "rows": 9000, "skill": 0.1}, {"value": "LGA", "rows": 20, "skill": -1}]}}
            """);

    static {
        ((ObjectNode) INPUTS.get("metrics")).put("broken", Double.NaN);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            value = {
                "metrics.rows >= 5000                                      # PASS",
                "metrics.skill >= 0.02                                     # PASS",
                "metrics.skill > 0                                         # PASS",
                "metrics.skill >= 1                                        # FAIL",
                "champion == null || metrics.rmse < champion.rmse          # PASS",
                "champion != null && metrics.rmse < champion.rmse          # FAIL",
                "champion == null || champion.difference_low < 0.0         # PASS",
                "handoff.agrees                                            # PASS",
                "slices.origin.all(s, s.rows < 500 || s.skill > 0.0)       # PASS",
                "slices.origin.all(s, s.skill > 0.0)                       # FAIL",
                "metrics.recall > 0.5                                      # ERROR",
                "!(metrics.broken > 100.0)                                 # ERROR",
                "data.flights > 0                                          # ERROR",
                "metrics.rows                                              # ERROR"
            })
    void decides(String check, Verdict.Outcome expected) {
        Verdict verdict = Rules.judge(new Rule("r", check.strip(), ""), INPUTS);
        assertThat(verdict.outcome()).as(verdict.detail()).isEqualTo(expected);
    }

    @Test
    void refusesWhatIsNoExpression() {
        assertThatThrownBy(() -> Rules.compile("metrics.skill >")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Rules.compile("metrix.skill > 1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("metrix");
        assertThatThrownBy(() -> Rules.compile("1 + 1")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void boundsTheWork() {
        ObjectNode inputs = Json.object();
        var list = inputs.putArray("slices");
        for (int i = 0; i < 1_000; i++) {
            list.add(i);
        }
        Verdict verdict =
                Rules.judge(new Rule("r", "slices.all(a, slices.all(b, slices.all(c, a + b + c >= 0)))", ""), inputs);
        assertThat(verdict.outcome()).isEqualTo(Verdict.Outcome.ERROR);
    }
}

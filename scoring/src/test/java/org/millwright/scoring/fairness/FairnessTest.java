package org.millwright.scoring.fairness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.millwright.scoring.Oracles.ints;
import static org.millwright.scoring.Oracles.same;
import static org.millwright.scoring.Oracles.texts;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.millwright.scoring.Oracles;
import org.millwright.scoring.fairness.Criterion.Verdict;

class FairnessTest {
    private static final double TOLERANCE = 1e-9;
    private static final List<Map<String, String>> ROWS = Oracles.rows("perf_rows.csv.gz");

    @Test
    void groupsAndGapsAsFairlearnAndAif360() {
        JsonNode groups = Oracles.json("fairness.json").path("groups");
        assertThat(groups.size()).isEqualTo(4);
        groups.fields().forEachRemaining(entry -> {
            String[] names = entry.getKey().split("/");
            Fairness fairness = of(names[0], names[1]);
            rates(fairness, entry.getValue().path("by_group"));
            gaps(Disparities.asFairlearn(fairness.groups()), entry.getValue());
            versus(fairness, entry.getValue().path("aif360_style"));
        });
    }

    private static void rates(Fairness fairness, JsonNode want) {
        assertThat(fairness.groups()).hasSize(want.size());
        for (Group group : fairness.groups()) {
            JsonNode rates = want.path(group.name());
            assertThat(group.n()).isEqualTo(rates.path("count").asLong());
            same("selection", group.selectionRate().value(), rates.path("selection_rate"), TOLERANCE);
            same("accuracy", group.accuracy().value(), rates.path("accuracy"), TOLERANCE);
            same("tpr", orZero(group.tpr().value()), rates.path("tpr"), TOLERANCE);
            same("fpr", orZero(group.fpr().value()), rates.path("fpr"), TOLERANCE);
            same("tnr", orZero(group.tnr().value()), rates.path("tnr"), TOLERANCE);
            same("fnr", orZero(group.fnr().value()), rates.path("fnr"), TOLERANCE);
            same("precision", orZero(group.precision().value()), rates.path("precision"), TOLERANCE);
        }
    }

    private static void gaps(Disparities got, JsonNode want) {
        same("dp", got.demographicParityDifference(), want.path("demographic_parity_difference"), TOLERANCE);
        same("dpr", got.demographicParityRatio(), want.path("demographic_parity_ratio"), TOLERANCE);
        same("eo", got.equalizedOddsDifference(), want.path("equalized_odds_difference"), TOLERANCE);
        same("eor", got.equalizedOddsRatio(), want.path("equalized_odds_ratio"), TOLERANCE);
        same("eom", got.equalizedOddsDifferenceMean(), want.path("equalized_odds_difference_mean"), TOLERANCE);
        same("opp", got.equalOpportunityDifference(), want.path("equal_opportunity_difference"), TOLERANCE);
        same("oppr", got.equalOpportunityRatio(), want.path("equal_opportunity_ratio"), TOLERANCE);
        assertThat(got.demographicParityRatio() >= 0.8)
                .isEqualTo(want.path("four_fifths_pass").asBoolean());
    }

    private static void versus(Fairness fairness, JsonNode want) {
        assertThat(fairness.privileged()).isEqualTo(want.path("privileged").asText());
        for (Versus versus : fairness.versus()) {
            String name = versus.group();
            same(
                    name,
                    versus.statisticalParityDifference(),
                    want.path("statistical_parity_difference").path(name),
                    TOLERANCE);
            same(name, versus.disparateImpact(), want.path("disparate_impact").path(name), TOLERANCE);
            if (!Double.isNaN(versus.averageOddsDifference())) {
                same(
                        name,
                        versus.averageOddsDifference(),
                        want.path("average_odds_difference").path(name),
                        TOLERANCE);
            }
        }
    }

    private static double orZero(double value) {
        return Double.isNaN(value) ? 0 : value;
    }

    private static Fairness of(String period, String column) {
        List<Map<String, String>> rows =
                ROWS.stream().filter(row -> row.get("period").equals(period)).toList();
        return Fairness.of(texts(rows, column), ints(rows, "y_pred"), ints(rows, "y_true"), FairnessSettings.DEFAULT);
    }

    @Test
    void smallGroupsAreShownButDecideNothing() {
        Fairness carriers = of("reference", "carrier");
        assertThat(carriers.groups()).extracting(Group::name).contains("HA", "AS");
        assertThat(carriers.judged()).extracting(Group::name).doesNotContain("HA", "AS", "F9", "YV");
        assertThat(carriers.judged()).allMatch(group -> group.n() >= 30);
        assertThat(carriers.criteria())
                .noneMatch(criterion -> List.of("HA", "AS", "F9", "YV").contains(criterion.lowest()));

        Fairness few = Fairness.of(
                new String[] {"a", "b", null}, new int[] {1, 0, Fairness.MISSING}, null, FairnessSettings.DEFAULT);
        assertThat(few.groups()).hasSize(2);
        assertThat(few.verdict()).isEqualTo(Verdict.INSUFFICIENT);
        assertThat(few.disparities().demographicParityRatio()).isNaN();
    }

    @Test
    void aGapIsUnfairAWarningOrOfChance() {
        Criterion unfair = selection(1_000, 500, 1_000, 300);
        assertThat(unfair.verdict()).isEqualTo(Verdict.UNFAIR);
        assertThat(unfair.value()).isCloseTo(0.6, within(1e-12));
        assertThat(unfair.lowest()).isEqualTo("b");
        assertThat(unfair.highest()).isEqualTo("a");
        assertThat(selection(40, 12, 40, 9).verdict()).isEqualTo(Verdict.CHANCE);
        assertThat(selection(1_000, 500, 1_000, 385).verdict())
                .as("apart, but perhaps by less than four fifths")
                .isEqualTo(Verdict.WARN);
        assertThat(selection(1_000, 500, 1_000, 480).verdict()).isEqualTo(Verdict.FAIR);
        assertThat(selection(1_000, 0, 1_000, 0).verdict()).isEqualTo(Verdict.FAIR);
    }

    private static Criterion selection(int n, int selected, int m, int others) {
        List<Group> groups = List.of(new Group("a", n, selected, 0, 0, 0, 0), new Group("b", m, others, 0, 0, 0, 0));
        return Fairness.of(groups, FairnessSettings.DEFAULT).criteria().get(0);
    }

    @Test
    void columnsMakeGroupsTogether() {
        assertThat(Fairness.intersection(Arrays.asList(new String[] {"EWR", "JFK"}, new String[] {"UA", null})))
                .containsExactly("EWR × UA", "JFK × (missing)");
        assertThatThrownBy(() -> Fairness.of(new String[1], new int[2], null, FairnessSettings.DEFAULT))
                .hasMessageContaining("differ in number: 1, 2");
        assertThatThrownBy(() -> new FairnessSettings(2, 0.1, 30, 0.05))
                .hasMessage("ratio: 2.0 (expected: above 0, at most 1)");
    }

    @Test
    void intervalsAreWilsons() {
        Group group = new Group("a", 10, 0, 0, 0, 0, 0);
        assertThat(group.selectionRate().low()).isZero();
        assertThat(group.selectionRate().high()).isCloseTo(0.2775328, within(1e-6));
        assertThat(group.tpr().value()).isNaN();
    }
}

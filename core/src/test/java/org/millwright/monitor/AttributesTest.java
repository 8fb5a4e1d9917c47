package org.millwright.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.millwright.monitor.LateFlights.AGREEMENT;
import static org.millwright.monitor.LateFlights.PROJECT;
import static org.millwright.monitor.LateFlights.named;
import static org.millwright.monitor.LateFlights.none;
import static org.millwright.monitor.LateFlights.period;
import static org.millwright.monitor.LateFlights.scored;
import static org.millwright.scoring.Oracles.same;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.millwright.kernel.Database;
import org.millwright.kernel.OnDatabases;
import org.millwright.kernel.Problem;
import org.millwright.outcome.AttributeStore;
import org.millwright.outcome.Bias;
import org.millwright.outcome.Label;
import org.millwright.outcome.Outcome;
import org.millwright.outcome.Performance;
import org.millwright.outcome.PredictionStore;
import org.millwright.scoring.Frame;
import org.millwright.scoring.Oracles;
import org.millwright.scoring.fairness.Disparities;
import org.millwright.scoring.fairness.Group;
import org.millwright.scoring.profile.Reference;

/** Groups by a column that the model does not know and that comes with outcomes. */
@ParameterizedClass
@MethodSource("org.millwright.kernel.OnDatabases#each")
class AttributesTest {
    private final Database database;

    @TempDir
    Path folder;

    private Line line;

    AttributesTest(OnDatabases.Maker maker) {
        database = maker.make();
    }

    @BeforeEach
    void open() {
        line = new Line(database, folder, PROJECT, LateFlights.reference());
        line.agree(AGREEMENT);
    }

    @AfterEach
    void close() {
        line.monitor.close();
        database.close();
    }

    /** The flights without their origin. */
    private static Frame blind(List<Map<String, String>> rows) {
        return Frame.of(rows.size())
                .strings("carrier", Oracles.texts(rows, "carrier"))
                .strings(Reference.OUTPUT, named(rows, "y_pred"))
                .build();
    }

    private static List<Label> labels(List<Map<String, String>> rows) {
        String[] late = named(rows, "y_true");
        List<Label> labels = new ArrayList<>();
        for (int i = 0; i < late.length; i++) {
            var attributes = Map.of("origin", String.valueOf(rows.get(i).get("origin")), "shoe size", "43");
            labels.add(new Label("r" + i, Outcome.of(late[i]), 1_000, attributes));
        }
        return labels;
    }

    private Performance performance() {
        return line.monitor
                .measures()
                .performance(
                        line.monitor.watched(Line.DEPLOYMENT), line.windows().getFirst());
    }

    private Labels.Received send(Label... labels) {
        return line.labels.receive(line.ana, Line.DEPLOYMENT, List.of(labels));
    }

    @Test
    void groupsAreThoseOfFairlearnWithoutTheModelKnowingThem() {
        List<Map<String, String>> rows = period("reference");
        List<Label> labels = labels(rows);
        line.monitor.answered(scored(line, "1", blind(rows.subList(0, 3_000)), none(3_000), "r", "2013-01"));
        Labels.Received received = line.labels.receive(line.ana, Line.DEPLOYMENT, labels);
        assertThat(received.pending()).as("outcomes before their predictions").isEqualTo(rows.size() - 3_000);
        assertThat(received.unusedAttributes()).containsExactly("shoe size");
        line.monitor.answered(scored(line, "1", blind(rows), none(rows.size()), "r", "2013-01"));
        line.monitor.settle(Line.DEPLOYMENT);

        Performance performance = performance();

        JsonNode fair = Oracles.json("fairness.json").path("groups").path("reference/origin");
        Bias bias = performance.bias(List.of("origin")).orElseThrow();
        Disparities all = Disparities.asFairlearn(bias.groups());
        same("ratio", all.demographicParityRatio(), fair.path("demographic_parity_ratio"), 1e-9);
        same("odds", all.equalizedOddsDifference(), fair.path("equalized_odds_difference"), 1e-9);
        assertThat(bias.groups()).extracting(Group::name).containsExactlyInAnyOrder("EWR", "JFK", "LGA");
        assertThat(performance.segment(Map.of("origin", "LGA"))).isPresent();
        assertThat(performance.bias(List.of("origin", "carrier")).orElseThrow().groups())
                .as("crossed with an input")
                .hasSizeGreaterThan(10);
        assertThat(database.read(() -> new AttributeStore(database).known(Line.DEPLOYMENT, List.of("r0"))))
                .containsEntry("r0", "{\"origin\":\"" + rows.getFirst().get("origin") + "\"}");
    }

    @Test
    void theNewerValueCountsAndGoesWithItsPrediction() {
        List<Map<String, String>> rows = period("reference").subList(0, 400);
        line.monitor.answered(scored(line, "1", blind(rows), none(400), "r", "2013-01"));
        line.labels.receive(line.ana, Line.DEPLOYMENT, labels(rows));
        long before = rowsOf("EWR");
        Label first = labels(rows).getFirst();
        Labels.Received again = send(new Label("r0", first.outcome(), first.time(), Map.of("origin", "x".repeat(100))));
        assertThat(again.duplicates()).isEqualTo(1);
        assertThat(rowsOf("x".repeat(60) + "…")).isEqualTo(1);
        assertThat(rowsOf("EWR") + rowsOf("JFK") + rowsOf("LGA")).isEqualTo(399);
        assertThat(before).isPositive();

        int gone =
                database.write(() -> new PredictionStore(database).deleteBefore(Line.DEPLOYMENT, Line.time("2014-01")));
        assertThat(gone).isEqualTo(400);
        assertThat(database.read(() -> new AttributeStore(database).isEmpty(Line.DEPLOYMENT)))
                .isTrue();
    }

    private long rowsOf(String origin) {
        return performance().segments().stream()
                .filter(segment -> segment.by().equals(List.of("origin"))
                        && segment.value().equals(origin))
                .mapToLong(segment -> segment.scores().n())
                .sum();
    }

    @Test
    void whatIsNoColumnIsRefusedWithTheRest() {
        line.monitor.answered(scored(line, "1", blind(period("reference").subList(0, 5)), none(5), "r", "2013-01"));
        assertThatThrownBy(() -> send(new Label("r0", Outcome.of("late"), 1, Map.of("", "x"))))
                .isInstanceOf(Problem.Invalid.class)
                .hasMessageContaining("label 0: the name of an attribute has 0 characters");
        assertThatThrownBy(() -> send(new Label("r0", Outcome.of("late"), 1, Map.of("origin", "\0"))))
                .hasMessageContaining("label 0: attribute 'origin' has a NUL");
        var many = new java.util.HashMap<String, String>();
        for (int i = 0; i < 9; i++) {
            many.put("a" + i, "x");
        }
        assertThatThrownBy(() -> send(new Label("r0", Outcome.of("late"), 1, many)))
                .hasMessageContaining("9 attributes (expected: at most 8)");
    }
}

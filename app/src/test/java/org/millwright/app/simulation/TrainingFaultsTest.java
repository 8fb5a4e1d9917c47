package org.millwright.app.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.millwright.kernel.Problem;

/** The faults' SQL, run by DuckDB over a small month. */
class TrainingFaultsTest {
    private static final YearMonth AUGUST = YearMonth.of(2013, 8);
    private static final Map<String, String> TYPES =
            Map.of("carrier", "VARCHAR", "distance", "BIGINT", "delay", "BIGINT", "hour", "TIMESTAMP");

    @Test
    void rowsOfTheStretchAndSegmentChangeAndKeepTheirTypes() throws SQLException {
        var faults = faults(
                Map.of("distance", "flights.distance", "late", "flights.delay", "at", "flights.hour"),
                "unit:distance:*1.609:2013-08-02",
                "bias:carrier=EV:label+10:2013-08-01..2013-08-01");

        assertThat(faults.datasets(AUGUST)).containsExactly("flights");
        assertThat(faults.datasets(YearMonth.of(2013, 7))).isEmpty();
        assertThat(rows(faults.sql("flights", AUGUST, TYPES))).containsExactly("EV 100 15", "UA 100 5", "EV 161 5");
    }

    @Test
    void withoutATimeTheWholeMonthIsTouched() throws SQLException {
        var faults = faults(Map.of("distance", "flights.distance"), "broken:distance:null:2013-08-02");

        assertThat(rows(faults.sql("flights", AUGUST, TYPES))).containsExactly("EV null 5", "UA null 5", "EV null 5");
    }

    @Test
    void whatHasNoPlaceIsKnown() {
        var faults = faults(Map.of("distance", "flights.distance"), "concept:label+1:2013-08", "labels-stop:2013-08");

        assertThat(faults.datasets(AUGUST)).isEmpty();
        assertThat(faults.unplaced(AUGUST)).extracting(Fault::text).containsExactly("concept:label+1:2013-08");
        assertThatThrownBy(() -> faults(Map.of("distance", "flights"), "unit:distance:*2:2013-08"))
                .isInstanceOf(Problem.Invalid.class)
                .hasMessageContaining("training-data distance=flights (expected: COLUMN=DATASET.COLUMN)");
    }

    private static TrainingFaults faults(Map<String, String> places, String... faults) {
        var plan = new Plan(
                AUGUST,
                AUGUST,
                AUGUST.minusMonths(1),
                Duration.ZERO,
                Plan.Step.WEEK,
                OptionalInt.empty(),
                7,
                FaultReader.read(List.of(faults)),
                places,
                new Plan.Pipelines("acquire", "train", "replay"));
        return new TrainingFaults(plan, "late", "at");
    }

    private static List<String> rows(String sql) throws SQLException {
        try (var database = DriverManager.getConnection("jdbc:duckdb:");
                var statement = database.createStatement()) {
            statement.execute("""
                    create table clean as select * from (values
                        ('EV', 100::bigint, 5::bigint, timestamp '2013-08-01 10:00:00'),
                        ('UA', 100, 5, timestamp '2013-08-01 11:00:00'),
                        ('EV', 100, 5, timestamp '2013-08-02 10:00:00')) as t(carrier, distance, delay, hour)""");
            statement.execute(sql);
            var rows = new ArrayList<String>();
            try (var found = statement.executeQuery("select * from faulted order by hour")) {
                while (found.next()) {
                    rows.add(found.getString(1) + " " + found.getString(2) + " " + found.getString(3));
                }
            }
            return rows;
        }
    }
}

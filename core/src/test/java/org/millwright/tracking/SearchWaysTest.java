package org.millwright.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.millwright.tracking.Tracking.ANA;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jooq.ResultQuery;
import org.jooq.conf.ParamType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.millwright.kernel.OnDatabases;
import org.millwright.schema.Tables;

/** The ways a search takes find the same, and on SQLite each follows the index that it is meant to. */
@ParameterizedClass
@MethodSource("org.millwright.kernel.OnDatabases#each")
class SearchWaysTest {
    private final Tracking room;
    private String experiment = "";

    SearchWaysTest(OnDatabases.Maker maker) {
        room = new Tracking(maker.make());
    }

    @BeforeEach
    void log() {
        experiment = room.experiments.create(ANA, "e", "", Map.of()).id();
        var random = new Random(7);
        for (int i = 0; i < 80; i++) {
            String run = room.runs
                    .create(ANA, new NewRun(experiment, "r" + i % 7, "u", random.nextInt(20), Map.of()))
                    .id();
            var metrics = new ArrayList<Metric>();
            for (String key : List.of("a", "b")) {
                int kind = random.nextInt(6);
                if (kind > 0) {
                    metrics.add(new Metric(key, kind == 1 ? Double.NaN : random.nextInt(6), 1, 1));
                }
            }
            var params = random.nextInt(4) == 0
                    ? Map.<String, String>of()
                    : Map.of("p", "x".repeat(random.nextInt(2) * 300) + random.nextInt(4));
            room.runs.log(ANA, run, Batch.of(metrics, params, Map.of("t", "t" + random.nextInt(3))));
            if (random.nextInt(9) == 0) {
                room.runs.delete(ANA, run);
            }
        }
    }

    @AfterEach
    void close() {
        room.close();
    }

    @Test
    void everyWayFindsTheSameInTheSameOrder() {
        var filters = List.of(
                "",
                "metrics.a > 2",
                "metrics.a != 3",
                "metrics.a = 3 and params.p = '1'",
                "params.p = '" + "x".repeat(300) + "2'",
                "tags.t = 't1' and metrics.b <= 4",
                "params.p IS NULL",
                "attributes.run_name = 'r3'",
                "params.p LIKE '%1' and metrics.b < 5");
        var orders = List.of(
                List.<String>of(),
                List.of("metrics.a DESC"),
                List.of("metrics.a ASC", "params.p DESC"),
                List.of("params.p ASC", "metrics.b DESC"),
                List.of("tags.t DESC", "start_time ASC"),
                List.of("start_time ASC"));
        for (String filter : filters) {
            for (List<String> order : orders) {
                for (View view : View.values()) {
                    compare(query(filter, order, view));
                }
            }
        }
    }

    private void compare(RunSearchStore.Query query) {
        room.database.read(() -> {
            var plain = new RunSearchStore(room.database, 0);
            List<Integer> all = plain.sorted(query, Optional.empty(), 0, 1_000).fetch(Tables.RUN.NUM);
            for (int rare : new int[] {0, 3, 5_000}) {
                var store = new RunSearchStore(room.database, rare);
                assertThat(store.search(query, 0, 1_000))
                        .as("%s, rare %d", query, rare)
                        .isEqualTo(all);
                List<Integer> page = all.subList(Math.min(7, all.size()), Math.min(18, all.size()));
                assertThat(store.search(query, 7, 11))
                        .as("%s, rare %d", query, rare)
                        .isEqualTo(page);
            }
            return true;
        });
    }

    private RunSearchStore.Query query(String filter, List<String> order, View view) {
        return new RunSearchStore.Query(
                List.of(Long.valueOf(experiment)),
                view,
                SearchFilter.parse(filter, SearchGrammar.RUNS),
                SearchOrder.parse(order, SearchGrammar.RUNS));
    }

    @Test
    void searchesFollowIndexes() {
        if (!room.database.isSqlite()) {
            assertThat(indexesOfPostgres()).contains("metric_series_value", "run_param_value", "run_recent");
            return;
        }
        room.database.read(() -> {
            var store = new RunSearchStore(room.database);
            var newest = query("params.q LIKE 'x%'", List.of(), View.ACTIVE_ONLY);
            assertThat(plan(store.sorted(newest, Optional.empty(), 0, 100)))
                    .contains("run USING COVERING INDEX run_recent (experiment_id=?)")
                    .contains("run_param USING PRIMARY KEY")
                    .doesNotContain("SCAN")
                    .doesNotContain("TEMP B-TREE");
            var byMetric = query("params.p = '1' and metrics.a > 2", List.of("metrics.a DESC"), View.ACTIVE_ONLY);
            assertThat(plan(store.withValue(byMetric, byMetric.orders().getFirst(), Optional.of(0), 100)))
                    .contains("metric_series_value (experiment_id=? AND metric_key=? AND is_nan=? AND val>?)")
                    .contains("run USING INTEGER PRIMARY KEY")
                    .containsPattern("run_param (EXISTS )?USING PRIMARY KEY")
                    .contains("LAST 2 TERMS OF ORDER BY")
                    .doesNotContain("SCAN");
            for (String rare : List.of("params.p = '1'", "tags.t = 't1'", "metrics.a > 4", "metrics.b = 3")) {
                var query = query(rare, List.of("metrics.a DESC"), View.ACTIVE_ONLY);
                assertThat(plan(store.sorted(query, Optional.of(query.clauses().getFirst()), 0, 100)))
                        .containsPattern("d USING COVERING INDEX \\w+_value \\(experiment_id=\\? AND \\w+_key=\\? AND ")
                        .contains("run USING INTEGER PRIMARY KEY")
                        .doesNotContain("SCAN");
            }
            return true;
        });
    }

    private String plan(ResultQuery<?> query) {
        var lines = new StringBuilder();
        room.database
                .dsl()
                .resultQuery("explain query plan " + query.getSQL(ParamType.INLINED))
                .forEach(row -> lines.append(row.get("detail", String.class)).append('\n'));
        return lines.toString();
    }

    private List<String> indexesOfPostgres() {
        return room.database.read(() -> room.database
                .dsl()
                .resultQuery("select indexname from pg_indexes where schemaname = current_schema()")
                .fetch("indexname", String.class));
    }
}

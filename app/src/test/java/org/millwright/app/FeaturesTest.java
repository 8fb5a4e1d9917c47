package org.millwright.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.dataset.SqlJob;
import org.millwright.engines.duckdb.DuckTables;

/** The template's own features know nothing from after the prediction time: the past alone gives the same features. */
class FeaturesTest {
    /** Made-up flights and weather of June, at odd times and with gaps, by a hash instead of chance. */
    private static final String WORLD = """
            create view flights as
            select 'F' || i as flight_id, 2013 as year, 6 as month, day(t) as day, 1030 as dep_time,
                hour(t) * 100 + minute(t) as sched_dep_time, (hash(i, 1) % 60)::bigint as dep_delay, 1200 as arr_time,
                1145 as sched_arr_time, (hash(i, 2) % 90)::bigint as arr_delay, 'UA' as carrier, i as flight,
                'N' || hash(i, 3) % 5 as tailnum, ['EWR', 'JFK', 'LGA'][(1 + hash(i, 4) % 3)::bigint] as origin, 'IAH' as dest,
                180 as air_time, 1400 as distance, hour(t) as hour, minute(t) as minute,
                date_trunc('hour', t) as time_hour
            from (select i, timestamp '2013-06-01' + to_minutes((hash(i) % 43200)::bigint) as t from range(3000) r(i));

            create view weather as
            select o as origin, h as time_hour, (hash(o, h) % 100)::double as temp, 40.0 as dewp,
                (hash(o, h, 1) % 100)::double as humid, (hash(o, h, 2) % 360)::bigint as wind_dir, 5.0 as wind_speed,
                (hash(o, h, 3) % 3)::double as precip, 1013.0 as pressure, (hash(o, h, 4) % 10)::double as visib
            from (values ('EWR'), ('JFK'), ('LGA')) as origins(o),
                range(timestamp '2013-06-01', timestamp '2013-07-01', interval 1 hour) as hours(h)
            where hash(o, h, 5) % 4 > 0;

            create view planes as
            select 'N' || i as tailnum, 2000 + i as year, 150 as seats, 'Turbo-fan' as engine from range(4) r(i);
            """;

    /** What is known at a moment: hours that are over, outcomes of no flight, no later flight. */
    private static final String PAST = """
            create table known_flights as
            select * replace (null::bigint as dep_time, null::bigint as dep_delay, null::bigint as arr_time,
                null::bigint as arr_delay, null::bigint as air_time)
            from flights where time_hour + to_minutes(minute::bigint) <= getvariable('now');
            create table known_weather as
            select * from weather where time_hour + interval 1 hour <= getvariable('now');
            """;

    @TempDir
    Path dir;

    @Test
    void thePastAloneGivesTheSameFeatures() throws IOException {
        try (var tables = new DuckTables(dir.resolve("scratch"))) {
            tables.run(job(WORLD, Map.of(), Map.of(), "flights", "weather", "planes"));
            var all = features(tables, "flights", "weather");
            assertThat(all).hasSize(3000);
            for (String now : List.of("2013-06-02T03:17:00Z", "2013-06-11T12:00:00Z", "2013-06-29T23:59:00Z")) {
                tables.run(job(
                        PAST,
                        Map.of("now", Instant.parse(now)),
                        Map.of("flights", List.of(file("flights")), "weather", List.of(file("weather"))),
                        "known_flights",
                        "known_weather"));

                var known = features(tables, "known_flights", "known_weather");

                assertThat(known).isNotEmpty();
                known.forEach((flight, features) -> assertThat(features).isEqualTo(all.get(flight)));
            }
        }
    }

    private Map<String, Map<String, @Nullable Object>> features(DuckTables tables, String flights, String weather)
            throws IOException {
        tables.run(job(
                resource("/templates/tabular-regression/files/features.sql"),
                Map.of("through", "2013-06", "month", "2013-06", "rows", 100L),
                Map.of(
                        "flights", List.of(file(flights)),
                        "weather", List.of(file(weather)),
                        "planes", List.of(file("planes"))),
                "scoring"));
        var features = new HashMap<String, Map<String, @Nullable Object>>();
        tables.read(file("scoring"), List.of(), 1000, frame -> {
            for (int row = 0; row < frame.rows(); row++) {
                Map<String, @Nullable Object> values = frame.row(row);
                values.remove("arr_delay");
                features.put((String) values.get("flight_id"), values);
            }
        });
        return features;
    }

    private SqlJob job(
            String script, Map<String, Object> variables, Map<String, List<Path>> inputs, String... outputs) {
        var files = new HashMap<String, Path>();
        for (String output : outputs) {
            files.put(output, file(output));
        }
        return new SqlJob("features.sql", script, inputs, variables, files, Duration.ofMinutes(1));
    }

    private Path file(String table) {
        return dir.resolve(table + ".parquet");
    }

    private static String resource(String name) throws IOException {
        try (var in = FeaturesTest.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}

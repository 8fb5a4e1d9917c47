package org.millwright.engines.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.millwright.dataset.SqlJob;
import org.millwright.kernel.Problem;

/** What scripts of SQL make of tables, and what they cannot reach. */
class DuckScriptsTest extends DuckFolder {
    @Test
    void whatOneWorkLeftIsNotSeenByTheNext() throws IOException {
        Path csv = Files.writeString(dir.resolve("a.csv"), "id,name\n1,a\n");
        for (int i = 0; i < 4; i++) {
            ingest(csv, "flights.parquet");
            ingest(csv, "weather.parquet");
            SqlJob script = job("look.sql", "create table mine as select 1 as x", "source", Map.of());

            assertThatThrownBy(() -> tables.run(script))
                    .hasMessageContaining("makes no table or view named 'source' (there are: flights, mine, weather)");
        }
    }

    @Test
    void noWeatherFromAfterThePredictionTimeGetsIn() throws IOException {
        Random random = new Random(7);
        List<LocalDateTime> hours = new ArrayList<>();
        var weather = new StringBuilder("origin,time_hour,temp\n");
        for (int hour = 0; hour < 24 * 50; hour++) {
            if (random.nextInt(5) > 0) {
                LocalDateTime at = LocalDateTime.of(2013, 1, 1, 0, 0).plusHours(hour);
                hours.add(at);
                weather.append("EWR,")
                        .append(at)
                        .append(':')
                        .append("00,")
                        .append(hour)
                        .append('\n');
            }
        }
        var flights = new StringBuilder("flight_id,origin,event_time\n");
        List<LocalDateTime> departures = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            LocalDateTime at = LocalDateTime.of(2013, 1, 1, 0, 0).plusMinutes(random.nextInt(60 * 24 * 50));
            departures.add(at);
            flights.append(i).append(",EWR,").append(at).append(':').append("00\n");
        }
        ingest(Files.writeString(dir.resolve("weather.csv"), weather), "weather.parquet");
        ingest(Files.writeString(dir.resolve("flights.csv"), flights), "flights.parquet");
        var last = new ArrayList<Long>();

        tables.run(job("features.sql", script("features.sql"), "train", Map.of("through", "2013-02")));
        tables.read(dir.resolve("train.parquet"), List.of(), 1000, frame -> {
            for (int row = 0; row < frame.rows(); row++) {
                LocalDateTime event = departures.get(((Number) frame.value(0, row)).intValue());
                Object known = frame.value(2, row);
                LocalDateTime expected = hours.stream()
                        .map(hour -> hour.plusHours(1))
                        .filter(hour -> !hour.isAfter(event))
                        .reduce((a, b) -> b)
                        .orElse(null);
                assertThat(known == null ? null : LocalDateTime.parse((String) known))
                        .isEqualTo(expected);
                assertThat(event.getMonthValue()).isEqualTo(1);
                last.add(((Number) frame.value(0, row)).longValue());
            }
        });
        assertThat(last).hasSizeGreaterThan(1500);
    }

    @Test
    void aScriptReachesNothingOutside() throws IOException {
        Path secret = Files.writeString(dir.resolve("secret.csv"), "a\n1\n");
        ingest(Files.writeString(dir.resolve("t.csv"), "a\n1\n"), "weather.parquet");
        ingest(dir.resolve("t.csv"), "flights.parquet");
        for (String attack : List.of(
                "create table train as select * from read_csv('" + secret + "')",
                "create table train as select * from glob('/etc/*')",
                "copy (select 1) to '" + dir.resolve("out.csv") + "'",
                "copy (select 1) to '" + dir.resolve("weather.parquet") + "'",
                "create table train as select * from read_parquet('" + dir.resolve("weather.parquet") + "')",
                "attach '" + dir.resolve("x.db") + "'",
                "install httpfs",
                "load httpfs",
                "set enable_external_access = true",
                "set threads = 8",
                "reset lock_configuration",
                "pragma temp_directory = '/tmp'",
                "export database '" + dir.resolve("dump") + "'",
                "create table train as select * from read_text('/etc/passwd')",
                "create table train as select * from 'https://example.com/x.csv'")) {
            assertThatThrownBy(() -> tables.run(job("evil.sql", attack, "train", Map.of())))
                    .as(attack)
                    .isInstanceOf(Problem.Invalid.class)
                    .hasMessageStartingWith("evil.sql: ");
        }
        assertThat(dir.resolve("out.csv")).doesNotExist();
        assertThat(tables.rows(dir.resolve("weather.parquet"))).isEqualTo(1);
    }

    @Test
    void saysWhatIsWrongWithAScript() throws IOException {
        ingest(Files.writeString(dir.resolve("t.csv"), "a\n1\n"), "weather.parquet");
        ingest(dir.resolve("t.csv"), "flights.parquet");

        assertThatThrownBy(() ->
                        tables.run(job("f.sql", "create view train as\nselect b from weather;", "train", Map.of())))
                .hasMessageContaining("f.sql: ")
                .hasMessageContaining("\"b\" not found");
        assertThatThrownBy(() -> tables.run(job("f.sql", "create view trian as select 1 as a", "train", Map.of())))
                .hasMessageContaining(
                        "f.sql makes no table or view named 'train' (there are: flights, trian, weather)");
    }

    @Test
    void stopsAScriptThatTakesTooLong() throws IOException {
        ingest(Files.writeString(dir.resolve("t.csv"), "a\n1\n"), "weather.parquet");
        Path weather = dir.resolve("weather.parquet");
        var job = new SqlJob(
                "slow.sql",
                "create table train as select sum(a.range * b.range) s from range(10000000) a, range(1000000) b",
                Map.of("weather", List.of(weather)),
                Map.of(),
                Map.of("train", dir.resolve("train.parquet")),
                Duration.ofMillis(300));

        assertThatThrownBy(() -> tables.run(job)).hasMessageStartingWith("slow.sql still ran after");
        assertThat(dir.resolve("train.parquet")).doesNotExist();
    }

    @Test
    void variablesKeepTheirTypes() throws IOException {
        ingest(Files.writeString(dir.resolve("t.csv"), "a\n1\n"), "weather.parquet");
        ingest(dir.resolve("t.csv"), "flights.parquet");
        Map<String, Object> variables = Map.of(
                "s",
                "it's",
                "l",
                7L,
                "d",
                0.5,
                "b",
                true,
                "day",
                java.time.LocalDate.of(2013, 1, 31),
                "at",
                Instant.parse("2013-01-31T10:15:30Z"));

        tables.run(job(
                "v.sql",
                "create view train as select getvariable('s') || '!' s, getvariable('l') + 1 l, getvariable('d') * 2 d,"
                        + " not getvariable('b') b, getvariable('day') + interval 1 day as day, getvariable('at') as at",
                "train",
                variables));

        assertThat(tables.head(dir.resolve("train.parquet"), List.of(), 1).row(0))
                .containsEntry("s", "it's!")
                .containsEntry("l", 8L)
                .containsEntry("d", 1.0)
                .containsEntry("b", false)
                .containsEntry("day", "2013-02-01T00:00:00.000000")
                .containsEntry("at", "2013-01-31T10:15:30.000000");
    }

    private SqlJob job(String name, String script, String output, Map<String, Object> variables) {
        return new SqlJob(
                name,
                script,
                Map.of(
                        "weather", List.of(dir.resolve("weather.parquet")),
                        "flights", List.of(dir.resolve("flights.parquet"))),
                variables,
                Map.of(output, dir.resolve(output + ".parquet")),
                Duration.ofMinutes(1));
    }

    private static String script(String name) throws IOException {
        try (var in = DuckScriptsTest.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}

package org.millwright.engines.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.millwright.dataset.Column;
import org.millwright.dataset.OpenTable;
import org.millwright.dataset.TableEngine;
import org.millwright.dataset.TableProfile;
import org.millwright.kernel.Problem;
import org.millwright.scoring.DataType;
import org.millwright.scoring.Frame;
import org.millwright.scoring.Vector;
import org.millwright.scoring.profile.ColumnCounts;

/** What is kept in tables comes back as it was. */
class DuckTablesTest extends DuckFolder {
    @Test
    void theSameRowsGiveTheSameBytes() throws IOException {
        Path csv = Files.writeString(dir.resolve("a.csv"), csv(50_000));
        var first = ingest(csv, "a.parquet");
        ingest(csv, "b.parquet");

        assertThat(Files.mismatch(dir.resolve("a.parquet"), dir.resolve("b.parquet")))
                .isEqualTo(-1);
        assertThat(first.rows()).isEqualTo(50_000);
        assertThat(first.columns())
                .containsExactly(
                        new Column("id", "BIGINT"),
                        new Column("name", "VARCHAR"),
                        new Column("value", "DOUBLE"),
                        new Column("at", "TIMESTAMP"));
    }

    @Test
    void anOpenTableCountsTheValuesOfEachColumn() throws IOException {
        Path csv = Files.writeString(
                dir.resolve("open.csv"),
                "n,text,at,flag,empty\n1,a,2013-01-01 10:00:00,true,\n2,b,2013-01-02 10:00:00,false,\n"
                        + "NA,a,2013-01-03 10:00:00,true,\n2,NA,NA,NA,\n");
        try (OpenTable open = tables.open(csv, TableEngine.Format.CSV, List.of("NA"))) {
            assertThat(open.rows()).isEqualTo(4);
            var numbers = (ColumnCounts.Numbers) open.count("n");
            assertThat(numbers.sample().values()).containsExactly(1, 2);
            assertThat(numbers.sample().upTo()).containsExactly(1, 3);
            assertThat(numbers.missing()).isEqualTo(1);
            assertThat(open.count("text")).isEqualTo(new ColumnCounts.Categories("text", Map.of("a", 2L, "b", 1L), 1));
            assertThat(open.count("flag").distinct()).isEqualTo(2);
            assertThat(open.count("at"))
                    .isEqualTo(new ColumnCounts.Times("at", "2013-01-01 10:00:00", "2013-01-03 10:00:00", 3, 3, 1));
            assertThat(open.count("empty").missing()).isEqualTo(4);
            assertThat(open.read(List.of("text", "n")).row(1)).isEqualTo(Map.of("text", "b", "n", 2L));
            assertThat(open.sample(List.of("n"), 3).rows()).isEqualTo(3);
            assertThat(open.sample(List.of("n"), 9).rows()).isEqualTo(4);
            assertThatThrownBy(() -> open.read(List.of("txt"))).hasMessageContaining("did you mean 'text'?");
        }
        try (OpenTable open = tables.open(csv, TableEngine.Format.CSV, List.of())) {
            assertThat(open.count("n")).isInstanceOf(ColumnCounts.Categories.class);
        }
        assertThatThrownBy(() -> tables.open(dir.resolve("none.parquet"), TableEngine.Format.PARQUET, List.of()))
                .isInstanceOf(Problem.Invalid.class);
        assertThatThrownBy(() -> tables.open(csv, TableEngine.Format.PARQUET, List.of()))
                .isInstanceOf(Problem.Invalid.class)
                .hasMessageContaining("no whole Parquet file")
                .hasMessageNotContaining("LINE 1");
    }

    @Test
    void aWideTableIsCountedLikeAnyOther() throws IOException {
        String names = IntStream.range(0, 300).mapToObj(i -> "c" + i).collect(Collectors.joining(","));
        String row = IntStream.range(0, 300).mapToObj(String::valueOf).collect(Collectors.joining(","));
        Path csv = Files.writeString(dir.resolve("wide.csv"), names + "\n" + row + "\n" + row + "\n");
        try (OpenTable open = tables.open(csv, TableEngine.Format.CSV, List.of())) {
            assertThat(((ColumnCounts.Numbers) open.count("c299")).sample().upTo())
                    .containsExactly(2);
            assertThat(open.read(List.of("c7")).rows()).isEqualTo(2);
        }
    }

    @Test
    void framesComeBackAsTheyWere() {
        Frame frame = Frame.of(3)
                .doubles("d", new double[] {1.5, Double.NaN, -0.0})
                .column("f", DataType.FLOAT, new Vector.Doubles(new double[] {0.1f, 2, 3}))
                .column("l", DataType.LONG, new Vector.Longs(new long[] {1L << 60, 0, 3}, nulls(1)))
                .column("i", DataType.INTEGER, new Vector.Longs(new long[] {1, 2, 3}))
                .column("b", DataType.BOOLEAN, new Vector.Booleans(new boolean[] {true, false, false}, nulls(2)))
                .strings("s", new String[] {"it's", null, "Zürich"})
                .build();
        Path file = dir.resolve("frame.parquet");
        try (var writer = tables.writer(file)) {
            writer.append(frame);
            writer.append(frame);
            assertThat(writer.finish()).isEqualTo(6);
        }

        var batches = new ArrayList<Frame>();
        tables.read(file, List.of(), 4, batches::add);

        assertThat(batches).extracting(Frame::rows).containsExactly(4, 2);
        assertThat(tables.rows(file)).isEqualTo(6);
        for (int row = 0; row < 3; row++) {
            assertThat(batches.getFirst().row(row)).isEqualTo(frame.row(row));
        }
        assertThat(IntStream.range(0, 6).mapToObj(batches.getFirst()::type))
                .containsExactly(
                        DataType.DOUBLE,
                        DataType.FLOAT,
                        DataType.LONG,
                        DataType.INTEGER,
                        DataType.BOOLEAN,
                        DataType.STRING);
        assertThat(tables.head(file, List.of("s", "d"), 2).names()).containsExactly("s", "d");
        assertThatThrownBy(() -> tables.head(file, List.of("dd"), 2))
                .hasMessageContaining("No column 'dd' in frame.parquet");
    }

    @Test
    void anEmptyFileHasColumnsAndNoRows() throws IOException {
        Path csv = Files.writeString(dir.resolve("a.csv"), "id,name\n");
        TableEngine.Ingested got = ingest(csv, "empty.parquet");

        assertThat(tables.head(dir.resolve("empty.parquet"), List.of(), 5).names())
                .containsExactly("id", "name");
        assertThat(got.rows()).isZero();
    }

    @Test
    void extendsAFileRowByRow() throws IOException {
        Path csv = Files.writeString(dir.resolve("a.csv"), csv(30_000));
        ingest(csv, "a.parquet");
        Frame more = Frame.of(30_000)
                .doubles(
                        "prediction",
                        IntStream.range(0, 30_000).mapToDouble(i -> i * 2).toArray())
                .build();

        tables.extend(dir.resolve("a.parquet"), more, Map.of("model", "flights/1"), dir.resolve("b.parquet"));

        tables.read(dir.resolve("b.parquet"), List.of("id", "prediction", "model"), 7_000, frame -> {
            for (int row = 0; row < frame.rows(); row++) {
                assertThat(frame.doubles("prediction")[row]).isEqualTo(2 * frame.doubles("id")[row]);
                assertThat(frame.value(2, row)).isEqualTo("flights/1");
            }
        });
        assertThat(tables.columns(dir.resolve("b.parquet"))).contains(new Column("at", "TIMESTAMP"));
        assertThatThrownBy(() ->
                        tables.extend(dir.resolve("a.parquet"), more.slice(0, 9), Map.of(), dir.resolve("c.parquet")))
                .hasMessage("rows: 9 (expected: 30000)");
    }

    @Test
    void profilesColumns() throws IOException {
        Path csv = Files.writeString(dir.resolve("a.csv"), "n,s,x\n1,a,1.5\n2,b,nan\n3,b,inf\n4,,2.5\n");
        TableProfile profile = ingest(csv, "a.parquet").profile();

        var n = profile.column("n").orElseThrow();
        assertThat(n.numbers().orElseThrow().mean()).isEqualTo(2.5);
        assertThat(n.numbers().orElseThrow().quantiles().get(3)).isEqualTo(2.5);
        assertThat(n.min()).contains("1");
        var s = profile.column("s").orElseThrow();
        assertThat(s.missing()).isEqualTo(1);
        assertThat(s.distinct()).isEqualTo(2);
        assertThat(s.top().getFirst()).isEqualTo(new TableProfile.Frequency("b", 2));
        var x = profile.column("x").orElseThrow();
        assertThat(x.nan()).isEqualTo(1);
        assertThat(x.max()).contains("2.5");
        assertThat(x.numbers().orElseThrow().mean()).isEqualTo(2);
    }

    @Test
    void manyThreadsWorkAtOnce() throws Exception {
        Path csv = Files.writeString(dir.resolve("a.csv"), csv(2_000));
        ingest(csv, "a.parquet");
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var futures = IntStream.range(0, 16)
                    .mapToObj(i -> threads.submit(() -> {
                        try (var writer = tables.writer(dir.resolve("copy" + i + ".parquet"))) {
                            tables.read(dir.resolve("a.parquet"), List.of(), 300, writer::append);
                            return writer.finish();
                        }
                    }))
                    .toList();
            for (var future : futures) {
                assertThat(future.get()).isEqualTo(2_000);
            }
        }
    }

    private static java.util.BitSet nulls(int row) {
        var nulls = new java.util.BitSet();
        nulls.set(row);
        return nulls;
    }

    private static String csv(int rows) {
        var text = new StringBuilder("id,name,value,at\n");
        for (int i = 0; i < rows; i++) {
            text.append(i)
                    .append(",n")
                    .append(i % 13)
                    .append(',')
                    .append(i / 7.0)
                    .append(",2013-01-01 00:00:00\n");
        }
        return text.toString();
    }
}

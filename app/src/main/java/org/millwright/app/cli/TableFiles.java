package org.millwright.app.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.millwright.dataset.OpenTable;
import org.millwright.dataset.TableEngine;
import org.millwright.engines.duckdb.DuckTables;
import org.millwright.kernel.Problem;

/** Reads the tables that a command without a server is given; everything it needs for that is gone when it is closed. */
final class TableFiles implements AutoCloseable {
    /** What pandas takes for a missing value in a CSV file. */
    static final List<String> MISSING =
            List.of("NA", "N/A", "n/a", "<NA>", "#N/A", "#NA", "NaN", "nan", "-NaN", "-nan", "NULL", "null", "None");

    private static final int MEMORY_MB = 2048;

    private final Path folder;
    private final DuckTables tables;
    private final List<OpenTable> opened = new CopyOnWriteArrayList<>();

    TableFiles() {
        try {
            folder = Files.createTempDirectory("millwright-tables");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        tables = new DuckTables(folder, MEMORY_MB);
    }

    /** Opens a file, which is closed with this at the latest. */
    OpenTable open(Path file, List<String> missing) {
        if (!Files.isRegularFile(file)) {
            throw new Problem.NotFound("No file " + file, "Name a CSV or Parquet file.");
        }
        OpenTable table = tables.open(file, TableEngine.Format.of(file), missing);
        opened.add(table);
        return table;
    }

    @Override
    public void close() {
        opened.forEach(OpenTable::close);
        tables.close();
        Scratch.delete(folder);
    }
}

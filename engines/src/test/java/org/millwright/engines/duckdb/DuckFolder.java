package org.millwright.engines.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.dataset.TableEngine;

/** Tables in a folder of their own, which leave nothing behind. */
abstract class DuckFolder {
    @TempDir
    Path dir;

    DuckTables tables;

    @BeforeEach
    void open() {
        tables = new DuckTables(dir.resolve("scratch"));
    }

    @AfterEach
    void close() throws IOException {
        tables.close();
        try (var left = Files.list(dir.resolve("scratch"))) {
            assertThat(left).isEmpty();
        }
    }

    TableEngine.Ingested ingest(Path file, String target) {
        return tables.ingest(
                file,
                TableEngine.Format.of(file),
                Optional.empty(),
                Instant.EPOCH,
                dir.resolve(target),
                dir.resolve("failing.parquet"));
    }
}

package org.millwright.dataset;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.millwright.scoring.Frame;

/**
 * Reads, checks, transforms and writes tables, kept as Parquet files. Safe for use by many threads; the same input gives
 * the same bytes. Interrupt the calling thread to cancel.
 */
public interface TableEngine {
    /** The form of a source file. */
    enum Format {
        CSV,
        PARQUET;

        /** By the file's name. */
        public static Format of(Path file) {
            String name = file.getFileName().toString().toLowerCase(java.util.Locale.ROOT);
            return switch (name.substring(name.lastIndexOf('.') + 1)) {
                case "parquet", "pq" -> PARQUET;
                case "csv", "tsv", "txt" -> CSV;
                default ->
                    throw new org.millwright.kernel.Problem.Invalid(
                            "'" + name + "' is no table (expected a file named *.csv or *.parquet)");
            };
        }
    }

    /**
     * What came in.
     *
     * @param profile of the rows as they were written
     * @param failing number of rows written to the file of failing rows; 0 when there is no such file
     */
    record Ingested(List<Column> columns, TableProfile profile, Optional<ValidationReport> report, long failing) {
        public Ingested {
            columns = List.copyOf(columns);
        }

        public long rows() {
            return profile.rows();
        }
    }

    /**
     * Writes a source file as Parquet in the types of its contract, profiles and checks it.
     *
     * @param reference the moment that ages are measured against
     * @param parquet file to write
     * @param failing file to write the rows to that break a rule: {@code rule}, {@code row} and all columns as texts
     */
    Ingested ingest(
            Path source,
            Format format,
            Optional<ContractTable> contract,
            Instant reference,
            Path parquet,
            Path failing);

    /**
     * Opens a file as it is, without a contract.
     *
     * @param missing what stands for a missing value in a CSV file, beside nothing
     */
    OpenTable open(Path source, Format format, List<String> missing);

    /** Starts the engine, so that the first work need not wait; fails when it cannot be used here. */
    void check();

    List<Column> columns(Path parquet);

    long rows(Path parquet);

    /** Runs a script that can reach its inputs and outputs only: no other file, no network, no settings. */
    void run(SqlJob job);

    /**
     * Reads a file in batches, in its order.
     *
     * <p>Whole numbers come as INTEGER or LONG, fractions as FLOAT or DOUBLE, all else as STRING (times in ISO form, UTC).
     *
     * @param columns names to read, in this order; empty for all
     */
    void read(Path parquet, List<String> columns, int batchRows, Consumer<Frame> batch);

    /** The first rows as one frame. */
    Frame head(Path parquet, List<String> columns, int rows);

    /** Starts a file of the frames that are appended. */
    TableWriter writer(Path parquet);

    /** Writes the rows of a file with more columns beside them, row by row; {@code constants} are the same in every row. */
    void extend(Path parquet, Frame more, Map<String, String> constants, Path target);
}

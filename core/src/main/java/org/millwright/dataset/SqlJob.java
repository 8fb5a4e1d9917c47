package org.millwright.dataset;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A script to run on tables.
 *
 * @param name file name of the script, for messages
 * @param inputs table name → the Parquet files that make it up
 * @param variables what {@code getvariable('name')} gives: String, Long, Double, Boolean, LocalDate or Instant
 * @param outputs name of a table or view that the script makes → the Parquet file to write it to
 */
public record SqlJob(
        String name,
        String script,
        Map<String, List<Path>> inputs,
        Map<String, Object> variables,
        Map<String, Path> outputs,
        Duration timeout) {
    public SqlJob {
        inputs = Map.copyOf(inputs);
        variables = Map.copyOf(variables);
        outputs = Map.copyOf(outputs);
    }
}

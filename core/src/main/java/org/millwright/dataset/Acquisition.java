package org.millwright.dataset;

import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import org.millwright.kernel.Problem;

/**
 * Data to take in.
 *
 * @param project the project it is for, which owns a dataset that is new
 * @param period what the file covers, such as {@code 2013-01}
 * @param file a CSV or Parquet file
 * @param contract what it promises; empty to take it as it is
 */
public record Acquisition(
        String project, String dataset, String period, Path file, Optional<ContractTable> contract, Origin origin) {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_-]{0,62}");

    public Acquisition {
        if (!NAME.matcher(dataset).matches()) {
            throw new Problem.Invalid(
                    "'" + dataset
                            + "' is no dataset name (expected: a lower-case letter, then letters, digits, '_' or '-', at most 63)");
        }
        Period.require(period);
    }
}

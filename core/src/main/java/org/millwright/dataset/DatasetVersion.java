package org.millwright.dataset;

import java.util.List;
import java.util.Optional;

/**
 * Data of one period as it came in at one time; it never changes.
 *
 * @param number 1 for the first data of the period, 2 for its first correction
 * @param sha256 of the Parquet file, kept as an artifact
 * @param sourceSha256 of the file that came in
 * @param contract id and version of the contract it was checked against, or ""
 * @param failingSha256 Parquet file of the rows that broke a rule
 * @param createdAt milliseconds since the epoch
 */
public record DatasetVersion(
        String id,
        String dataset,
        String period,
        int number,
        State state,
        String sha256,
        long rows,
        long bytes,
        String sourceSha256,
        String contract,
        String contractDigest,
        List<Column> columns,
        TableProfile profile,
        Optional<ValidationReport> report,
        Optional<String> failingSha256,
        Origin origin,
        long createdAt,
        String createdBy) {
    /** Usable, or kept aside because it broke its contract. */
    public enum State {
        ACCEPTED,
        QUARANTINED
    }

    public DatasetVersion {
        columns = List.copyOf(columns);
    }

    /** The asset reference, such as {@code dataset:flights@2013-01/1}. */
    public String ref() {
        return "dataset:" + dataset + "@" + period + "/" + number;
    }

    public boolean isAccepted() {
        return state == State.ACCEPTED;
    }
}

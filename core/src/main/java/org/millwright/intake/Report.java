package org.millwright.intake;

import java.util.List;
import java.util.Optional;
import org.millwright.kernel.Problem;
import org.millwright.scoring.remote.Recorder;

/**
 * What a process that only scores says it answered on a day.
 *
 * @param replica names the scorer among all that ever were
 * @param sequence number of this report of the scorer, from 1; one that is in the windows already is not counted again
 * @param version of the model that answered
 * @param day first millisecond of it, UTC
 * @param rows answered
 * @param last when the last of them was answered
 * @param dropped rows that the scorer answered since its last report and could not profile
 * @param profile of the rows, as JSON; empty when the version has no training profile
 * @param segments of these rows, those that were declared when the scorer last asked
 */
public record Report(
        String replica,
        long sequence,
        String version,
        long day,
        long rows,
        long last,
        long dropped,
        Optional<String> profile,
        List<Segment> segments) {
    private static final long MOST_ROWS = 1_000_000_000_000L;
    private static final int MOST_SEGMENTS = 100;
    private static final int LONGEST_SEGMENT = 512;

    public Report {
        segments = List.copyOf(segments);
        require(segments.size() <= MOST_SEGMENTS, "segments", "at most " + MOST_SEGMENTS);
        for (Segment segment : segments) {
            require(segment.rows() >= 1 && segment.rows() <= rows, "segments.rows", "1 to " + rows);
            int length = segment.name().length();
            require(
                    length > 0 && length <= LONGEST_SEGMENT,
                    "segments.name",
                    "1 to " + LONGEST_SEGMENT + " characters");
        }
        require(replica.matches("[A-Za-z0-9-]{8,48}"), "replica", "8 to 48 of A-Z, a-z, 0-9, '-'");
        require(sequence >= 1, "sequence", "at least 1");
        require(version.matches("[1-9][0-9]{0,17}"), "version", "a version's number as text");
        require(day >= 0 && day % Recorder.DAY == 0, "day", "the first millisecond of a day, UTC");
        require(rows >= 1 && rows <= MOST_ROWS, "rows", "1 to " + MOST_ROWS);
        require(last >= day && last < day + Recorder.DAY, "last", "a time of that day");
        require(dropped >= 0 && dropped <= MOST_ROWS, "dropped", "0 to " + MOST_ROWS);
    }

    /**
     * Rows of a report that belong together.
     *
     * @param name such as {@code origin=JFK}
     * @param profile of the rows, as JSON
     */
    public record Segment(String name, long rows, String profile) {}

    private static void require(boolean holds, String field, String expected) {
        if (!holds) {
            throw new Problem.Invalid("Field '" + field + "' is out of bounds (expected: " + expected + ")");
        }
    }
}

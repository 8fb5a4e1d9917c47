package org.millwright.monitor;

/**
 * How far the rows of a segment moved from training as a whole.
 *
 * @param name such as {@code origin=JFK}
 */
public record SegmentDrift(String name, long rows, Drifted drift) {
    static SegmentDrift of(SegmentStore.Stored stored, Drifted drift) {
        return new SegmentDrift(stored.name(), stored.rows(), drift);
    }
}

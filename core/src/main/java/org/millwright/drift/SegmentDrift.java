package org.millwright.drift;

/**
 * How far the rows of a segment moved from training as a whole.
 *
 * @param name such as {@code origin=JFK}
 */
public record SegmentDrift(String name, long rows, Drifted drift) {}

package org.millwright.tracking;

import java.util.Map;

/**
 * What a run starts with.
 *
 * @param name "" for a made-up one
 * @param startTime milliseconds since the epoch
 */
public record NewRun(String experimentId, String name, String userId, long startTime, Map<String, String> tags) {}

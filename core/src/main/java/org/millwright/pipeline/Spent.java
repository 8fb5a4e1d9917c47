package org.millwright.pipeline;

/**
 * What the steps of a run took of the machine.
 *
 * @param at when the run began, milliseconds since the epoch
 * @param millis all attempts of its steps together, without those whose outputs were reused
 * @param reused steps whose outputs were taken from an earlier run
 */
public record Spent(String project, String runId, long at, long millis, int reused) {}

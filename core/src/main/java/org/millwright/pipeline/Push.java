package org.millwright.pipeline;

/**
 * Files of a project that somebody sent as its newest ones.
 *
 * @param commit git commit that they are from; "" when unknown
 * @param by id of who sent them
 * @param at milliseconds since the epoch
 */
public record Push(String project, String sourceId, String commit, String by, long at) {}

package org.millwright.lineage;

/**
 * One asset went into another.
 *
 * @param from asset reference, such as {@code dataset:flights@2013-01/1}
 * @param to asset reference of what was made from it
 * @param run the run that made it
 * @param at milliseconds since the epoch
 */
public record Edge(String from, String to, String run, long at) {}

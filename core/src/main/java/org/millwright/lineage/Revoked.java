package org.millwright.lineage;

/**
 * An asset that may not be used any more, nor what came from it.
 *
 * @param subject asset reference, such as {@code dataset:flights@2013-01/1}
 * @param by id of who revoked it
 * @param at milliseconds since the epoch
 */
public record Revoked(String subject, String reason, String by, long at) {}

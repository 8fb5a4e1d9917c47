package org.millwright.approval;

/**
 * That one person decides in another's place for a time. Times are milliseconds since the epoch.
 *
 * @param person whose right it is
 * @param deputy who uses it
 */
public record Deputy(String id, String person, String deputy, long namedAt, long untilAt) {}

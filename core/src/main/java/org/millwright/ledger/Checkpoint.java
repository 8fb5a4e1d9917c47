package org.millwright.ledger;

/** A signed statement of the log's size and root at a time (milliseconds since the epoch). */
public record Checkpoint(long size, long at, String root, String note) {}

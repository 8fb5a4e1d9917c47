package org.millwright.ledger;

/**
 * A checkpoint that was kept outside the database.
 *
 * @param where in words for a message, such as {@code the anchor file:/mnt/notary/ledger (2026-03-01)}
 */
public record Anchored(String where, String note) {}

package org.millwright.scoring.codec;

/**
 * What one request may ask for.
 *
 * @param rows rows at most
 * @param values values of all inputs together at most
 */
public record Limits(int rows, int values) {
    /** 100,000 rows and ten million values. */
    public static final Limits USUAL = new Limits(100_000, 10_000_000);
}

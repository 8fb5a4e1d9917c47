package org.millwright.serving;

import java.util.OptionalDouble;

/**
 * Why the version in production does not answer.
 *
 * @param constant what each row gets instead; empty when requests are refused
 * @param by id of who stopped it
 * @param at milliseconds since 1970 UTC
 */
public record Halt(OptionalDouble constant, String reason, String by, long at) {
    /** What answers name as version when they are that constant. */
    public static final String VERSION = "constant";
}

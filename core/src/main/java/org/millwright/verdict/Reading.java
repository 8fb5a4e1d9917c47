package org.millwright.verdict;

import java.util.OptionalDouble;
import org.millwright.alert.Clause;
import org.millwright.alert.Verdict;

/**
 * Something that the clock says of a deployment, now.
 *
 * @param value in the unit
 * @param unit {@code s}, {@code ms}, {@code share} or a currency
 * @param limit that was agreed; empty when nothing was
 * @param verdict INSUFFICIENT when nothing was agreed or nothing is known
 * @param n requests that it rests on, 0 where none have a part in it
 * @param note in one sentence
 */
public record Reading(
        Clause clause, double value, String unit, OptionalDouble limit, Verdict verdict, long n, String note) {}

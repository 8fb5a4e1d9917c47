package org.millwright.scoring.fairness;

import java.util.List;
import java.util.function.ToDoubleBiFunction;
import java.util.function.ToDoubleFunction;

/**
 * The pairs of some groups, each tested for being too far apart.
 *
 * @param least the smallest p of a pair
 * @param count how many pairs there are
 */
record Pairs(double least, long count) {
    static final Pairs NONE = new Pairs(1, 0);

    /**
     * Tests every pair.
     *
     * @param figure by which one group of a pair is the lower one; pairs that are alike in it are not tested
     * @param p one-sided probability, of the lower and the higher group, that they are as far apart by chance
     */
    static <G> Pairs of(List<G> groups, ToDoubleFunction<G> figure, ToDoubleBiFunction<G, G> p) {
        double least = 1;
        for (G low : groups) {
            for (G high : groups) {
                if (figure.applyAsDouble(low) < figure.applyAsDouble(high)) {
                    least = Math.min(least, p.applyAsDouble(low, high));
                }
            }
        }
        return new Pairs(least, (long) groups.size() * (groups.size() - 1) / 2);
    }

    Pairs and(Pairs other) {
        return new Pairs(Math.min(least, other.least), count + other.count);
    }

    /** The probability that any pair is as far apart by chance, at most (Bonferroni): either one may be the lower one. */
    double p() {
        return Math.min(1, least * count * 2);
    }
}

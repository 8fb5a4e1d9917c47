package org.millwright.scoring.trees;

/** The trees of a model with what its library does to their sum. Immutable, so safe for many threads. */
interface Ensemble {
    /** Values given for each row. */
    int width();

    /** Whether the values are classes' scores, so that the best of them names a class. */
    boolean classifies();

    /**
     * Scores one row.
     *
     * @param row one value a feature, NaN where missing
     * @param out takes {@link #width()} values
     */
    void score(double[] row, double[] out);

    /** The number of the class that the library's scikit-learn interface would name. */
    default long bestClass(double[] scores) {
        if (scores.length == 1) {
            return scores[0] > 0.5 ? 1 : 0;
        }
        int best = 0;
        for (int i = 1; i < scores.length; i++) {
            if (scores[i] > scores[best]) {
                best = i;
            }
        }
        return best;
    }

    /** Classes that there are, where {@link #classifies()}: one score is that of the second of two. */
    default int classes() {
        return width() == 1 ? 2 : width();
    }

    /** The probabilities that the library's scikit-learn interface gives, from the scores of a row. */
    default void probabilities(double[] scores, double[] out) {
        if (scores.length == 1) {
            out[0] = 1 - scores[0];
            out[1] = scores[0];
        } else {
            System.arraycopy(scores, 0, out, 0, scores.length);
        }
    }
}

package org.millwright.scoring.profile;

import org.millwright.scoring.Vector;

/** What is known of one column without its rows. Mutable and not safe for several threads at once. */
public sealed interface ColumnProfile permits NumericProfile, CategoryProfile {
    String name();

    /** Rows seen, with and without a value. */
    long rows();

    /** Rows without a usable value: null, NaN or infinite. */
    long missing();

    /** Rows with a usable value. */
    default long present() {
        return rows() - missing();
    }

    /** Share of rows without a usable value, 0 to 1; 0 when there are no rows. */
    default double missingShare() {
        return rows() == 0 ? 0 : (double) missing() / rows();
    }

    /** Number of distinct values: exact when few, else estimated (1.6 % standard error). */
    double distinct();

    void update(Vector values);

    /** Adds what a deployment was sent: what is no number in a column of numbers counts as missing. */
    default void observe(Vector values) {
        boolean numbers = values instanceof Vector.Doubles || values instanceof Vector.Longs;
        if (this instanceof NumericProfile numeric && !numbers) {
            for (int i = 0; i < values.size(); i++) {
                numeric.addNull();
            }
        } else {
            update(values);
        }
    }

    /** Adds what another profile of the same column knows; throws IllegalArgumentException when kinds or bins differ. */
    void merge(ColumnProfile other);

    /** An empty profile of the same column with the same frozen bins. */
    ColumnProfile like();

    /** See {@link Profile#part}. */
    default ColumnProfile part() {
        return like();
    }
}

package org.millwright.approval;

import org.millwright.policy.Outcome;

/** Tells whether conditions hold by what is recorded; a room above does. */
public interface Measures {
    /**
     * Judges a condition's measure on what the record holds of a version now.
     *
     * @param version such as {@code model:delays/3}
     */
    Outcome judge(Condition condition, String version);

    /** The version that was approved under the condition; "" when it is not known any more. */
    String version(Condition condition);
}

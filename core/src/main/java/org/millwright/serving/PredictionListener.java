package org.millwright.serving;

/** Is told of rows that a deployment answered. */
public interface PredictionListener {
    /**
     * Takes note of answered rows, on the thread of the request: returns at once, neither blocks nor throws.
     *
     * <p>What it is given is shared, not copied: nobody may change the arrays afterwards.
     */
    void answered(Scored scored);

    /** Takes note, likewise, that the deployment's model failed to answer a request. */
    default void failed(String deployment) {}
}

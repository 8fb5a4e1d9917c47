package org.millwright.scoring;

/** The model could not be loaded or failed while predicting: not the caller's fault. */
public final class ModelFailure extends RuntimeException {
    public ModelFailure(String message) {
        super(message);
    }

    public ModelFailure(String message, Throwable cause) {
        super(message, cause);
    }
}

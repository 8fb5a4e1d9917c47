package org.millwright.scoring;

/** The model could not be loaded or failed while predicting: not the caller's fault. */
public final class ModelFailure extends RuntimeException {
    private final boolean temporary;

    public ModelFailure(String message) {
        super(message);
        this.temporary = false;
    }

    public ModelFailure(String message, Throwable cause) {
        super(message, cause);
        this.temporary = false;
    }

    private ModelFailure(String message, boolean temporary) {
        super(message);
        this.temporary = temporary;
    }

    /** What runs the model is gone or busy: the same rows may be answered a moment later. The message shows no row. */
    public static ModelFailure temporary(String message) {
        return new ModelFailure(message, true);
    }

    /** Whether it was made by {@link #temporary}. */
    public boolean isTemporary() {
        return temporary;
    }
}

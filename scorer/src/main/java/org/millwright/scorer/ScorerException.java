package org.millwright.scorer;

/** There is nothing to score with, or the scorer was set up wrongly; the message says what to do. */
public final class ScorerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ScorerException(String message) {
        super(message);
    }

    public ScorerException(String message, Throwable cause) {
        super(message, cause);
    }
}

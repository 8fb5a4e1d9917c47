package org.millwright.app.cli;

/** A station of the demo did not do what it should; the message says what. */
final class DemoFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DemoFailed(String message) {
        super(message);
    }
}

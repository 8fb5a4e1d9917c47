package org.millwright.project;

import java.util.Locale;

/** When versions of a project are made again by the server itself; whoever may run its pipelines can ask at any time. */
public enum Remaking {
    /** Once when it is registered, once more never, and in production by the calendar. */
    REGISTERED,
    /** Once when somebody has it certified, and in production by the calendar. */
    CERTIFIED,
    NEVER;

    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Throws IllegalArgumentException for an unknown word. */
    static Remaking of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }
}

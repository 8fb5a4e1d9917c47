package org.millwright.outcome;

import java.util.Locale;

/** What is predicted. */
public enum Task {
    REGRESSION,
    /** One of two classes, of which one is looked for. */
    BINARY,
    MULTICLASS;

    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}

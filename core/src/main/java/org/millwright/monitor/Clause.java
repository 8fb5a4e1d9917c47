package org.millwright.monitor;

import java.util.Locale;

/** What an agreement promises of each window. */
public enum Clause {
    PERFORMANCE,
    DRIFT;

    /** The name in files and JSON. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Clause of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }
}

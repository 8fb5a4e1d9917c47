package org.millwright.scoring.drift;

import java.util.Locale;

/** What is said of a column or a table, the worse the later; INSUFFICIENT never counts as fine. */
public enum DriftVerdict {
    INSUFFICIENT,
    OK,
    WARN,
    DRIFT;

    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}

package org.millwright.dataset;

import java.util.Locale;

/** What a broken rule means: the data stays out, somebody is told, or it is only noted. */
public enum Severity {
    ERROR,
    WARNING,
    INFO;

    /** Reads the free text of a contract; what is unknown counts as an error. */
    static Severity of(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "warning", "warn" -> WARNING;
            case "info" -> INFO;
            default -> ERROR;
        };
    }
}

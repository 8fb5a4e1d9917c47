package org.millwright.approval;

import java.util.Locale;

/** Something said about a request while it waits; {@code at} in milliseconds since the epoch. */
public record Note(String id, Kind kind, String by, long at, String text) {
    /** What it is. */
    public enum Kind {
        QUESTION,
        ANSWER,
        SENT_BACK;

        /** The name in JSON and on pages. */
        public String text() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }
}

package org.millwright.dataset;

import java.util.Locale;

/** The type of a column as a contract names it. */
public enum LogicalType {
    STRING,
    DATE,
    TIMESTAMP,
    TIME,
    NUMBER,
    INTEGER,
    OBJECT,
    ARRAY,
    BOOLEAN;

    static LogicalType of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }

    boolean isNumeric() {
        return this == NUMBER || this == INTEGER;
    }

    boolean isTemporal() {
        return this == DATE || this == TIMESTAMP || this == TIME;
    }
}

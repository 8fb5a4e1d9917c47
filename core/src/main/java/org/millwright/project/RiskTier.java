package org.millwright.project;

import java.util.Locale;

/** How much harm a wrong answer of the project's model can do. */
public enum RiskTier {
    MINIMAL,
    LOW,
    MEDIUM,
    HIGH;

    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Throws IllegalArgumentException for an unknown word. */
    public static RiskTier of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }
}

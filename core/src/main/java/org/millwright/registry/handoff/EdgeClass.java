package org.millwright.registry.handoff;

import java.util.Optional;

/** A kind of unusual input that rows are made of. */
public enum EdgeClass {
    NULL("null"),
    NAN("NaN"),
    POSITIVE_INFINITY("+Inf"),
    NEGATIVE_INFINITY("-Inf"),
    UNSEEN_CATEGORY("unseen category"),
    EMPTY_TEXT("empty text"),
    LONG_TEXT("long text"),
    INTEGER_LIMITS("integer limits"),
    FLOAT32_LIMITS("float32 limits"),
    BEYOND_FLOAT32("beyond float32"),
    FLOAT32_PRECISION("lost in float32"),
    COMBINATION("combinations"),
    /** On both sides of where a tree's prediction jumps: rounding there is reported with its rate and never blocks. */
    SPLIT_THRESHOLD("split thresholds");

    private final String text;

    EdgeClass(String text) {
        this.text = text;
    }

    /** The name in reports. */
    public String text() {
        return text;
    }

    static Optional<EdgeClass> of(String text) {
        for (EdgeClass kind : values()) {
            if (kind.text.equals(text)) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }
}

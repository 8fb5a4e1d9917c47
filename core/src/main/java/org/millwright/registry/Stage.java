package org.millwright.registry;

import org.millwright.kernel.Problem;
import org.millwright.tracking.Names;

/** The four stages that MLflow knows for a version. */
public enum Stage {
    NONE("None"),
    STAGING("Staging"),
    PRODUCTION("Production"),
    ARCHIVED("Archived");

    private final String text;

    Stage(String text) {
        this.text = text;
    }

    public String text() {
        return text;
    }

    /** Whether versions in this stage serve, so that a newcomer may archive them. */
    boolean isActive() {
        return this == STAGING || this == PRODUCTION;
    }

    public static Stage of(String text) {
        for (Stage stage : values()) {
            if (stage.text.equalsIgnoreCase(text)) {
                return stage;
            }
        }
        throw new Problem.Invalid("Invalid Model Version stage: " + Names.shortened(text)
                + ". Value must be one of None, Staging, Production, Archived.");
    }
}

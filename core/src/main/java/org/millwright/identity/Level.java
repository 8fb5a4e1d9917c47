package org.millwright.identity;

import java.util.Arrays;
import org.millwright.kernel.Problem;

/** What someone may do with an experiment or a registered model, under MLflow's names; each level holds those before it. */
public enum Level {
    NO_PERMISSIONS,
    READ,
    /** Use what MLflow's gateway serves; here it is reading. */
    USE,
    EDIT,
    /** Delete, and say who else may. */
    MANAGE;

    public boolean allows(Level needed) {
        return compareTo(needed) >= 0;
    }

    public static Level of(String text) {
        for (Level level : values()) {
            if (level.name().equals(text)) {
                return level;
            }
        }
        throw new Problem.Invalid("Invalid permission '" + text.replace('\0', ' ') + "'. Valid permissions are: "
                + Arrays.toString(values()));
    }
}

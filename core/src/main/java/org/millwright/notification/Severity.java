package org.millwright.notification;

import java.util.Locale;
import org.millwright.alert.Alert;
import org.millwright.alert.Clause;
import org.millwright.kernel.Problem;

/** How much an alert presses; the greater comes later. */
public enum Severity {
    /** Something moved, or will be due. */
    WARNING,
    /** What was promised is not kept: predictions are worse than agreed, or a certificate has ended. */
    CRITICAL;

    public static Severity of(Alert alert) {
        boolean ended = isWaited(alert.clause().kind()) && alert.threshold() <= 0;
        return switch (alert.clause().kind()) {
            case PERFORMANCE, FAIRNESS, STOP, REVOCATION -> CRITICAL;
            default -> ended ? CRITICAL : WARNING;
        };
    }

    private static boolean isWaited(Clause.Kind kind) {
        return kind == Clause.Kind.CERTIFICATE || kind == Clause.Kind.DECISION;
    }

    /** The name in files and JSON. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Severity of(String text) {
        for (Severity severity : values()) {
            if (severity.text().equals(text)) {
                return severity;
            }
        }
        throw new Problem.Invalid("severity: '" + text + "' (expected: warning or critical)");
    }
}

package org.millwright.approval;

import java.util.Locale;
import java.util.Optional;
import org.millwright.kernel.Problem;

/**
 * What a validator holds against a model. It is about the model and outlives the version on which it was found.
 *
 * @param version where it was found; "" for the model as a whole
 * @param blocking whether no release is approved while it is open
 * @param owner user id of who is to mend it
 * @param dueAt milliseconds since the epoch, as the other times
 */
public record Finding(
        String id,
        String project,
        String model,
        String version,
        Severity severity,
        boolean blocking,
        String text,
        String owner,
        long dueAt,
        String filedBy,
        long filedAt,
        State state,
        Optional<Settled> settled) {

    /** How much harm it may do. */
    public enum Severity {
        LOW,
        MEDIUM,
        HIGH,
        CRITICAL;

        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        public static Severity of(String text) {
            for (Severity severity : values()) {
                if (severity.text().equals(text)) {
                    return severity;
                }
            }
            throw new Problem.Invalid("severity: '" + text + "' (expected: low, medium, high or critical)");
        }
    }

    /** Where it stands; a waiver whose time is over counts as open. */
    public enum State {
        OPEN,
        WAIVED,
        CLOSED
    }

    /**
     * Who closed or waived it.
     *
     * @param until end of a waiver; 0 for what was closed
     */
    public record Settled(String by, long at, String reason, long until) {}

    public boolean isOpen(long now) {
        return state == State.OPEN
                || state == State.WAIVED && settled.map(Settled::until).orElse(0L) <= now;
    }

    public String state(long now) {
        return isOpen(now) ? "open" : state.name().toLowerCase(Locale.ROOT);
    }

    public String ref() {
        return "finding:" + id;
    }

    public String modelRef() {
        return "model:" + model + (version.isEmpty() ? "" : "/" + version);
    }
}

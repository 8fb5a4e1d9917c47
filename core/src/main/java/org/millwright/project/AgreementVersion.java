package org.millwright.project;

import java.util.List;
import java.util.Optional;
import org.millwright.identity.Role;

/**
 * One text of an agreement: who proposed it and who accepted it for which role. Times are milliseconds since the epoch.
 *
 * @param settledBy id of who accepted it last or refused it; empty while it waits
 * @param reason why it was refused; "" otherwise
 */
public record AgreementVersion(
        String id,
        String project,
        String model,
        String digest,
        String text,
        State state,
        String proposedBy,
        long proposedAt,
        List<Acceptance> acceptances,
        Optional<String> settledBy,
        Optional<Long> settledAt,
        String reason) {
    /** Those whose acceptance it takes. */
    public static final List<Role> ROLES = List.of(Role.DATA_SCIENTIST, Role.ML_ENGINEER);

    public AgreementVersion {
        acceptances = List.copyOf(acceptances);
    }

    /** Whether the text waits, is in force, was refused, or was followed by a newer one. */
    public enum State {
        PROPOSED,
        IN_FORCE,
        REFUSED,
        /** Waits for who proposed it to change or explain it. */
        SENT_BACK,
        SUPERSEDED;

        public String text() {
            return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * A person's word for a role.
     *
     * @param person account that stood for the person behind the account when they accepted
     */
    public record Acceptance(Role role, String by, String person, long at) {}

    /** The roles for which nobody accepted it yet. */
    public List<Role> missing() {
        return ROLES.stream()
                .filter(role -> acceptances.stream().noneMatch(accepted -> accepted.role() == role))
                .toList();
    }

    /** Whether one person accepted it for both roles, by whatever account. */
    public boolean isAcceptedAlone() {
        return acceptances.size() > 1
                && acceptances.stream().map(Acceptance::person).distinct().count() == 1;
    }

    public Agreement agreement() {
        return Agreement.parse(text);
    }

    /** The reference that the ledger uses. */
    public String ref() {
        return "agreement:" + model;
    }
}

package org.millwright.project;

import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.Set;

/**
 * How the project's releases are decided.
 *
 * @param approvers different people who must approve; empty for what the risk tier asks
 * @param days working days, Monday to Friday without holidays, that a request waits at most
 * @param zone where those days begin and end
 */
public record Deciding(Optional<Integer> approvers, int days, ZoneId zone, Set<LocalDate> holidays) {
    static final int MOST_APPROVERS = 5;
    static final int MOST_DAYS = 250;
    static final int MOST_HOLIDAYS = 500;

    /** What holds unless the file says otherwise. */
    public static final Deciding DEFAULT = new Deciding(Optional.empty(), 10, ZoneOffset.UTC, Set.of());

    public Deciding {
        holidays = Set.copyOf(holidays);
    }

    /** How many different people must approve: four eyes from the tier medium on, whatever the file says. */
    public int approvers(RiskTier tier) {
        return Math.max(least(tier), approvers.orElse(1));
    }

    static int least(RiskTier tier) {
        return switch (tier) {
            case MINIMAL, LOW -> 1;
            case MEDIUM, HIGH -> 2;
        };
    }
}

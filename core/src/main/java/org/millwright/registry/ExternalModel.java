package org.millwright.registry;

import java.util.Optional;
import org.millwright.project.RiskTier;

/**
 * A model that is bought or served elsewhere: it has no versions here, but somebody answers for it. Times are milliseconds
 * since the epoch.
 *
 * @param owner user name of who answers for it
 * @param servedAt where it answers, in words or as an address
 * @param supplier who made it; "" when unknown
 * @param reviewAt when it is to be looked at again
 * @param reason why it was retired; "" while it is in use
 */
public record ExternalModel(
        String name,
        String owner,
        String servedAt,
        String purpose,
        RiskTier tier,
        String supplier,
        Optional<Long> reviewAt,
        String reason,
        Optional<Long> retiredAt,
        String addedBy,
        long addedAt,
        long changedAt) {

    /** The reference that the ledger uses. */
    public String ref() {
        return "external-model:" + name;
    }

    /** Whether it says the same, whoever said it when. */
    boolean isSame(ExternalModel other) {
        return owner.equals(other.owner)
                && servedAt.equals(other.servedAt)
                && purpose.equals(other.purpose)
                && tier == other.tier
                && supplier.equals(other.supplier)
                && reviewAt.equals(other.reviewAt)
                && retiredAt.isEmpty() == other.retiredAt.isEmpty();
    }
}

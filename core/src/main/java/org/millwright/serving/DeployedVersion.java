package org.millwright.serving;

/**
 * A model version at a deployment, now or in the past.
 *
 * @param bundle SHA-256 of the bundle's archive among the artifacts
 * @param digest the bundle's root digest, which its certificate signs
 * @param reason why it left production or was refused; "" otherwise
 * @param smokeRows recorded rows that it predicted as at training when it was staged
 * @param smokeLargest the largest difference among them
 * @param deployedBy id of the actor who staged it
 * @param deployedAt milliseconds since 1970 UTC
 * @param changedAt when the stage last changed
 */
public record DeployedVersion(
        String deployment,
        String version,
        String bundle,
        String digest,
        Stage stage,
        String reason,
        int smokeRows,
        double smokeLargest,
        String deployedBy,
        long deployedAt,
        long changedAt) {

    /** Where a version is in its life at the deployment. */
    public enum Stage {
        STAGED,
        /** Is shown requests whose answers production gives. */
        SHADOW,
        CANARY,
        PRODUCTION,
        /** Was in production right before; loaded, so that a rollback is instant. */
        PREVIOUS,
        RETIRED,
        /** Was abandoned or rolled back; it cannot be deployed here again. */
        REFUSED
    }

    DeployedVersion at(Stage stage, String reason, long now) {
        return new DeployedVersion(
                deployment,
                version,
                bundle,
                digest,
                stage,
                reason,
                smokeRows,
                smokeLargest,
                deployedBy,
                deployedAt,
                now);
    }
}

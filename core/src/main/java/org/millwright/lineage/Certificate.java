package org.millwright.lineage;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.millwright.kernel.Problem;

/**
 * A signed statement about an asset.
 *
 * @param subject asset reference, such as {@code model:flight-delays/1}
 * @param root digest over all files of its folder, hex SHA-256
 * @param statement hex SHA-256 of the signed statement, kept as an artifact
 * @param key hint of the key that signed it
 * @param authenticated whether who asked for it had shown credentials
 * @param at milliseconds since the epoch
 * @param revocation why it counts no more, if it was revoked
 */
public record Certificate(
        String subject,
        String root,
        String statement,
        String key,
        String actor,
        boolean authenticated,
        long at,
        Optional<Revocation> revocation) {
    /**
     * The end of a certificate.
     *
     * @param by id of who revoked it
     * @param at milliseconds since the epoch
     */
    public record Revocation(String reason, String by, long at) {}

    /** Why a version whose certificate expired is not deployed anew. */
    public static Problem.Refused expired(String subject, Instant until) {
        String version = subject.substring(subject.indexOf(':') + 1);
        return new Problem.Refused(
                "The certificate of " + subject + " expired at " + until.truncatedTo(ChronoUnit.SECONDS)
                        + ": what serves it goes on, but it is not deployed anew",
                "mw model certify " + version + " checks it again and renews the certificate.");
    }
}

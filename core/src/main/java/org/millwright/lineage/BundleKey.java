package org.millwright.lineage;

import java.util.Locale;
import java.util.Optional;
import org.millwright.scoring.signing.TrustedKey;

/**
 * A key that signs or signed bundles and certificates; its public half is kept for good.
 *
 * @param place file name of its private half beside the first key, or what holds it
 * @param createdAt milliseconds since the epoch, as the other times
 * @param retiredAt when another took its place
 */
public record BundleKey(
        String hint,
        String pem,
        String place,
        long createdAt,
        Optional<Long> retiredAt,
        Optional<Revocation> revocation) {
    /**
     * The end of trust.
     *
     * @param from what was signed before it stays trusted, if the ledger knew of it by then
     */
    public record Revocation(long from, String reason, String by, long at) {}

    /** Whether it may sign. */
    public enum State {
        CURRENT,
        RETIRED,
        REVOKED;

        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public State state() {
        return revocation.isPresent() ? State.REVOKED : retiredAt.isPresent() ? State.RETIRED : State.CURRENT;
    }

    public String ref() {
        return "key:" + hint;
    }

    TrustedKey trusted() {
        return TrustedKey.fromPem(pem);
    }
}

package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import org.millwright.scoring.signing.Dsse;
import org.millwright.scoring.signing.TrustedKey;
import org.millwright.scoring.signing.Untrusted;
import org.millwright.scoring.sigstore.KeylessBundle;

/** Whose signatures are believed: of these keys, and of this identity. */
record SignatureTrust(List<TrustedKey> keys, Optional<KeylessBundle.Expected> expected) {
    /** What was signed, and by whom: a key's hint, or an identity and when. */
    record Signed(byte[] payload, String by) {}

    /** Verifies a bundle by what fits it; throws {@link Untrusted}. */
    Signed verify(JsonNode bundle) {
        if (expected.isPresent() && (keys.isEmpty() || KeylessBundle.is(bundle))) {
            KeylessBundle.Verified verified = KeylessBundle.verify(bundle, expected.get());
            return new Signed(
                    verified.payload(),
                    verified.identity() + ", " + verified.at() + ", log entry " + verified.logIndex());
        }
        if (KeylessBundle.is(bundle)) {
            throw new Untrusted(
                    "it was signed by an identity, not with a key: give --trust-root, --identity and --issuer");
        }
        Dsse.Verified verified = Dsse.verify(bundle, keys);
        return new Signed(verified.payload(), verified.key().hint());
    }
}

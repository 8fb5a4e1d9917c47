package org.millwright.sigstore;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import org.millwright.kernel.Problem;
import org.millwright.scoring.signing.Dsse;
import org.millwright.scoring.signing.ModelSigning;
import org.millwright.scoring.signing.SigningKey;
import org.millwright.scoring.signing.Untrusted;
import org.millwright.scoring.sigstore.KeylessBundle;
import org.millwright.scoring.sigstore.LogEntry;
import org.millwright.scoring.sigstore.SigningCertificate;
import org.millwright.scoring.sigstore.TrustRoot;

/** Signs with a key that exists for one signature only, certified for an identity and entered into a transparency log. */
public final class KeylessSigning {
    private final CertificateAuthority authority;
    private final TransparencyLog log;
    private final TrustRoot root;

    public KeylessSigning(Service authority, Service log, TrustRoot root) {
        this.authority = new CertificateAuthority(authority);
        this.log = new TransparencyLog(log, root);
        this.root = root;
    }

    /** A bundle over the statement, verified as others will verify it, and who signed it. */
    public record Signed(ObjectNode bundle, KeylessBundle.Verified verified) {}

    /** Signs every file of a folder; the signature, when it lies in there, is left out. */
    public Signed sign(Path folder, Path signature, IdentityToken token) {
        Signed signed = sign(ModelSigning.unsigned(folder, signature).payload(), token);
        ModelSigning.write(folder, signature, signed.bundle());
        return signed;
    }

    /** Signs the JSON text of an in-toto statement. */
    public Signed sign(byte[] statement, IdentityToken token) {
        try {
            SigningKey key = SigningKey.generate();
            SigningCertificate certificate = authority.certify(key, token);
            ObjectNode envelope = Dsse.envelope(statement, key);
            LogEntry entry = log.enter(envelope, certificate);
            ObjectNode bundle = KeylessBundle.of(envelope, certificate, entry);
            String identity = certificate.identities().isEmpty()
                    ? ""
                    : certificate.identities().getFirst();
            return new Signed(
                    bundle,
                    KeylessBundle.verify(bundle, new KeylessBundle.Expected(root, identity, certificate.issuer())));
        } catch (IOException e) {
            throw new Problem.Unavailable("Nothing was signed: " + e.getMessage(), "Try again later.", e);
        } catch (Untrusted e) {
            throw new Problem.Refused(
                    "Nothing was signed: the services' answers do not verify: " + e.getMessage(),
                    "Compare the trusted root with the services that were asked.");
        }
    }
}

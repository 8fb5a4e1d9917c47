package org.millwright.sigstore;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Base64;
import org.millwright.kernel.Json;
import org.millwright.scoring.signing.Signer;
import org.millwright.scoring.signing.Untrusted;
import org.millwright.scoring.sigstore.LogEntry;
import org.millwright.scoring.sigstore.LoggedDigest;
import org.millwright.scoring.sigstore.SigningCertificate;
import org.millwright.scoring.sigstore.TrustRoot;

/** A Rekor-compatible log (API v1); what it answers is believed only as far as its key proves it. */
public final class TransparencyLog {
    private static final String ENTRIES = "/api/v1/log/entries";

    private final Service service;
    private final TrustRoot root;

    public TransparencyLog(Service service, TrustRoot root) {
        this.service = service;
        this.root = root;
    }

    /** What the log said of a digest: its name of the entry, and the bundle that proves it. */
    public record Entered(String uuid, ObjectNode bundle, LogEntry entry) {}

    /** Enters the digest of the bytes, signed with the key: the bytes themselves stay here. */
    public Entered enter(byte[] bytes, Signer key) throws IOException {
        byte[] signature = key.sign(bytes);
        JsonNode answer = service.post(ENTRIES, LoggedDigest.proposal(bytes, signature, key.trusted()));
        try {
            LogEntry entry = LogEntry.ofAnswer(answer);
            ObjectNode bundle = LoggedDigest.bundle(bytes, signature, key.trusted(), entry);
            LoggedDigest.verify(bytes, bundle, root);
            return new Entered(answer.fieldNames().next(), bundle, entry);
        } catch (Untrusted e) {
            throw notBelieved(e);
        }
    }

    /** Enters the digest of a signed envelope's payload, its signature and the certificate of who signed. */
    LogEntry enter(ObjectNode envelope, SigningCertificate certificate) throws IOException {
        ObjectNode proposal = Json.object().put("apiVersion", "0.0.1").put("kind", "dsse");
        ObjectNode content = proposal.putObject("spec").putObject("proposedContent");
        content.put("envelope", Json.write(envelope));
        content.putArray("verifiers").add(Base64.getEncoder().encodeToString(certificate.pem()));
        JsonNode answer = service.post(ENTRIES, proposal);
        try {
            LogEntry entry = LogEntry.ofAnswer(answer);
            entry.verify(root);
            return entry;
        } catch (Untrusted e) {
            throw notBelieved(e);
        }
    }

    private IOException notBelieved(Untrusted e) {
        return new IOException(service.base().getHost() + " is not believed: " + e.getMessage(), e);
    }
}

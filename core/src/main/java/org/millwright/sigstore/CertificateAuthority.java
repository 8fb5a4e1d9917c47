package org.millwright.sigstore;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.util.Base64;
import org.millwright.kernel.Json;
import org.millwright.scoring.signing.Signer;
import org.millwright.scoring.sigstore.SigningCertificate;
import org.millwright.scoring.sigstore.TrustRoot;

/** A Fulcio-compatible authority (API v2): an identity token becomes a certificate of some minutes for a new key. */
public final class CertificateAuthority {
    private static final String PATH = "/api/v2/signingCert";

    private final Service service;

    public CertificateAuthority(Service service) {
        this.service = service;
    }

    /** A certificate for the key, whose owner proves to hold it and to be whom the token says. */
    SigningCertificate certify(Signer key, IdentityToken token) throws IOException {
        ObjectNode asked = Json.object();
        asked.putObject("credentials").put("oidcIdentityToken", token.text());
        ObjectNode request = asked.putObject("publicKeyRequest");
        request.putObject("publicKey")
                .put("algorithm", "ECDSA")
                .put("content", key.trusted().pem());
        byte[] proof = key.sign(token.subject().getBytes(StandardCharsets.UTF_8));
        request.put("proofOfPossession", Base64.getEncoder().encodeToString(proof));
        return certificate(service.post(PATH, asked), key);
    }

    private SigningCertificate certificate(JsonNode answer, Signer key) throws IOException {
        JsonNode chain =
                answer.path("signedCertificateEmbeddedSct").path("chain").path("certificates");
        String host = service.base().getHost();
        if (chain.isEmpty()) {
            throw new IOException(host + " answered without a certificate that holds its timestamp"
                    + " (expected: signedCertificateEmbeddedSct)");
        }
        try {
            var certificate =
                    new SigningCertificate(TrustRoot.certificate(chain.path(0).asText()));
            if (!certificate.key().equals(key.trusted())) {
                throw new IOException(host + " certified another key than the one that was sent");
            }
            return certificate;
        } catch (CertificateException e) {
            throw new IOException(host + " answered with something that is no certificate: " + e.getMessage(), e);
        }
    }
}

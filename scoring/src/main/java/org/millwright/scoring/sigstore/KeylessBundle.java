package org.millwright.scoring.sigstore;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import org.millwright.scoring.signing.Dsse;
import org.millwright.scoring.signing.Untrusted;

/** A Sigstore bundle v0.3 whose statement a short-lived certificate's key signed, with the log's entry that proves when. */
public final class KeylessBundle {
    private static final String KIND = "dsse";
    private static final String VERSION = "0.0.1";
    private static final ObjectMapper JSON = new ObjectMapper();

    private KeylessBundle() {}

    /**
     * Whom to believe.
     *
     * @param identity e-mail address or URI of who signs, exactly
     * @param issuer address of the OpenID Connect issuer that vouches for it, exactly
     */
    public record Expected(TrustRoot root, String identity, String issuer) {}

    /** What was signed, by whom, and when and where the log took it. */
    public record Verified(byte[] payload, String identity, String issuer, Instant at, long logIndex) {}

    /** Whether the bundle is of this kind at all, rather than by a key of one's own. */
    public static boolean is(JsonNode bundle) {
        return bundle.path("verificationMaterial").has("certificate");
    }

    /** Puts a signed envelope together with what proves who signed it and when. */
    public static ObjectNode of(ObjectNode envelope, SigningCertificate certificate, LogEntry entry) {
        ObjectNode bundle = JSON.createObjectNode().put("mediaType", Dsse.MEDIA_TYPE);
        ObjectNode material = bundle.putObject("verificationMaterial");
        material.putObject("certificate").put("rawBytes", Base64.getEncoder().encodeToString(certificate.der()));
        material.putArray("tlogEntries").add(entry.json());
        return bundle.set("dsseEnvelope", envelope);
    }

    /** Checks everything offline; throws {@link Untrusted}, saying what does not hold. */
    public static Verified verify(JsonNode bundle, Expected expected) {
        String type = bundle.path("mediaType").asText();
        if (!type.equals(Dsse.MEDIA_TYPE)) {
            throw new Untrusted("signature file: 'mediaType' is '" + type + "', expected '" + Dsse.MEDIA_TYPE + "'");
        }
        JsonNode material = bundle.path("verificationMaterial");
        JsonNode entries = material.path("tlogEntries");
        if (!is(bundle)) {
            throw new Untrusted("the signature holds no certificate: it was made with a key; verify it with that");
        }
        if (entries.size() != 1) {
            throw new Untrusted("the signature holds " + entries.size()
                    + " entries of a transparency log, expected one: nothing proves when it was made");
        }
        SigningCertificate certificate =
                SigningCertificate.of(decode(material.path("certificate").path("rawBytes"), "rawBytes"));
        LogEntry entry = LogEntry.of(entries.path(0));
        entry.verify(expected.root());
        certificate.requireIssued(expected.root(), entry.at());
        certificate.requireIdentity(expected.identity(), expected.issuer());
        byte[] payload = Dsse.verify(bundle.path("dsseEnvelope"), certificate.key());
        requireSame(entry, bundle.path("dsseEnvelope"), payload, certificate);
        return new Verified(payload, expected.identity(), expected.issuer(), entry.at(), entry.index());
    }

    /** The entry must be about this signature: the log itself takes anyone's. */
    private static void requireSame(LogEntry entry, JsonNode envelope, byte[] payload, SigningCertificate certificate) {
        if (!entry.kind().equals(KIND) || !entry.version().equals(VERSION)) {
            throw new Untrusted("the log's entry is a " + entry.kind() + " " + entry.version() + ", expected " + KIND
                    + " " + VERSION);
        }
        JsonNode spec = entry.content();
        JsonNode signed = spec.path("signatures");
        String hash = HexFormat.of().formatHex(LogKey.sha256(payload));
        String signature = envelope.path("signatures").path(0).path("sig").asText();
        boolean same = spec.path("payloadHash").path("algorithm").asText().equals("sha256")
                && spec.path("payloadHash").path("value").asText().equals(hash)
                && signed.size() == 1
                && signed.path(0).path("signature").asText().equals(signature)
                && isCertificate(signed.path(0).path("verifier"), certificate);
        if (!same) {
            throw new Untrusted("the log's entry is about another signature");
        }
    }

    private static boolean isCertificate(JsonNode verifier, SigningCertificate certificate) {
        byte[] pem = decode(verifier, "verifier");
        String body = new String(pem, StandardCharsets.US_ASCII).replaceAll("-----[A-Z ]+-----|\\s", "");
        return body.equals(Base64.getEncoder().encodeToString(certificate.der()));
    }

    private static byte[] decode(JsonNode node, String field) {
        try {
            return Base64.getDecoder().decode(node.asText());
        } catch (IllegalArgumentException e) {
            throw new Untrusted("signature file: '" + field + "' is not base64", e);
        }
    }
}

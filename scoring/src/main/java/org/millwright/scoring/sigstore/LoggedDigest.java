package org.millwright.scoring.sigstore;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import org.millwright.scoring.signing.Dsse;
import org.millwright.scoring.signing.TrustedKey;
import org.millwright.scoring.signing.Untrusted;

/**
 * The digest of some bytes, signed with a key of one's own and entered into a transparency log: the bytes were there then.
 *
 * <p>It is kept as a Sigstore bundle v0.3 over the bytes, for the public key that the entry holds.
 */
public final class LoggedDigest {
    private static final String KIND = "hashedrekord";
    private static final String VERSION = "0.0.1";
    private static final ObjectMapper JSON = new ObjectMapper();

    private LoggedDigest() {}

    /** What is asked of a log (API v1): that these bytes' digest be entered with this signature. */
    public static ObjectNode proposal(byte[] bytes, byte[] signature, TrustedKey key) {
        ObjectNode entry = JSON.createObjectNode().put("apiVersion", VERSION).put("kind", KIND);
        ObjectNode spec = entry.putObject("spec");
        spec.putObject("data").putObject("hash").put("algorithm", "sha256").put("value", digest(bytes));
        ObjectNode signed =
                spec.putObject("signature").put("content", Base64.getEncoder().encodeToString(signature));
        signed.putObject("publicKey")
                .put("content", Base64.getEncoder().encodeToString(key.pem().getBytes(StandardCharsets.US_ASCII)));
        return entry;
    }

    /** The bundle of what the log answered. */
    public static ObjectNode bundle(byte[] bytes, byte[] signature, TrustedKey key, LogEntry entry) {
        ObjectNode bundle = JSON.createObjectNode().put("mediaType", Dsse.MEDIA_TYPE);
        ObjectNode material = bundle.putObject("verificationMaterial");
        material.putObject("publicKey").put("hint", key.hint());
        material.putArray("tlogEntries").add(entry.json());
        ObjectNode message = bundle.putObject("messageSignature");
        message.putObject("messageDigest")
                .put("algorithm", "SHA2_256")
                .put("digest", Base64.getEncoder().encodeToString(LogKey.sha256(bytes)));
        message.put("signature", Base64.getEncoder().encodeToString(signature));
        return bundle;
    }

    /** Checks, offline, that the bundle's log took the digest of these bytes; throws {@link Untrusted}. */
    public static LogEntry verify(byte[] bytes, JsonNode bundle, TrustRoot root) {
        LogEntry entry = entry(bundle);
        entry.verify(root);
        if (!entry.kind().equals(KIND) || !entry.version().equals(VERSION)) {
            throw new Untrusted("the log's entry is a " + entry.kind() + " " + entry.version() + ", expected " + KIND
                    + " " + VERSION);
        }
        JsonNode spec = entry.content();
        JsonNode hash = spec.path("data").path("hash");
        if (!hash.path("algorithm").asText().equals("sha256")
                || !hash.path("value").asText().equals(digest(bytes))) {
            throw new Untrusted("the log's entry is about the digest "
                    + hash.path("value").asText() + ", not about " + digest(bytes));
        }
        String signature = spec.path("signature").path("content").asText();
        TrustedKey key = key(spec.path("signature").path("publicKey").path("content"));
        if (!signature.equals(bundle.path("messageSignature").path("signature").asText())
                || !key.verifies(bytes, decode(signature))) {
            throw new Untrusted("the log's entry holds another signature than what was sent to it");
        }
        return entry;
    }

    /** The entry that the bundle holds, as it says; throws {@link Untrusted} when it holds none. */
    public static LogEntry entry(JsonNode bundle) {
        JsonNode entries = bundle.path("verificationMaterial").path("tlogEntries");
        if (!bundle.path("mediaType").asText().equals(Dsse.MEDIA_TYPE) || entries.size() != 1) {
            throw new Untrusted("what is kept of the log's answer is no bundle v0.3 with one entry");
        }
        return LogEntry.of(entries.path(0));
    }

    private static TrustedKey key(JsonNode content) {
        try {
            return TrustedKey.fromPem(new String(decode(content.asText()), StandardCharsets.US_ASCII));
        } catch (IllegalArgumentException e) {
            throw new Untrusted("the log's entry holds no P-256 key", e);
        }
    }

    private static byte[] decode(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new Untrusted("the log's entry holds something that is not base64", e);
        }
    }

    private static String digest(byte[] bytes) {
        return HexFormat.of().formatHex(LogKey.sha256(bytes));
    }
}

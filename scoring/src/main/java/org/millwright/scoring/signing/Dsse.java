package org.millwright.scoring.signing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collection;
import org.millwright.scoring.InvalidInput;

/** A signed in-toto statement in a Sigstore bundle: the DSSE envelope and the key's hint. */
public final class Dsse {
    /** What a bundle says that it is. */
    public static final String MEDIA_TYPE = "application/vnd.dev.sigstore.bundle.v0.3+json";

    private static final String PAYLOAD_TYPE = "application/vnd.in-toto+json";
    private static final ObjectMapper JSON = new ObjectMapper();

    private Dsse() {}

    /** Signs the JSON text of a statement. */
    public static ObjectNode sign(byte[] payload, Signer key) {
        ObjectNode bundle = JSON.createObjectNode().put("mediaType", MEDIA_TYPE);
        ObjectNode material = bundle.putObject("verificationMaterial");
        material.putObject("publicKey").put("hint", key.trusted().hint());
        material.putArray("tlogEntries");
        return bundle.set("dsseEnvelope", envelope(payload, key));
    }

    /** The envelope alone: payload and signature. */
    public static ObjectNode envelope(byte[] payload, Signer key) {
        ObjectNode envelope = JSON.createObjectNode();
        envelope.put("payload", Base64.getEncoder().encodeToString(payload)).put("payloadType", PAYLOAD_TYPE);
        envelope.putArray("signatures")
                .addObject()
                .put("sig", Base64.getEncoder().encodeToString(key.sign(encoded(payload))))
                .put("keyid", "");
        return envelope;
    }

    /** The payload and the key that signed it; throws {@link Untrusted}. */
    public static Verified verify(JsonNode bundle, Collection<TrustedKey> keys) {
        expect(bundle.path("mediaType"), MEDIA_TYPE, "mediaType");
        JsonNode envelope = bundle.path("dsseEnvelope");
        String hint = bundle.path("verificationMaterial")
                .path("publicKey")
                .path("hint")
                .asText();
        for (TrustedKey key : keys) {
            if (key.hint().equals(hint)) {
                return new Verified(verify(envelope, key), key);
            }
        }
        throw new Untrusted("signed by key " + InvalidInput.shorten(hint) + ", which is not among the " + keys.size()
                + " trusted keys");
    }

    /** The payload of an envelope that this key signed; throws {@link Untrusted}. */
    public static byte[] verify(JsonNode envelope, TrustedKey key) {
        expect(envelope.path("payloadType"), PAYLOAD_TYPE, "payloadType");
        JsonNode signatures = envelope.path("signatures");
        if (!signatures.isArray() || signatures.size() != 1) {
            throw new Untrusted("the signature file must hold exactly one signature, it holds " + signatures.size());
        }
        byte[] payload = decode(envelope.path("payload"), "payload");
        if (!key.verifies(encoded(payload), decode(signatures.path(0).path("sig"), "sig"))) {
            throw new Untrusted("the signature does not match what was signed: the file was altered");
        }
        return payload;
    }

    /** A verified payload and the key that signed it. */
    public record Verified(byte[] payload, TrustedKey key) {}

    private static void expect(JsonNode node, String expected, String field) {
        if (!expected.equals(node.asText())) {
            throw new Untrusted("signature file: '" + field + "' is '" + InvalidInput.shorten(node.asText())
                    + "', expected '" + expected + "'");
        }
    }

    private static byte[] decode(JsonNode node, String field) {
        try {
            return Base64.getDecoder().decode(node.asText());
        } catch (IllegalArgumentException e) {
            throw new Untrusted("signature file: '" + field + "' is not base64", e);
        }
    }

    private static byte[] encoded(byte[] payload) {
        String head = "DSSEv1 " + PAYLOAD_TYPE.length() + " " + PAYLOAD_TYPE + " " + payload.length + " ";
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(payload);
        return out.toByteArray();
    }
}

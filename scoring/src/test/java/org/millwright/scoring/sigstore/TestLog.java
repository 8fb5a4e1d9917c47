package org.millwright.scoring.sigstore;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Signature;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.millwright.scoring.signing.Dsse;
import org.millwright.scoring.signing.TrustedKey;

/** A transparency log as Rekor is one: a Merkle tree after the definition of RFC 9162, promises and checkpoints with its key. */
final class TestLog {
    private static final String TREE = "1193050959916656";
    private static final ObjectMapper JSON = new ObjectMapper();

    final KeyPair key = TestAuthority.pair();
    private final List<byte[]> leaves = new ArrayList<>();

    /** What the API answers to a proposal, with some of it wrong. */
    ObjectNode enter(JsonNode proposal, Instant at, Lie lie) throws IOException, GeneralSecurityException {
        byte[] body = JSON.writeValueAsBytes(body(proposal, lie));
        byte[] leaf = hash(0, body);
        leaves.add(leaf);
        int index = leaves.size() - 1;
        String logId = hex(LogKey.sha256(key.getPublic().getEncoded()));
        ObjectNode entry = JSON.createObjectNode()
                .put("body", Base64.getEncoder().encodeToString(body))
                .put("integratedTime", at.getEpochSecond())
                .put("logID", logId)
                .put("logIndex", index);
        byte[] promise = TestAuthority.sign(
                entry.toString().getBytes(StandardCharsets.UTF_8),
                lie == Lie.FOREIGN_PROMISE ? TestAuthority.pair() : key);
        ObjectNode verification = entry.putObject("verification");
        verification.put("signedEntryTimestamp", Base64.getEncoder().encodeToString(promise));
        byte[] root = root(leaves);
        ObjectNode proof = verification.putObject("inclusionProof");
        proof.put("checkpoint", checkpoint(root, lie)).put("logIndex", index);
        proof.put("rootHash", hex(root)).put("treeSize", leaves.size());
        var hashes = proof.putArray("hashes");
        path(index, leaves).forEach(hash -> hashes.add(hex(lie == Lie.FOREIGN_PROOF ? hash(1, hash) : hash)));
        ObjectNode answer = JSON.createObjectNode();
        answer.set(TREE + hex(leaf), entry);
        return answer;
    }

    private ObjectNode body(JsonNode proposal, Lie lie) throws IOException, GeneralSecurityException {
        ObjectNode body = JSON.createObjectNode().put("apiVersion", "0.0.1");
        body.put("kind", proposal.path("kind").asText());
        JsonNode spec = proposal.path("spec");
        if (proposal.path("kind").asText().equals("dsse")) {
            return body.set("spec", envelope(spec.path("proposedContent")));
        }
        requireSigned(spec);
        ObjectNode entered = spec.deepCopy();
        if (lie == Lie.OTHER_DIGEST) {
            ((ObjectNode) entered.path("data").path("hash")).put("value", "ab".repeat(32));
        }
        return body.set("spec", entered);
    }

    /** The log takes what carries a valid signature only. */
    private static void requireSigned(JsonNode spec) throws GeneralSecurityException {
        var pem =
                new String(decode(spec.path("signature").path("publicKey").path("content")), StandardCharsets.US_ASCII);
        var verifier = Signature.getInstance("NONEwithECDSA");
        verifier.initVerify(TrustedKey.fromPem(pem).publicKey());
        verifier.update(HexFormat.of()
                .parseHex(spec.path("data").path("hash").path("value").asText()));
        if (!verifier.verify(decode(spec.path("signature").path("content")))) {
            throw new GeneralSecurityException("the signature does not verify");
        }
    }

    private static ObjectNode envelope(JsonNode content) throws IOException, GeneralSecurityException {
        String text = content.path("envelope").asText();
        String verifier = content.path("verifiers").path(0).asText();
        var pem = new String(Base64.getDecoder().decode(verifier), StandardCharsets.US_ASCII);
        JsonNode envelope = JSON.readTree(text);
        byte[] payload = Dsse.verify(envelope, new SigningCertificate(TrustRoot.certificate(pem)).key());
        ObjectNode spec = JSON.createObjectNode();
        spec.putObject("envelopeHash")
                .put("algorithm", "sha256")
                .put("value", hex(LogKey.sha256(text.getBytes(StandardCharsets.UTF_8))));
        spec.putObject("payloadHash").put("algorithm", "sha256").put("value", hex(LogKey.sha256(payload)));
        spec.putArray("signatures")
                .addObject()
                .put(
                        "signature",
                        envelope.path("signatures").path(0).path("sig").asText())
                .put("verifier", verifier);
        return spec;
    }

    private String checkpoint(byte[] root, Lie lie) {
        String text = "log.example - " + TREE + "\n" + leaves.size() + "\n"
                + Base64.getEncoder().encodeToString(lie == Lie.OTHER_TREE ? hash(0, root) : root)
                + "\nTimestamp: 1\n";
        byte[] signature = TestAuthority.sign(
                text.getBytes(StandardCharsets.UTF_8), lie == Lie.FOREIGN_CHECKPOINT ? TestAuthority.pair() : key);
        byte[] line = ByteBuffer.allocate(4 + signature.length)
                .put(LogKey.sha256(key.getPublic().getEncoded()), 0, 4)
                .put(signature)
                .array();
        return text + "\n— log.example " + Base64.getEncoder().encodeToString(line) + "\n";
    }

    /** MTH of RFC 9162, 2.1.1. */
    private static byte[] root(List<byte[]> leaves) {
        if (leaves.size() == 1) {
            return leaves.get(0);
        }
        int k = Integer.highestOneBit(leaves.size() - 1);
        return hash(1, root(leaves.subList(0, k)), root(leaves.subList(k, leaves.size())));
    }

    /** PATH of RFC 9162, 2.1.3.1. */
    private static List<byte[]> path(int index, List<byte[]> leaves) {
        if (leaves.size() == 1) {
            return new ArrayList<>();
        }
        int k = Integer.highestOneBit(leaves.size() - 1);
        boolean left = index < k;
        List<byte[]> path =
                left ? path(index, leaves.subList(0, k)) : path(index - k, leaves.subList(k, leaves.size()));
        path.add(root(left ? leaves.subList(k, leaves.size()) : leaves.subList(0, k)));
        return path;
    }

    private static byte[] hash(int prefix, byte[]... parts) {
        var all = new ByteArrayOutputStream();
        all.write(prefix);
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return LogKey.sha256(all.toByteArray());
    }

    private static byte[] decode(JsonNode base64) {
        return Base64.getDecoder().decode(base64.asText());
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}

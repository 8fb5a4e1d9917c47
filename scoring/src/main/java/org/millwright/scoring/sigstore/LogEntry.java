package org.millwright.scoring.sigstore;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.millwright.scoring.InvalidInput;
import org.millwright.scoring.signing.Untrusted;

/**
 * An entry of a Rekor-compatible log (API v1), with the log's promise and its proof that the entry is in.
 *
 * @param index place in all shards of the log
 * @param logId SHA-256 of the log's key, hex
 * @param integrated when the log took it, in seconds since the epoch
 * @param promise the log's signature over body, time, log and index (signed entry timestamp)
 * @param body what was entered, exactly as the log hashed it
 */
public record LogEntry(
        long index,
        String logId,
        String kind,
        String version,
        long integrated,
        byte[] promise,
        Proof proof,
        byte[] body) {
    private static final int MOST_HASHES = 64;
    private static final int LONGEST_CHECKPOINT = 64 * 1024;
    private static final Base64.Encoder BASE64 = Base64.getEncoder();
    private static final ObjectMapper JSON = new ObjectMapper();

    /** That the entry is in a tree that the log signed; the checkpoint is a signed note. */
    record Proof(long index, long size, byte[] root, List<byte[]> hashes, String checkpoint) {}

    /** Reads an entry of a bundle; {@link Untrusted} when a part is missing or malformed. */
    public static LogEntry of(JsonNode entry) {
        JsonNode proof = entry.path("inclusionProof");
        return new LogEntry(
                number(entry, "logIndex"),
                HexFormat.of().formatHex(bytes(entry.path("logId"), "keyId")),
                text(entry.path("kindVersion"), "kind"),
                text(entry.path("kindVersion"), "version"),
                number(entry, "integratedTime"),
                bytes(entry.path("inclusionPromise"), "signedEntryTimestamp"),
                new Proof(
                        number(proof, "logIndex"),
                        number(proof, "treeSize"),
                        bytes(proof, "rootHash"),
                        hashes(proof, Base64.getDecoder()::decode),
                        text(proof.path("checkpoint"), "envelope")),
                bytes(entry, "canonicalizedBody"));
    }

    /** Reads what the API answers to a new entry: one entry by its UUID, which must name it. */
    public static LogEntry ofAnswer(JsonNode answer) {
        if (!answer.isObject() || answer.size() != 1) {
            throw new Untrusted("the log answered with " + answer.size() + " entries, expected one");
        }
        Map.Entry<String, JsonNode> only = answer.properties().iterator().next();
        JsonNode entry = only.getValue();
        JsonNode proof = entry.path("verification").path("inclusionProof");
        byte[] body = bytes(entry, "body");
        JsonNode kind = body(body);
        var read = new LogEntry(
                number(entry, "logIndex"),
                text(entry, "logID"),
                text(kind, "kind"),
                text(kind, "apiVersion"),
                number(entry, "integratedTime"),
                bytes(entry.path("verification"), "signedEntryTimestamp"),
                new Proof(
                        number(proof, "logIndex"),
                        number(proof, "treeSize"),
                        hex(text(proof, "rootHash")),
                        hashes(proof, LogEntry::hex),
                        text(proof, "checkpoint")),
                body);
        String hash = HexFormat.of().formatHex(Inclusion.leaf(body));
        if (!only.getKey().endsWith(hash)) {
            throw new Untrusted("the log names its entry " + InvalidInput.shorten(only.getKey())
                    + ", but the hash of what it entered is " + hash);
        }
        return read;
    }

    /** The entry as it stands in a bundle. */
    public ObjectNode json() {
        ObjectNode json = JSON.createObjectNode().put("logIndex", Long.toString(index));
        json.putObject("logId").put("keyId", BASE64.encodeToString(hex(logId)));
        json.putObject("kindVersion").put("kind", kind).put("version", version);
        json.put("integratedTime", Long.toString(integrated));
        json.putObject("inclusionPromise").put("signedEntryTimestamp", BASE64.encodeToString(promise));
        ObjectNode included = json.putObject("inclusionProof")
                .put("logIndex", Long.toString(proof.index()))
                .put("rootHash", BASE64.encodeToString(proof.root()))
                .put("treeSize", Long.toString(proof.size()));
        var hashes = included.putArray("hashes");
        proof.hashes().forEach(hash -> hashes.add(BASE64.encodeToString(hash)));
        included.putObject("checkpoint").put("envelope", proof.checkpoint());
        return json.put("canonicalizedBody", BASE64.encodeToString(body));
    }

    /** When the log took the entry. */
    public Instant at() {
        return Instant.ofEpochSecond(integrated);
    }

    /** Checks promise, proof and checkpoint by the log's key; throws {@link Untrusted}, saying what does not hold. */
    public void verify(TrustRoot root) {
        LogKey key = root.log(logId)
                .orElseThrow(() -> new Untrusted("the entry is of the log " + InvalidInput.shorten(logId)
                        + ", which is not among the " + root.logs().size() + " trusted logs"));
        if (!key.period().holds(at())) {
            throw new Untrusted("the entry is of " + at() + ", when the log's key was not trusted");
        }
        if (!key.verifies(promised(), promise)) {
            throw new Untrusted("the log's signed entry timestamp is not by the log's key over this entry");
        }
        if (!Inclusion.holds(Inclusion.leaf(body), proof.index(), proof.size(), proof.hashes(), proof.root())) {
            throw new Untrusted("the log's proof does not lead from entry " + proof.index() + " to the root of its "
                    + proof.size() + " entries");
        }
        verifyCheckpoint(key);
    }

    private void verifyCheckpoint(LogKey key) {
        String note = proof.checkpoint();
        int end = note.indexOf("\n\n");
        List<String> head = note.lines().limit(3).toList();
        if (end < 0 || head.size() < 3 || note.length() > LONGEST_CHECKPOINT) {
            throw new Untrusted("the log's checkpoint is no signed note");
        }
        String text = note.substring(0, end + 1);
        boolean signed = note.substring(end + 2).lines().anyMatch(line -> signs(key, text, line));
        if (!signed) {
            throw new Untrusted("the log's checkpoint is not signed by the log's key");
        }
        if (!head.get(1).equals(Long.toString(proof.size()))
                || !head.get(2).equals(BASE64.encodeToString(proof.root()))) {
            throw new Untrusted("the log's checkpoint signs another tree than its proof leads to");
        }
    }

    private static boolean signs(LogKey key, String text, String line) {
        String[] parts = line.split(" ");
        try {
            return parts.length == 3
                    && parts[0].equals("—")
                    && key.signs(text, Base64.getDecoder().decode(parts[2]));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** What the promise signs: canonical JSON (RFC 8785), which these keys and values are in this order. */
    private byte[] promised() {
        return JSON.createObjectNode()
                .put("body", BASE64.encodeToString(body))
                .put("integratedTime", integrated)
                .put("logID", logId)
                .put("logIndex", index)
                .toString()
                .getBytes(StandardCharsets.UTF_8);
    }

    /** What was entered, as JSON. */
    JsonNode content() {
        JsonNode content = body(body);
        if (!content.path("kind").asText().equals(kind)
                || !content.path("apiVersion").asText().equals(version)) {
            throw new Untrusted("the entry is no " + kind + " " + version);
        }
        return content.path("spec");
    }

    private static JsonNode body(byte[] body) {
        try {
            return JSON.readTree(body);
        } catch (IOException e) {
            throw new Untrusted("what the log entered is no JSON", e);
        }
    }

    private static List<byte[]> hashes(JsonNode proof, java.util.function.Function<String, byte[]> decode) {
        JsonNode all = proof.path("hashes");
        if (all.size() > MOST_HASHES) {
            throw new Untrusted("the log's proof has " + all.size() + " hashes, at most " + MOST_HASHES);
        }
        var hashes = new ArrayList<byte[]>();
        try {
            all.forEach(hash -> hashes.add(decode.apply(hash.asText())));
        } catch (IllegalArgumentException e) {
            throw new Untrusted("a hash of the log's proof cannot be read", e);
        }
        return List.copyOf(hashes);
    }

    private static byte[] hex(String text) {
        try {
            return HexFormat.of().parseHex(text);
        } catch (IllegalArgumentException e) {
            throw new Untrusted("'" + InvalidInput.shorten(text) + "' of the log's answer is not hexadecimal", e);
        }
    }

    /** A whole number, which a bundle writes as text. */
    private static long number(JsonNode node, String field) {
        String text = node.path(field).asText();
        if (!text.matches("[0-9]{1,18}")) {
            throw missing(field, text);
        }
        return Long.parseLong(text);
    }

    private static String text(JsonNode node, String field) {
        JsonNode value = node.path(field);
        if (!value.isTextual() || value.asText().isEmpty()) {
            throw missing(field, value.toString());
        }
        return value.asText();
    }

    private static byte[] bytes(JsonNode node, String field) {
        try {
            return Base64.getDecoder().decode(text(node, field));
        } catch (IllegalArgumentException e) {
            throw missing(field, node.path(field).asText());
        }
    }

    private static Untrusted missing(String field, String found) {
        return new Untrusted(
                "the log's entry has no valid '" + field + "': it is '" + InvalidInput.shorten(found) + "'");
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LogEntry that && logId.equals(that.logId) && Arrays.equals(body, that.body);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(body);
    }
}

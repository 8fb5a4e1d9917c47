package org.millwright.evidence;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.millwright.scoring.signing.Untrusted;

/** A signed checkpoint that a stranger believes by its verifier key, and proofs that entries are in the log that it signs. */
final class LogProof {
    private static final int ED25519 = 1;
    private static final int RAW_KEY = 32;
    /** What stands before the raw bytes of an Ed25519 key in its X.509 form. */
    private static final byte[] X509 = HexFormat.of().parseHex("302a300506032b6570032100");

    private static final String FORMAT = "c2sp.org/tlog-proof@v1";

    private final String name;
    private final byte[] id;
    private final PublicKey key;

    private LogProof(String name, byte[] id, PublicKey key) {
        this.name = name;
        this.id = id;
        this.key = key;
    }

    /** Reads {@code NAME+HASH+KEY}, as signed notes write it. */
    static LogProof by(String verifierKey) {
        String[] parts = verifierKey.strip().split("\\+", 3);
        try {
            byte[] typed = parts.length == 3 ? Base64.getDecoder().decode(parts[2]) : new byte[0];
            if (typed.length != 1 + RAW_KEY || typed[0] != ED25519) {
                throw new Untrusted("the log's key is no Ed25519 verifier key");
            }
            byte[] encoded = Arrays.copyOf(X509, X509.length + RAW_KEY);
            System.arraycopy(typed, 1, encoded, X509.length, RAW_KEY);
            PublicKey key = KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
            byte[] id = Arrays.copyOf(sha256((parts[0] + "\n").getBytes(StandardCharsets.UTF_8), typed), 4);
            if (!HexFormat.of().formatHex(id).equals(parts[1])) {
                throw new Untrusted("the log's key does not fit its own hash");
            }
            return new LogProof(parts[0], id, key);
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            throw new Untrusted("the log's key cannot be read: " + e.getMessage(), e);
        }
    }

    /** What a checkpoint signs. */
    record Signed(long size, byte[] root) {}

    /** The checkpoint's size and root, once its signature holds. */
    Signed open(String note) {
        int end = note.indexOf("\n\n");
        String mark = "\n— " + name + " ";
        int at = end < 0 ? -1 : note.indexOf(mark, end);
        if (at < 0) {
            throw new Untrusted("the checkpoint is not signed by " + name);
        }
        String line = note.substring(at + mark.length()).lines().findFirst().orElse("");
        try {
            byte[] both = Base64.getDecoder().decode(line);
            Signature verifier = Signature.getInstance("Ed25519");
            verifier.initVerify(key);
            verifier.update(note.substring(0, end + 1).getBytes(StandardCharsets.UTF_8));
            if (both.length <= 4
                    || !Arrays.equals(id, Arrays.copyOf(both, 4))
                    || !verifier.verify(Arrays.copyOfRange(both, 4, both.length))) {
                throw new Untrusted("the checkpoint's signature does not hold");
            }
            String[] lines = note.substring(0, end).split("\n", -1);
            if (lines.length < 3 || !lines[0].equals(name)) {
                throw new Untrusted("the checkpoint is about another log than " + name);
            }
            return new Signed(Long.parseLong(lines[1]), Base64.getDecoder().decode(lines[2]));
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            throw new Untrusted("the checkpoint cannot be read: " + e.getMessage(), e);
        }
    }

    /** Refuses a leaf that the proof does not lead from to a signed root; returns its index. */
    long requireIncluded(byte[] leaf, String proof) {
        int blank = proof.indexOf("\n\n");
        List<String> head =
                blank < 0 ? List.of() : proof.substring(0, blank).lines().toList();
        if (head.size() < 2 || !head.get(0).equals(FORMAT) || !head.get(1).startsWith("index ")) {
            throw new Untrusted("it is no " + FORMAT);
        }
        Signed signed = open(proof.substring(blank + 2));
        try {
            long index = Long.parseLong(head.get(1).substring("index ".length()));
            List<byte[]> path = head.subList(2, head.size()).stream()
                    .map(hash -> Base64.getDecoder().decode(hash))
                    .toList();
            if (index < 0
                    || index >= signed.size()
                    || !Arrays.equals(root(leaf, index, signed.size(), path), signed.root())) {
                throw new Untrusted("the entry is not the one in the signed log");
            }
            return index;
        } catch (IllegalArgumentException e) {
            throw new Untrusted("it cannot be read: " + e.getMessage(), e);
        }
    }

    /** RFC 9162, 2.1.3.2. */
    private static byte[] root(byte[] leaf, long index, long size, List<byte[]> path) {
        byte[] hash = sha256(new byte[] {0}, leaf);
        long position = index;
        long last = size - 1;
        for (byte[] sibling : path) {
            if (last == 0) {
                throw new Untrusted("the proof is too long");
            }
            if ((position & 1) == 1 || position == last) {
                hash = sha256(new byte[] {1}, sibling, hash);
                while ((position & 1) == 0 && position != 0) {
                    position >>= 1;
                    last >>= 1;
                }
            } else {
                hash = sha256(new byte[] {1}, hash, sibling);
            }
            position >>= 1;
            last >>= 1;
        }
        if (last != 0) {
            throw new Untrusted("the proof is too short");
        }
        return hash;
    }

    private static byte[] sha256(byte[]... parts) {
        MessageDigest digest = Pack.sha256();
        for (byte[] part : parts) {
            digest.update(part);
        }
        return digest.digest();
    }
}

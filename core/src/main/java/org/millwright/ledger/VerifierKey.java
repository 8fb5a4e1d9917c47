package org.millwright.ledger;

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
import org.millwright.kernel.Problem;

/** The public half of a key that signs notes (C2SP signed-note, Ed25519); written {@code NAME+ID+KEY}. */
public final class VerifierKey {
    static final int RAW_KEY = 32;
    private static final int ID = 4;
    private static final byte[] X509 = HexFormat.of().parseHex("302a300506032b6570032100");

    private final String name;
    private final byte[] raw;
    private final PublicKey key;

    VerifierKey(String name, byte[] raw) {
        this.name = name;
        this.raw = raw.clone();
        byte[] encoded = Arrays.copyOf(X509, X509.length + RAW_KEY);
        System.arraycopy(raw, 0, encoded, X509.length, RAW_KEY);
        try {
            this.key = KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
        } catch (GeneralSecurityException e) {
            throw new Problem.Invalid("The key of " + name + " is no Ed25519 key: " + e.getMessage());
        }
    }

    /** Reads a key as {@code golang.org/x/mod/sumdb/note} writes it. */
    public static VerifierKey parse(String text) {
        String[] parts = text.strip().split("\\+", 3);
        try {
            byte[] both = parts.length == 3 ? Base64.getDecoder().decode(parts[2]) : new byte[0];
            if (both.length == 1 + RAW_KEY && both[0] == 1) {
                var key = new VerifierKey(parts[0], Arrays.copyOfRange(both, 1, both.length));
                if (HexFormat.of().formatHex(key.id()).equals(parts[1])) {
                    return key;
                }
            }
        } catch (IllegalArgumentException e) {
            // said below
        }
        String shown = text.strip().substring(0, Math.min(100, text.strip().length()));
        throw new Problem.Invalid(
                "'" + shown + "' is no verifier key (expected: NAME+ID+KEY as in vkey.txt)",
                "mw ledger key shows the one of a server.");
    }

    public String name() {
        return name;
    }

    /** Four bytes that tell keys apart, in hex. */
    public String fingerprint() {
        return HexFormat.of().formatHex(id());
    }

    public String text() {
        var both = new byte[1 + RAW_KEY];
        both[0] = 1;
        System.arraycopy(raw, 0, both, 1, RAW_KEY);
        return name + "+" + fingerprint() + "+" + Base64.getEncoder().encodeToString(both);
    }

    byte[] id() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update((name + "\n").getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 1);
            digest.update(raw);
            return Arrays.copyOf(digest.digest(), ID);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether the note carries a valid signature of this key. */
    public boolean verifies(String note) {
        int end = note.indexOf("\n\n");
        if (end < 0) {
            return false;
        }
        String mark = "— " + name + " ";
        byte[] text = note.substring(0, end + 1).getBytes(StandardCharsets.UTF_8);
        return note.substring(end + 2)
                .lines()
                .filter(line -> line.startsWith(mark))
                .anyMatch(line -> isSignature(line.substring(mark.length()), text));
    }

    private boolean isSignature(String base64, byte[] text) {
        try {
            byte[] both = Base64.getDecoder().decode(base64);
            if (both.length <= ID || !Arrays.equals(id(), Arrays.copyOf(both, ID))) {
                return false;
            }
            Signature verifier = Signature.getInstance("Ed25519");
            verifier.initVerify(key);
            verifier.update(text);
            return verifier.verify(Arrays.copyOfRange(both, ID, both.length));
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            return false;
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof VerifierKey key && key.text().equals(text());
    }

    @Override
    public int hashCode() {
        return text().hashCode();
    }

    @Override
    public String toString() {
        return text();
    }
}

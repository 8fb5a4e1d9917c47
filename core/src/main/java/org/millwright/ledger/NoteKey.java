package org.millwright.ledger;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;

/** The Ed25519 key that signs checkpoints in the signed-note format (C2SP). */
public final class NoteKey {
    private static final int RAW_KEY = 32;

    private final String name;
    private final PrivateKey secret;
    private final byte[] raw;
    private final PublicKey open;

    private NoteKey(String name, KeyPair pair) {
        this.name = name;
        this.secret = pair.getPrivate();
        this.open = pair.getPublic();
        byte[] encoded = pair.getPublic().getEncoded();
        this.raw = Arrays.copyOfRange(encoded, encoded.length - RAW_KEY, encoded.length);
    }

    /** Reads the key at {@code file} (two base64 lines: PKCS#8 secret, X.509 public), or makes one, readable by its owner only. */
    public static NoteKey open(Path file, String name) {
        try {
            if (Files.exists(file)) {
                var lines = Files.readAllLines(file, StandardCharsets.US_ASCII);
                var factory = KeyFactory.getInstance("Ed25519");
                var decoder = Base64.getDecoder();
                return new NoteKey(
                        name,
                        new KeyPair(
                                factory.generatePublic(new X509EncodedKeySpec(decoder.decode(lines.get(1)))),
                                factory.generatePrivate(new PKCS8EncodedKeySpec(decoder.decode(lines.get(0))))));
            }
            KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
            Files.createDirectories(file.getParent());
            var encoder = Base64.getEncoder();
            String text = encoder.encodeToString(pair.getPrivate().getEncoded()) + "\n"
                    + encoder.encodeToString(pair.getPublic().getEncoded()) + "\n";
            if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            }
            Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            return new NoteKey(name, pair);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("The ledger key " + file + " cannot be read", e);
        }
    }

    /** The log's name, first line of its checkpoints. */
    public String name() {
        return name;
    }

    /** The verifier key as {@code golang.org/x/mod/sumdb/note} writes it. */
    public String verifierKey() {
        byte[] id = id();
        var key = new byte[1 + RAW_KEY];
        key[0] = 1;
        System.arraycopy(raw, 0, key, 1, RAW_KEY);
        return name + "+" + java.util.HexFormat.of().formatHex(id) + "+"
                + Base64.getEncoder().encodeToString(key);
    }

    /** The text with its signature line. */
    String sign(String text) {
        try {
            Signature signer = Signature.getInstance("Ed25519");
            signer.initSign(secret);
            signer.update(text.getBytes(StandardCharsets.UTF_8));
            byte[] signature = signer.sign();
            var both = new byte[4 + signature.length];
            System.arraycopy(id(), 0, both, 0, 4);
            System.arraycopy(signature, 0, both, 4, signature.length);
            return text + "\n— " + name + " " + Base64.getEncoder().encodeToString(both) + "\n";
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether the note carries this key's valid signature. */
    boolean verifies(String note) {
        int end = note.indexOf("\n\n");
        String mark = "\n— " + name + " ";
        int at = note.indexOf(mark, Math.max(0, end));
        if (end < 0 || at < 0) {
            return false;
        }
        try {
            String line = note.substring(at + mark.length()).lines().findFirst().orElse("");
            byte[] both = Base64.getDecoder().decode(line);
            Signature verifier = Signature.getInstance("Ed25519");
            verifier.initVerify(open);
            verifier.update(note.substring(0, end + 1).getBytes(StandardCharsets.UTF_8));
            return both.length > 4
                    && Arrays.equals(id(), Arrays.copyOf(both, 4))
                    && verifier.verify(Arrays.copyOfRange(both, 4, both.length));
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            return false;
        }
    }

    private byte[] id() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update((name + "\n").getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 1);
            digest.update(raw);
            return Arrays.copyOf(digest.digest(), 4);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}

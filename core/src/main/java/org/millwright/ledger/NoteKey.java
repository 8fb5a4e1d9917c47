package org.millwright.ledger;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/** The Ed25519 key that signs checkpoints in the signed-note format (C2SP), in a file of its own. */
public final class NoteKey {
    private final Path file;
    private final PrivateKey secret;
    private final VerifierKey open;

    private NoteKey(Path file, String name, KeyPair pair) {
        this.file = file;
        this.secret = pair.getPrivate();
        byte[] encoded = pair.getPublic().getEncoded();
        this.open = new VerifierKey(
                name, Arrays.copyOfRange(encoded, encoded.length - VerifierKey.RAW_KEY, encoded.length));
    }

    /** Reads the key at {@code file} (two base64 lines: PKCS#8 secret, X.509 public), or makes one, readable by its owner only. */
    public static NoteKey open(Path file, String name) {
        return Files.exists(file) ? read(file, name) : make(file, name);
    }

    private static NoteKey read(Path file, String name) {
        try {
            var lines = Files.readAllLines(file, StandardCharsets.US_ASCII);
            var factory = KeyFactory.getInstance("Ed25519");
            var decoder = Base64.getDecoder();
            return new NoteKey(
                    file,
                    name,
                    new KeyPair(
                            factory.generatePublic(new X509EncodedKeySpec(decoder.decode(lines.get(1)))),
                            factory.generatePrivate(new PKCS8EncodedKeySpec(decoder.decode(lines.get(0))))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException | IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new IllegalStateException("The ledger key " + file + " cannot be read", e);
        }
    }

    private static NoteKey make(Path file, String name) {
        try {
            KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
            Files.createDirectories(file.toAbsolutePath().getParent());
            var encoder = Base64.getEncoder();
            String text = encoder.encodeToString(pair.getPrivate().getEncoded()) + "\n"
                    + encoder.encodeToString(pair.getPublic().getEncoded()) + "\n";
            Files.deleteIfExists(file);
            if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            }
            Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            return new NoteKey(file, name, pair);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A new key that waits beside this one to take its place. */
    NoteKey successor() {
        return make(waiting(), name());
    }

    /** The key that waits to take this one's place: a change of keys that was interrupted. */
    Optional<NoteKey> waitingSuccessor() {
        return Files.exists(waiting()) ? Optional.of(read(waiting(), name())) : Optional.empty();
    }

    private Path waiting() {
        return file.resolveSibling(file.getFileName() + ".next");
    }

    /** Puts the key that waits in this one's place, whose secret is then gone. */
    NoteKey succeed(NoteKey next) {
        try {
            Files.move(next.file, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return read(file, name());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path file() {
        return file;
    }

    /** The log's name, first line of its checkpoints. */
    public String name() {
        return open.name();
    }

    /** The public half. */
    public VerifierKey open() {
        return open;
    }

    /** The verifier key as {@code golang.org/x/mod/sumdb/note} writes it. */
    public String verifierKey() {
        return open.text();
    }

    /** The text with its signature line. */
    String sign(String text) {
        try {
            Signature signer = Signature.getInstance("Ed25519");
            signer.initSign(secret);
            signer.update(text.getBytes(StandardCharsets.UTF_8));
            byte[] signature = signer.sign();
            var both = new byte[4 + signature.length];
            System.arraycopy(open.id(), 0, both, 0, 4);
            System.arraycopy(signature, 0, both, 4, signature.length);
            return text + "\n— " + name() + " " + Base64.getEncoder().encodeToString(both) + "\n";
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether the note carries this key's valid signature. */
    boolean verifies(String note) {
        return open.verifies(note);
    }
}

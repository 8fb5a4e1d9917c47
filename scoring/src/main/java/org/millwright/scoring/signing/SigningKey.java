package org.millwright.scoring.signing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Optional;

/** A P-256 key pair in memory or in a file. */
public final class SigningKey implements Signer {
    private static final String LABEL = "PRIVATE KEY";

    private final PrivateKey key;
    private final TrustedKey trusted;

    private SigningKey(PrivateKey key, TrustedKey trusted) {
        this.key = key;
        this.trusted = trusted;
    }

    public static SigningKey generate() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return of(generator.generateKeyPair());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK cannot make P-256 keys", e);
        }
    }

    /** Throws IllegalArgumentException when the two keys are not a P-256 pair. */
    public static SigningKey of(KeyPair pair) {
        SigningKey key = new SigningKey(pair.getPrivate(), new TrustedKey(pair.getPublic()));
        byte[] probe = {1};
        if (!key.trusted.verifies(probe, key.sign(probe))) {
            throw new IllegalArgumentException("the private key does not belong to the public key");
        }
        return key;
    }

    /** Reads an unencrypted PKCS#8 private key and its public key, both as PEM text. */
    public static SigningKey fromPem(String privatePem, String publicPem) {
        try {
            PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(Pem.read(LABEL, privatePem));
            PrivateKey key = KeyFactory.getInstance("EC").generatePrivate(spec);
            return of(new KeyPair(TrustedKey.fromPem(publicPem).publicKey(), key));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("not a PKCS#8 P-256 private key: " + e.getMessage(), e);
        }
    }

    /**
     * Opens the key in {@code file} (PKCS#8 PEM, readable by its owner only) with its public half in {@code file.pub};
     * makes both when there is neither.
     */
    public static SigningKey open(Path file) {
        Path publicFile = file.resolveSibling(file.getFileName() + ".pub");
        try {
            if (Files.exists(file)) {
                return fromPem(Files.readString(file), Files.readString(publicFile));
            }
            SigningKey key = generate();
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(publicFile, key.trusted().pem());
            Path part = file.resolveSibling(file.getFileName() + ".part");
            Files.deleteIfExists(part);
            Files.createFile(part, ownerOnly(file));
            Files.writeString(part, key.privatePem());
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
            return key;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read or make the signing key " + file, e);
        }
    }

    private static FileAttribute<?>[] ownerOnly(Path file) {
        boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
        return posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    /** The private key as PKCS#8 PEM text: keep it secret. */
    public String privatePem() {
        return Pem.write(LABEL, key.getEncoded());
    }

    @Override
    public TrustedKey trusted() {
        return trusted;
    }

    @Override
    public byte[] sign(byte[] data) {
        return sign(key, data, Optional.empty());
    }

    /** Signs with a key that its own provider may hold. */
    /** @param by whose keys others cannot use: nobody looks for a signature at a provider that is not installed */
    static byte[] sign(PrivateKey key, byte[] data, Optional<Provider> by) {
        try {
            Signature signer = by.isPresent()
                    ? Signature.getInstance("SHA256withECDSA", by.get())
                    : Signature.getInstance("SHA256withECDSA");
            signer.initSign(key);
            signer.update(data);
            return signer.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("the key cannot sign: " + e.getMessage(), e);
        }
    }
}

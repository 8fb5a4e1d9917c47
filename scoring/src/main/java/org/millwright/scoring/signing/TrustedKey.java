package org.millwright.scoring.signing;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.ECPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;

/** A public P-256 key whose signatures are believed. */
public final class TrustedKey {
    private static final String LABEL = "PUBLIC KEY";
    private static final int BITS = 256;

    private final PublicKey key;

    /** Throws IllegalArgumentException when the key is not on the curve P-256. */
    public TrustedKey(PublicKey key) {
        if (!(key instanceof ECPublicKey ec) || ec.getParams().getOrder().bitLength() != BITS) {
            throw new IllegalArgumentException("expected a P-256 public key, got " + key.getAlgorithm());
        }
        this.key = key;
    }

    public static TrustedKey fromPem(String pem) {
        try {
            X509EncodedKeySpec spec = new X509EncodedKeySpec(Pem.read(LABEL, pem));
            return new TrustedKey(KeyFactory.getInstance("EC").generatePublic(spec));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("not a P-256 public key: " + e.getMessage(), e);
        }
    }

    public String pem() {
        return Pem.write(LABEL, key.getEncoded());
    }

    /** What names the key in a signature: the hex SHA-256 of its PEM text. */
    public String hint() {
        return sha256(pem().getBytes(StandardCharsets.US_ASCII));
    }

    public PublicKey publicKey() {
        return key;
    }

    /** Whether the signature (ECDSA with SHA-256, DER) over the data is by this key. */
    public boolean verifies(byte[] data, byte[] signature) {
        try {
            Signature verifier = Signature.getInstance("SHA256withECDSA");
            verifier.initVerify(key);
            verifier.update(data);
            return verifier.verify(signature);
        } catch (SignatureException e) {
            return false;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK cannot verify ECDSA signatures", e);
        }
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no SHA-256", e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TrustedKey that && key.equals(that.key);
    }

    @Override
    public int hashCode() {
        return key.hashCode();
    }
}

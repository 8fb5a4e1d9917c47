package org.millwright.scoring.sigstore;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.ECPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * The public key of a log, and when it signed.
 *
 * @param id SHA-256 of the key's DER, hex: what names the log
 */
record LogKey(String id, PublicKey key, Period period) {
    private static final List<String> KINDS = List.of("EC", "Ed25519");

    /** Reads a key by its DER (SubjectPublicKeyInfo); IllegalArgumentException when it is of no kind that logs sign with. */
    static LogKey of(byte[] der, Period period) {
        for (String kind : KINDS) {
            try {
                PublicKey key = KeyFactory.getInstance(kind).generatePublic(new X509EncodedKeySpec(der));
                return new LogKey(HexFormat.of().formatHex(sha256(der)), key, period);
            } catch (GeneralSecurityException e) {
                // the next kind
            }
        }
        throw new IllegalArgumentException("a log's key is neither ECDSA nor Ed25519");
    }

    boolean verifies(byte[] data, byte[] signature) {
        try {
            Signature verifier = Signature.getInstance(algorithm());
            verifier.initVerify(key);
            verifier.update(data);
            return verifier.verify(signature);
        } catch (SignatureException e) {
            return false;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK cannot verify " + algorithm(), e);
        }
    }

    /** Whether a line of a signed note (after the name) is this key's signature over the text. */
    boolean signs(String text, byte[] keyIdAndSignature) {
        byte[] begin = Arrays.copyOf(HexFormat.of().parseHex(id), 4);
        return keyIdAndSignature.length > 4
                && Arrays.equals(begin, Arrays.copyOf(keyIdAndSignature, 4))
                && verifies(
                        text.getBytes(StandardCharsets.UTF_8),
                        Arrays.copyOfRange(keyIdAndSignature, 4, keyIdAndSignature.length));
    }

    private String algorithm() {
        if (!(key instanceof ECPublicKey ec)) {
            return "Ed25519";
        }
        int bits = ec.getParams().getOrder().bitLength();
        return bits <= 256 ? "SHA256withECDSA" : bits <= 384 ? "SHA384withECDSA" : "SHA512withECDSA";
    }

    static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no SHA-256", e);
        }
    }

    /** From when to when something is trusted; an end may be open. */
    record Period(Instant start, Instant end) {
        static final Period ALWAYS = new Period(Instant.MIN, Instant.MAX);

        boolean holds(Instant at) {
            return !at.isBefore(start) && !at.isAfter(end);
        }
    }
}

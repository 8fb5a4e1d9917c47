package org.millwright.scoring.sigstore;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.millwright.scoring.signing.Untrusted;

/**
 * A signed certificate timestamp inside a certificate (RFC 6962, 3.2): a log's promise to show the certificate to everybody.
 *
 * @param log SHA-256 of the log's key, hex
 */
record Sct(String log, long timestamp, byte[] extensions, byte[] signature) {
    static final String OID = "1.3.6.1.4.1.11129.2.4.2";
    private static final byte[] OID_DER = HexFormat.of().parseHex("2b06010401d679020402");
    private static final int EXTENSIONS = 0xa3;
    private static final int VERSION_1 = 0;
    private static final int PRE_CERTIFICATE = 1;

    /** Requires that one of the root's logs of certificates promised this certificate of that issuer. */
    static void require(X509Certificate certificate, X509Certificate issuer, TrustRoot root) {
        if (root.certificateLogs().isEmpty()) {
            return;
        }
        List<Sct> found = of(certificate);
        if (found.stream().noneMatch(sct -> sct.holds(certificate, issuer, root))) {
            throw new Untrusted("the certificate has no timestamp of a trusted log of certificates (" + found.size()
                    + " in it, " + root.certificateLogs().size() + " logs trusted)");
        }
    }

    private static List<Sct> of(X509Certificate certificate) {
        byte[] value = certificate.getExtensionValue(OID);
        if (value == null) {
            return List.of();
        }
        var list = ByteBuffer.wrap(Der.parse(Der.parse(value).content()).content());
        var all = new ArrayList<Sct>();
        try {
            if (Short.toUnsignedInt(list.getShort()) != list.remaining()) {
                throw new Untrusted("the certificate's timestamps are cut off");
            }
            while (list.hasRemaining()) {
                read(ByteBuffer.wrap(bytes(list))).ifPresent(all::add);
            }
        } catch (BufferUnderflowException e) {
            throw new Untrusted("the certificate's timestamps are cut off", e);
        }
        return all;
    }

    private static Optional<Sct> read(ByteBuffer in) {
        if (in.get() != VERSION_1) {
            return Optional.empty();
        }
        byte[] log = new byte[32];
        in.get(log);
        long timestamp = in.getLong();
        byte[] extensions = bytes(in);
        in.getShort();
        return Optional.of(new Sct(HexFormat.of().formatHex(log), timestamp, extensions, bytes(in)));
    }

    private static byte[] bytes(ByteBuffer in) {
        byte[] bytes = new byte[Short.toUnsignedInt(in.getShort())];
        in.get(bytes);
        return bytes;
    }

    private boolean holds(X509Certificate certificate, X509Certificate issuer, TrustRoot root) {
        byte[] signed = signed(
                timestamp,
                extensions,
                withoutSct(certificate),
                issuer.getPublicKey().getEncoded());
        return root.certificateLogs().stream()
                .anyMatch(key -> key.id().equals(log)
                        && key.period().holds(Instant.ofEpochMilli(timestamp))
                        && key.verifies(signed, signature));
    }

    /** What a log signs about a certificate that is not issued yet. */
    static byte[] signed(long timestamp, byte[] extensions, byte[] toBeSigned, byte[] issuerKey) {
        var out = new ByteArrayOutputStream();
        var head = ByteBuffer.allocate(12).put((byte) VERSION_1).put((byte) 0).putLong(timestamp);
        out.writeBytes(head.putShort((short) PRE_CERTIFICATE).array());
        out.writeBytes(LogKey.sha256(issuerKey));
        out.write(toBeSigned.length >>> 16);
        out.write(toBeSigned.length >>> 8);
        out.write(toBeSigned.length);
        out.writeBytes(toBeSigned);
        out.write(extensions.length >>> 8);
        out.write(extensions.length);
        out.writeBytes(extensions);
        return out.toByteArray();
    }

    /** The part of the certificate that was signed, as it was before the timestamps came in. */
    private static byte[] withoutSct(X509Certificate certificate) {
        try {
            Der whole = Der.parse(certificate.getTBSCertificate());
            var parts = new ArrayList<Der>();
            for (Der part : whole.children()) {
                parts.add(part.tag() == EXTENSIONS ? withoutSct(part) : part);
            }
            return Der.of(whole.tag(), parts.toArray(Der[]::new)).encoded();
        } catch (CertificateEncodingException e) {
            throw new Untrusted("the certificate cannot be read", e);
        }
    }

    private static Der withoutSct(Der extensions) {
        Der[] kept = Der.parse(extensions.content()).children().stream()
                .filter(extension -> !Arrays.equals(extension.children().get(0).content(), OID_DER))
                .toArray(Der[]::new);
        return Der.of(EXTENSIONS, Der.of(Der.SEQUENCE, kept));
    }
}

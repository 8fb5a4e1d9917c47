package org.millwright.scoring.sigstore;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** A root, an authority below it and a log of certificates: issues what Fulcio issues, written by hand in DER. */
final class TestAuthority {
    private static final int INTEGER = 0x02;
    private static final int SET = 0x31;
    private static final int UTC = 0x17;
    private static final String ECDSA_SHA256 = "2a8648ce3d040302";
    private static final String NAME = "550403";
    private static final String FULCIO = "2b0601040183bf3001";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final Instant FROM = Instant.parse("2020-01-01T00:00:00Z");
    private static final Instant TO = Instant.parse("2045-01-01T00:00:00Z");

    private final KeyPair root = pair();
    private final KeyPair issuer = pair();
    final KeyPair timestamps = pair();
    private final List<byte[]> chain = makeChain();
    private int serial = 1;

    /** The issuer's certificate, then the root's. */
    List<byte[]> chain() {
        return chain;
    }

    private List<byte[]> makeChain() {
        Der rootName = name("test root");
        byte[] rootCertificate = signed(
                toBeSigned(
                        rootName, rootName, root.getPublic(), FROM, TO, authority(root.getPublic(), root.getPublic())),
                root);
        byte[] issuerCertificate = signed(
                toBeSigned(
                        rootName,
                        name("test authority"),
                        issuer.getPublic(),
                        FROM,
                        TO,
                        authority(issuer.getPublic(), root.getPublic())),
                root);
        return List.of(issuerCertificate, rootCertificate);
    }

    /** A certificate of ten minutes for the key. */
    byte[] issue(PublicKey key, String identity, String vouching, Instant from) {
        var extensions = new ArrayList<Der>();
        extensions.add(extension("551d0f", true, new Der(Der.BITS, new byte[] {7, (byte) 0x80})));
        extensions.add(extension("551d25", false, Der.of(Der.SEQUENCE, oid("2b06010505070303"))));
        extensions.addAll(keyIds(key, issuer.getPublic()));
        boolean mail = identity.contains("@") && !identity.contains("://");
        Der san = new Der(mail ? 0x81 : 0x86, identity.getBytes(StandardCharsets.UTF_8));
        extensions.add(extension("551d11", true, Der.of(Der.SEQUENCE, san)));
        extensions.add(raw(FULCIO + "01", vouching.getBytes(StandardCharsets.UTF_8)));
        extensions.add(extension(FULCIO + "08", false, new Der(Der.UTF8, vouching.getBytes(StandardCharsets.UTF_8))));
        Instant to = from.plus(Duration.ofMinutes(10));
        int number = ++serial;
        Der plain = toBeSigned(number, name("test authority"), Der.of(Der.SEQUENCE), key, from, to, extensions);
        extensions.add(extension("2b06010401d679020402", false, new Der(Der.OCTETS, sct(plain.encoded(), from))));
        return signed(
                toBeSigned(number, name("test authority"), Der.of(Der.SEQUENCE), key, from, to, extensions), issuer);
    }

    private byte[] sct(byte[] toBeSigned, Instant at) {
        byte[] data = Sct.signed(
                at.toEpochMilli(), new byte[0], toBeSigned, issuer.getPublic().getEncoded());
        byte[] signature = sign(data, timestamps);
        var sct = ByteBuffer.allocate(1 + 32 + 8 + 2 + 4 + signature.length)
                .put((byte) 0)
                .put(LogKey.sha256(timestamps.getPublic().getEncoded()))
                .putLong(at.toEpochMilli())
                .putShort((short) 0)
                .put((byte) 4)
                .put((byte) 3)
                .putShort((short) signature.length)
                .put(signature)
                .array();
        return ByteBuffer.allocate(4 + sct.length)
                .putShort((short) (2 + sct.length))
                .putShort((short) sct.length)
                .put(sct)
                .array();
    }

    private static List<Der> authority(PublicKey key, PublicKey above) {
        var extensions = new ArrayList<Der>();
        extensions.add(extension("551d0f", true, new Der(Der.BITS, new byte[] {1, 6})));
        extensions.add(extension("551d13", true, Der.of(Der.SEQUENCE, new Der(Der.BOOLEAN, new byte[] {(byte) 0xff}))));
        extensions.addAll(keyIds(key, above));
        return extensions;
    }

    private static List<Der> keyIds(PublicKey key, PublicKey above) {
        return List.of(
                extension("551d0e", false, new Der(Der.OCTETS, keyId(key))),
                extension("551d23", false, Der.of(Der.SEQUENCE, new Der(0x80, keyId(above)))));
    }

    private static byte[] keyId(PublicKey key) {
        return Arrays.copyOf(LogKey.sha256(key.getEncoded()), 20);
    }

    private static Der extension(String oid, boolean critical, Der value) {
        Der octets = new Der(Der.OCTETS, value.encoded());
        return critical
                ? Der.of(Der.SEQUENCE, oid(oid), new Der(Der.BOOLEAN, new byte[] {(byte) 0xff}), octets)
                : Der.of(Der.SEQUENCE, oid(oid), octets);
    }

    private static Der raw(String oid, byte[] value) {
        return Der.of(Der.SEQUENCE, oid(oid), new Der(Der.OCTETS, value));
    }

    private static Der toBeSigned(
            Der issuerName, Der subject, PublicKey key, Instant from, Instant to, List<Der> extensions) {
        return toBeSigned(1, issuerName, subject, key, from, to, extensions);
    }

    private static Der toBeSigned(
            int number, Der issuerName, Der subject, PublicKey key, Instant from, Instant to, List<Der> extensions) {
        return Der.of(
                Der.SEQUENCE,
                Der.of(0xa0, integer(2)),
                integer(number),
                algorithm(),
                issuerName,
                Der.of(Der.SEQUENCE, time(from), time(to)),
                subject,
                Der.parse(key.getEncoded()),
                Der.of(0xa3, Der.of(Der.SEQUENCE, extensions.toArray(Der[]::new))));
    }

    private static byte[] signed(Der toBeSigned, KeyPair by) {
        var bits = new ByteArrayOutputStream();
        bits.write(0);
        bits.writeBytes(sign(toBeSigned.encoded(), by));
        return Der.of(Der.SEQUENCE, toBeSigned, algorithm(), new Der(Der.BITS, bits.toByteArray()))
                .encoded();
    }

    private static Der integer(int value) {
        return new Der(INTEGER, BigInteger.valueOf(value).toByteArray());
    }

    private static Der time(Instant at) {
        return new Der(UTC, TIME.format(at).getBytes(StandardCharsets.US_ASCII));
    }

    private static Der algorithm() {
        return Der.of(Der.SEQUENCE, oid(ECDSA_SHA256));
    }

    private static Der name(String text) {
        Der value = new Der(Der.UTF8, text.getBytes(StandardCharsets.UTF_8));
        return Der.of(Der.SEQUENCE, Der.of(SET, Der.of(Der.SEQUENCE, oid(NAME), value)));
    }

    private static Der oid(String hex) {
        return new Der(Der.OID, HexFormat.of().parseHex(hex));
    }

    static KeyPair pair() {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static byte[] sign(byte[] data, KeyPair by) {
        try {
            var signer = Signature.getInstance("SHA256withECDSA");
            signer.initSign(by.getPrivate());
            signer.update(data);
            return signer.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}

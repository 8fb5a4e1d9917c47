package org.millwright.scoring.sigstore;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.millwright.scoring.signing.Untrusted;

/** One value of ASN.1 in DER, as far as certificates need it: tags of one byte, definite lengths. */
record Der(int tag, byte[] content) {
    static final int BOOLEAN = 0x01;
    static final int BITS = 0x03;
    static final int OCTETS = 0x04;
    static final int OID = 0x06;
    static final int UTF8 = 0x0c;
    static final int SEQUENCE = 0x30;

    /** Reads a value that fills the bytes; {@link Untrusted} when it does not. */
    static Der parse(byte[] bytes) {
        List<Der> all = all(bytes);
        if (all.size() != 1) {
            throw broken();
        }
        return all.get(0);
    }

    static Der of(int tag, Der... children) {
        var out = new ByteArrayOutputStream();
        for (Der child : children) {
            out.writeBytes(child.encoded());
        }
        return new Der(tag, out.toByteArray());
    }

    List<Der> children() {
        return all(content);
    }

    private static List<Der> all(byte[] bytes) {
        var found = new ArrayList<Der>();
        int at = 0;
        while (at < bytes.length) {
            int tag = bytes[at] & 0xff;
            if ((tag & 0x1f) == 0x1f || at + 1 >= bytes.length) {
                throw broken();
            }
            int first = bytes[at + 1] & 0xff;
            int begin = at + 2;
            long length = first;
            if (first >= 0x80) {
                int count = first & 0x7f;
                if (count == 0 || count > 4 || begin + count > bytes.length) {
                    throw broken();
                }
                length = 0;
                for (int i = 0; i < count; i++) {
                    length = length << 8 | bytes[begin + i] & 0xff;
                }
                begin += count;
            }
            if (length > bytes.length - begin) {
                throw broken();
            }
            found.add(new Der(tag, Arrays.copyOfRange(bytes, begin, begin + (int) length)));
            at = begin + (int) length;
        }
        return found;
    }

    byte[] encoded() {
        var out = new ByteArrayOutputStream();
        out.write(tag);
        int length = content.length;
        if (length < 0x80) {
            out.write(length);
        } else {
            int count = (32 - Integer.numberOfLeadingZeros(length) + 7) / 8;
            out.write(0x80 | count);
            for (int i = count - 1; i >= 0; i--) {
                out.write(length >>> 8 * i);
            }
        }
        out.writeBytes(content);
        return out.toByteArray();
    }

    private static Untrusted broken() {
        return new Untrusted("the certificate is not well-formed DER");
    }
}

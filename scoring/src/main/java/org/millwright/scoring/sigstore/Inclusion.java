package org.millwright.scoring.sigstore;

import java.util.Arrays;
import java.util.List;

/** The proof of RFC 9162, 2.1.3.2: that a leaf is at a place of a tree with that root. */
final class Inclusion {
    private Inclusion() {}

    static byte[] leaf(byte[] entry) {
        byte[] data = new byte[1 + entry.length];
        System.arraycopy(entry, 0, data, 1, entry.length);
        return LogKey.sha256(data);
    }

    static byte[] node(byte[] left, byte[] right) {
        byte[] data = new byte[1 + left.length + right.length];
        data[0] = 1;
        System.arraycopy(left, 0, data, 1, left.length);
        System.arraycopy(right, 0, data, 1 + left.length, right.length);
        return LogKey.sha256(data);
    }

    static boolean holds(byte[] leafHash, long index, long size, List<byte[]> path, byte[] root) {
        if (index < 0 || index >= size) {
            return false;
        }
        byte[] hash = leafHash;
        long at = index;
        long last = size - 1;
        for (byte[] sibling : path) {
            if (last == 0) {
                return false;
            }
            if ((at & 1) == 1 || at == last) {
                hash = node(sibling, hash);
                while ((at & 1) == 0 && at != 0) {
                    at >>= 1;
                    last >>= 1;
                }
            } else {
                hash = node(hash, sibling);
            }
            at >>= 1;
            last >>= 1;
        }
        return last == 0 && Arrays.equals(hash, root);
    }
}

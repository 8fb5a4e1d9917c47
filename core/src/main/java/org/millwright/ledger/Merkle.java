package org.millwright.ledger;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Hashing and proofs of RFC 6962 / RFC 9162 over a store of complete subtrees.
 *
 * <p>A node {@code (level, pos)} is the root of the leaves {@code [pos·2^level, (pos+1)·2^level)}. All hashes are lower-case
 * hex of SHA-256.
 */
final class Merkle {
    /** Reads the hash of a complete subtree. */
    interface Nodes {
        String get(int level, long pos);
    }

    /** Root of the log without entries. */
    static final String EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private static final HexFormat HEX = HexFormat.of();

    private Merkle() {}

    static String leaf(String text) {
        MessageDigest digest = sha256();
        digest.update((byte) 0);
        return HEX.formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    static String node(String left, String right) {
        MessageDigest digest = sha256();
        digest.update((byte) 1);
        digest.update(HEX.parseHex(left));
        return HEX.formatHex(digest.digest(HEX.parseHex(right)));
    }

    /** Root of the first {@code size} leaves. */
    static String root(Nodes nodes, long size) {
        return size == 0 ? EMPTY : range(nodes, 0, size);
    }

    /** Audit path of leaf {@code index} in the tree of {@code size} leaves, from the leaf up. */
    static List<String> inclusion(Nodes nodes, long index, long size) {
        var path = new ArrayList<String>();
        long begin = 0;
        long end = size;
        while (end - begin > 1) {
            long middle = begin + split(end - begin);
            if (index < middle) {
                path.addFirst(range(nodes, middle, end));
                end = middle;
            } else {
                path.addFirst(range(nodes, begin, middle));
                begin = middle;
            }
        }
        return path;
    }

    /** Proof that the tree of {@code size} leaves extends the one of {@code old} leaves; {@code 0 < old <= size}. */
    static List<String> consistency(Nodes nodes, long old, long size) {
        var path = new ArrayList<String>();
        subproof(nodes, old, 0, size, true, path);
        return path;
    }

    private static void subproof(Nodes nodes, long old, long begin, long end, boolean whole, List<String> path) {
        if (old == end - begin) {
            if (!whole) {
                path.add(range(nodes, begin, end));
            }
            return;
        }
        long k = split(end - begin);
        if (old <= k) {
            subproof(nodes, old, begin, begin + k, whole, path);
            path.add(range(nodes, begin + k, end));
        } else {
            subproof(nodes, old - k, begin + k, end, false, path);
            path.add(range(nodes, begin, begin + k));
        }
    }

    /** Root of the leaves [begin, end), where begin is a multiple of the largest power of two in the range. */
    private static String range(Nodes nodes, long begin, long end) {
        long size = end - begin;
        if (Long.bitCount(size) == 1) {
            int level = Long.numberOfTrailingZeros(size);
            return nodes.get(level, begin >> level);
        }
        long k = split(size);
        return node(range(nodes, begin, begin + k), range(nodes, begin + k, end));
    }

    /** The largest power of two smaller than {@code size}. */
    private static long split(long size) {
        return Long.highestOneBit(size - 1);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
